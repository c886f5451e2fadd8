'use client';
// Owns the choice of the kind of a new account, by vendor: each with what it is for, what it speaks, and its terms.
import type { AccountKind } from '@crs/shared';
import { services } from '@crs/shared';
import { ChevronRight, LogIn, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';
import { Skeleton } from '@/components/ui/skeleton';
import { useKindTexts } from '@/lib/account-kinds';
import { clientName } from '@/lib/client-names';
import { dialectName, serviceNames } from '@/lib/vendor-names';

interface KindPickerProps {
  kinds: readonly AccountKind[];
  onChoose: (kind: AccountKind) => void;
}

export function KindPicker({ kinds, onChoose }: KindPickerProps) {
  const t = useTranslations('accounts');
  if (kinds.length === 0) return <Skeleton className="h-40 w-full" />;
  return (
    <div className="flex flex-col gap-5">
      {services.map((service) => (
        <section key={service} aria-label={serviceNames[service]}>
          <h3 className="mb-1.5 font-semibold text-sm">
            {t('answering', { vendor: serviceNames[service] })}
          </h3>
          <ul className="divide-y divide-line overflow-hidden rounded-card border border-line-strong">
            {kinds
              .filter((kind) => kind.service === service)
              .map((kind) => (
                <li key={kind.kind}>
                  <Choice kind={kind} onChoose={onChoose} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Choice({ kind, onChoose }: { kind: AccountKind; onChoose: (kind: AccountKind) => void }) {
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const about = texts.about(kind);
  const terms = texts.terms(kind);
  return (
    <button
      type="button"
      onClick={() => onChoose(kind)}
      className="group flex w-full items-center gap-3 px-4 py-2.5 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{texts.label(kind)}</span>
          <code className="font-mono text-muted text-xs">{kind.kind}</code>
          {kind.login !== null && <Badge icon={<LogIn />}>{t('signInKind')}</Badge>}
          {kind.defaultClients.length > 0 && (
            <Badge tone="warn">
              {t('onlyClients', { clients: kind.defaultClients.map(clientName).join(', ') })}
            </Badge>
          )}
        </span>
        {about !== null && <span className="mt-0.5 block text-sm text-text-soft">{about}</span>}
        <span className="mt-0.5 block text-muted text-xs">
          {t('speaks', { dialects: kind.dialects.map(dialectName).join(' · ') })}
        </span>
        {terms !== null && (
          <span className="mt-1 flex items-start gap-1.5 text-muted text-xs">
            <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0 text-warn-text" />
            <span className="min-w-0">{terms}</span>
          </span>
        )}
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-muted group-hover:text-text" />
    </button>
  );
}
