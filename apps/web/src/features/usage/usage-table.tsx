'use client';
// Owns the figures of the explorer as a table: sorted, page by page, with the total at its foot.
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type DataColumn, DataTable } from '@/components/data-table';
import type { ListStateControl } from '@/lib/use-list-state';
import { isPeriod, type UsageColumn, type usageDefinition } from './definition';
import type { Measure } from './measures';
import { sortValue, TOTAL } from './usage-columns';
import type { GroupNames } from './use-group-names';
import type { UsageAnswer, UsageTableRow } from './use-usage';

export type UsageList = ListStateControl<typeof usageDefinition.filters>;

interface UsageTableProps {
  list: UsageList;
  query: {
    data: UsageAnswer | undefined;
    isFetching: boolean;
    isPlaceholderData: boolean;
    error: unknown;
    refetch: () => unknown;
  };
  columns: readonly DataColumn<UsageTableRow>[];
  measure: Measure;
  names: GroupNames;
  onDrill: (row: UsageTableRow) => void;
}

const rowId = (row: UsageTableRow) => row.group;

/** The sort that holds: the chosen one, else time the newest first, else the greatest of what is measured. */
function sortOf(list: UsageList, by: string): string {
  const { sort } = list.state;
  if (sort !== '') return sort;
  if (isPeriod(by)) return '-group';
  const column = columnOf[list.state.filters.measure];
  return `-${column}`;
}

const columnOf = {
  cost: 'cost',
  charged: 'charged',
  savings: 'savings',
  requests: 'requests',
  tokens: 'tokens',
  errors: 'errors',
  duration: 'durationP95',
  firstEvent: 'firstEventP95',
} as const satisfies Record<Measure, UsageColumn>;

export function UsageTable({ list, query, columns, measure, names, onDrill }: UsageTableProps) {
  const t = useTranslations('usage');
  const { data } = query;
  const { page, pageSize } = list.state;
  const by = data?.by ?? 'day';
  const sort = sortOf(list, by);

  const sorted = useMemo(() => {
    if (data === undefined) return [];
    const column = sort.replace(/^-/, '') as UsageColumn;
    const sign = sort.startsWith('-') ? -1 : 1;
    const valueOf = (row: UsageTableRow) =>
      // Periods in the order of time, not of their names.
      column === 'group' && isPeriod(by) ? Date.parse(row.group) : sortValue(column, row, { names, measure });
    return data.rows.toSorted((a, b) => compare(valueOf(a), valueOf(b), sign));
  }, [data, sort, by, names, measure]);

  const shown = useMemo(
    () => ({ items: sorted.slice((page - 1) * pageSize, page * pageSize), total: sorted.length }),
    [sorted, page, pageSize],
  );
  const totals = useMemo(
    () =>
      data === undefined ? undefined : { ...data.total, group: TOTAL, label: '', change: changeOfAll(data) },
    [data],
  );

  return (
    <DataTable
      label={t('tableLabel', { by: t(`groups.${by}`) })}
      columns={columns}
      query={{ ...query, data: data === undefined ? undefined : shown }}
      list={{ ...list, state: { ...list.state, sort } }}
      rowId={rowId}
      onOpen={onDrill}
      totals={shown.total > 0 ? totals : undefined}
      errorTitle={t('loadFailed')}
      empty={<p className="px-6 py-10 text-center text-muted text-sm">{t('empty.none')}</p>}
    />
  );
}

/** What is missing comes last, whichever way the others stand. */
function compare(a: number | string | null, b: number | string | null, sign: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const order = typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a < b ? -1 : 1;
  return order * sign;
}

function changeOfAll({ total, previous }: UsageAnswer): number | null {
  return previous.costNanoUsd === 0
    ? null
    : (total.costNanoUsd - previous.costNanoUsd) / previous.costNanoUsd;
}
