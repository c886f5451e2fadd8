'use client';
// Owns the vendor's quota in one cell of the list; a chunk of its own.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Tooltip } from '@/components/ui/tooltip';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { useWindowName } from '@/lib/use-window-name';
import { fullestWindow, openWindows } from './account-figures';
import { QuotaList } from './quota-windows';

interface QuotaBarProps {
  windows: Account['windows'];
}

/** The fullest window as a thin bar; all of them with figures are in the hint. */
export default function QuotaBar({ windows }: QuotaBarProps) {
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
