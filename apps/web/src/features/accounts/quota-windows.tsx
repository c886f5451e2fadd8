'use client';
// Owns the vendor's own quota windows: a bar each, with the share used and when it starts anew.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Tooltip } from '@/components/ui/tooltip';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

type Windows = Account['windows'];

const BARS = 2;

/** The fullest windows as thin bars beside each other; all of them with figures are in the hint. */
export function QuotaBars({ windows }: { windows: Windows }) {
  const t = useTranslations('accounts');
  if (windows.length === 0) return <span className="text-muted">{'–'}</span>;
  const fullest = windows.toSorted((a, b) => (b.utilization ?? 0) - (a.utilization ?? 0)).slice(0, BARS);
  return (
    <Tooltip content={<QuotaList windows={windows} />} className="w-full">
      <span className="grid w-full auto-cols-fr grid-flow-col gap-1.5">
        {fullest.map((window) => (
          <span key={window.name} className="min-w-0">
            <span className="block truncate text-muted text-xs leading-4">{window.name}</span>
            <ProgressBar share={window.utilization ?? 0} label={t('windowUsed', { name: window.name })} />
          </span>
        ))}
      </span>
    </Tooltip>
  );
}

/** Windows one below the other, with figures. */
export function QuotaList({ windows }: { windows: Windows }) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const now = useNow(1000);
  return (
    <span className="flex min-w-56 flex-col gap-2">
      {windows.map(({ name, utilization, resetsAt }) => (
        <span key={name} className="flex flex-col gap-1">
          <span className="flex items-baseline gap-2">
            <span className="flex-1 truncate">{name}</span>
            <span className="font-medium">
              {utilization === null ? t('windowUnknown') : format.percent(utilization, 0)}
            </span>
            {resetsAt !== null && (
              <time dateTime={resetsAt} title={format.exactTime(resetsAt)} className="text-muted">
                {t('windowResets', { time: format.countdown(Date.parse(resetsAt) - now) })}
              </time>
            )}
          </span>
          <ProgressBar share={utilization ?? 0} label={t('windowUsed', { name })} />
        </span>
      ))}
    </span>
  );
}
