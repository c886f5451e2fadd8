'use client';
// Owns the vendor's own quota windows: a bar each, with the share used and when it starts anew.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Tooltip } from '@/components/ui/tooltip';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { fullestWindow, openWindows } from './account-figures';

interface WindowsProps {
  windows: Account['windows'];
}

/** The fullest window as a thin bar; all of them with figures are in the hint. */
export function QuotaBar({ windows }: WindowsProps) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const name = useWindowName();
  const open = openWindows(windows, useNow(15_000));
  const fullest = fullestWindow(open);
  if (fullest === null) return <span className="text-muted">{'–'}</span>;
  return (
    <Tooltip content={<QuotaList windows={open} />} className="w-full">
      <span className="block w-full min-w-0">
        <span className="flex gap-2 text-muted text-xs leading-4">
          <span className="min-w-0 flex-1 truncate">{name(fullest.name)}</span>
          {format.percent(fullest.utilization, 0)}
        </span>
        <ProgressBar
          share={fullest.utilization}
          label={t('windowUsed', { name: name(fullest.name) })}
          className="mt-0.5 h-1!"
        />
      </span>
    </Tooltip>
  );
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
            <span className="flex-1 truncate">{nameOf(name)}</span>
            <span className="font-medium">
              {utilization === null ? t('windowUnknown') : format.percent(utilization, 0)}
            </span>
            {resetsAt !== null && (
              <time dateTime={resetsAt} title={format.exactTime(resetsAt)} className="text-muted">
                {t('windowResets', { time: format.countdown(Date.parse(resetsAt) - now) })}
              </time>
            )}
          </span>
          <ProgressBar share={utilization ?? 0} label={t('windowUsed', { name: nameOf(name) })} />
        </span>
      ))}
    </span>
  );
}

/** Names that are known in the reader's language, else the vendor's. */
function useWindowName(): (name: string) => string {
  const t = useTranslations('accounts');
  return (name) => (t.has(`window.${name}` as never) ? t(`window.${name}` as never) : name);
}
