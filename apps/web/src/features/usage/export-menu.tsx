'use client';
// Owns the way of what is shown into a file, as the gateway makes it: all rows, with the filters of the page.
import { Download, FileSpreadsheet, FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { downloadFrom } from '@/lib/download';
import { withQuery } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import { wholeDayBounds } from '@/lib/time-range';
import { filterQuery, isPeriod, type UsageState, type View } from './definition';

interface ExportMenuProps {
  state: UsageState;
  view: View;
  timeZone: string;
}

export function ExportMenu({ state, view: { by, split, range }, timeZone }: ExportMenuProps) {
  const t = useTranslations('usage.export');
  const save = (format: 'csv' | 'xlsx') => {
    const file = split === null ? 'cost' : isPeriod(by) ? 'trends' : 'models';
    downloadFrom(
      withQuery('/api/v2/stats/export', {
        ...filterQuery(state),
        ...wholeDayBounds(range, serverNow(), timeZone),
        file,
        groupBy: by,
        format,
        ...(file === 'trends' && split !== null ? { splitBy: split, top: '20' } : {}),
      }),
    );
  };
  return (
    <Menu
      trigger={<Button icon={<Download aria-hidden />}>{t('action')}</Button>}
      entries={[
        {
          type: 'item',
          label: t('xlsx'),
          icon: <FileSpreadsheet aria-hidden />,
          onSelect: () => save('xlsx'),
        },
        { type: 'item', label: t('csv'), icon: <FileText aria-hidden />, onSelect: () => save('csv') },
      ]}
    />
  );
}
