'use client';
// Owns the way of what is shown into a file, as the gateway makes it: all rows, with the filters of the page.
import { ExportMenu } from '@/components/ui/export-menu';
import { withQuery } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import { wholeDayBounds } from '@/lib/time-range';
import { filterQuery, isPeriod, type UsageState, type View } from './definition';

interface UsageExportProps {
  state: UsageState;
  view: View;
  timeZone: string;
}

export function UsageExport({ state, view: { by, split, range }, timeZone }: UsageExportProps) {
  const file = split === null ? 'cost' : isPeriod(by) ? 'trends' : 'models';
  return (
    <ExportMenu
      addressOf={(format) =>
        withQuery('/api/v2/stats/export', {
          ...filterQuery(state),
          ...wholeDayBounds(range, serverNow(), timeZone),
          file,
          groupBy: by,
          format,
          ...(file === 'trends' && split !== null ? { splitBy: split, top: '20' } : {}),
        })
      }
    />
  );
}
