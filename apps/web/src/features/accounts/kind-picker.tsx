'use client';
// Owns the choice of the kind of a new account: each with what it is for.
import type { AccountKind } from '@crs/shared';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';
import { Skeleton } from '@/components/ui/skeleton';
import { useKindTexts } from '@/lib/account-kinds';
import { clientName } from '@/lib/client-names';

interface KindPickerProps {
  kinds: readonly AccountKind[];
  onChoose: (kind: AccountKind) => void;
}

export function KindPicker({ kinds, onChoose }: KindPickerProps) {
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  if (kinds.length === 0) return <Skeleton className="h-40 w-full" />;
  return (
    <ul className="flex flex-col gap-2">
      {kinds.map((kind) => (
        <li key={kind.kind}>
          <button
            type="button"
            onClick={() => onChoose(kind)}
            className="group flex w-full items-center gap-3 rounded-card border border-line-strong px-4 py-3 text-left transition-colors hover:border-accent hover:bg-hover"
          >
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-2">
                <span className="font-medium">{texts.label(kind)}</span>
                <code className="font-mono text-muted text-xs">{kind.kind}</code>
                {kind.defaultClients.length > 0 && (
                  <Badge tone="warn">
                    {t('onlyClients', { clients: kind.defaultClients.map(clientName).join(', ') })}
                  </Badge>
                )}
              </span>
              <span className="mt-0.5 block text-muted text-sm">{texts.about(kind)}</span>
            </span>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-muted group-hover:text-text" />
          </button>
        </li>
      ))}
    </ul>
  );
}
