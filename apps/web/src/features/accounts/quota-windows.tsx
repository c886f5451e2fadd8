'use client';
// Owns the vendor's own quota windows: a bar each, with the share used and when it starts anew.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ProgressBar } from '@/components/ui/progress-bar';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { useWindowName } from '@/lib/use-window-name';

interface WindowsProps {
  windows: Account['windows'];
}

/** Windows one below the other, with figures. */
export function QuotaList({ windows }: WindowsProps) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const nameOf = useWindowName();
  const now = useNow(1000);
  return (
    <span className="flex min-w-56 flex-col gap-2">
      {windows.map(({ name, utilization, resetsAt }) => (
        <span key={name} className="flex flex-col gap-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate">{nameOf(name)}</span>
            <span className="font-medium">
              {utilization === null ? t('windowUnknown') : format.percent(utilization, 0)}
            </span>
            {resetsAt !== null && (
              <time dateTime={resetsAt} title={format.exactTime(resetsAt)} className="text-muted">
                {t('windowResets', {
                  time: format.countdown(Date.parse(resetsAt) - now),
                  at: format.dateTime(resetsAt),
                })}
              </time>
            )}
          </span>
          <ProgressBar share={utilization ?? 0} label={t('windowUsed', { name: nameOf(name) })} />
        </span>
      ))}
    </span>
  );
}
