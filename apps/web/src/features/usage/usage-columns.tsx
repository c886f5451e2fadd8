'use client';
// Owns the columns of the explorer's table: what stands in each, and what it is sorted by.
import type { Grouping } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { allTokens, errorShare } from '@/lib/figures';
import { useFormat } from '@/lib/use-format';
import { isPeriod, type UsageColumn } from './definition';
import { isAdditive, type Measure, shareOf, valueOf } from './measures';
import type { GroupNames } from './use-group-names';
import type { UsageAnswer, UsageTableRow } from './use-usage';

/** Id of the row of totals; no entry has it. */
export const TOTAL = '__total';

/** What a column holds; null where there is no figure. */
export function sortValue(
  column: UsageColumn,
  row: UsageTableRow,
  { names, measure }: { names: GroupNames; measure: Measure },
): number | string | null {
  switch (column) {
    case 'group':
      return names.long(row).toLowerCase();
    case 'requests':
      return row.requests;
    case 'errors':
      return errorShare(row);
    case 'tokens':
      return allTokens(row);
    case 'input':
      return row.input;
    case 'output':
      return row.output;
    case 'cacheRead':
      return row.cacheRead;
    case 'cacheWrite':
      return row.cacheWrite5m + row.cacheWrite1h;
    case 'cost':
      return row.costNanoUsd;
    case 'share':
      return valueOf(shared(measure), row);
    case 'change':
      return row.change;
    case 'charged':
      return row.chargedNanoUsd;
    case 'savings':
      return row.cacheSavingsNanoUsd;
    case 'durationP50':
      return row.latency.durationMs?.p50 ?? null;
    case 'durationP95':
      return row.latency.durationMs?.p95 ?? null;
    case 'durationP99':
      return row.latency.durationMs?.p99 ?? null;
    case 'firstEventP50':
      return row.latency.firstEventMs?.p50 ?? null;
    case 'firstEventP95':
      return row.latency.firstEventMs?.p95 ?? null;
  }
}

/** The share of what is measured; where that is no part of a whole, of the cost. */
function shared(measure: Measure): Measure {
  return isAdditive(measure) ? measure : 'cost';
}

interface ColumnsOptions {
  answer: UsageAnswer | undefined;
  by: Grouping;
  measure: Measure;
  names: GroupNames;
  onDrill: (row: UsageTableRow) => void;
}

export function useUsageColumns(options: ColumnsOptions): DataColumn<UsageTableRow>[] {
  const { answer, by, measure, names, onDrill } = options;
  const t = useTranslations('usage');
  const format = useFormat();
  return useMemo(() => {
    const total = answer?.total;
    const figure = (
      id: Exclude<UsageColumn, 'group'>,
      width: number,
      write: (value: number) => string,
      phone: DataColumn<UsageTableRow>['phone'] = 'hidden',
    ): DataColumn<UsageTableRow> => ({
      id,
      label: t(`columns.${id}`),
      sortBy: id,
      width: `${width}px`,
      align: 'end',
      phone,
      cell: (row) => {
        const value = sortValue(id, row, { names, measure });
        if (typeof value !== 'number') return <span className="text-muted">{'–'}</span>;
        return (
          <span className={value === 0 ? 'text-muted' : undefined}>
            {write(value)}
            {(id === 'requests' || id === 'tokens') && (
              <span className="sm:hidden">{` ${t(id === 'requests' ? 'units.count' : 'units.tokens')}`}</span>
            )}
          </span>
        );
      },
    });
    const money = format.money;
    return [
      {
        id: 'group',
        label: t(`groups.${by}`),
        sortBy: 'group',
        phone: 'title',
        grow: true,
        fixed: true,
        skeletonPercent: 60,
        cell: (row) => {
          if (row.group === TOTAL) return t('total');
          const name = names.long(row);
          if (row.group === '' && !isPeriod(by)) return <span className="text-muted">{name}</span>;
          return (
            <button
              type="button"
              onClick={() => onDrill(row)}
              title={name}
              className={`block max-w-full truncate py-1 text-left hover:underline ${by === 'model' ? 'font-mono text-xs' : ''}`}
            >
              {name}
            </button>
          );
        },
      },
      figure('cost', 104, money, 'aside'),
      {
        ...figure('share', 112, String),
        label: t('columns.share'),
        cell: (row) => {
          const share = total === undefined ? null : shareOf(shared(measure), row, total);
          return share === null ? (
            <span className="text-muted">{'–'}</span>
          ) : (
            <ShareBar share={share} text={format.percent(share, share < 0.1 ? 1 : 0)} />
          );
        },
      },
      {
        ...figure('change', 96, String),
        cell: ({ change }) =>
          change === null ? (
            <span className="text-muted">{'–'}</span>
          ) : (
            <span className="text-text-soft">{`${change > 0 ? '+' : ''}${format.percent(change, 0)}`}</span>
          ),
      },
      figure('requests', 96, format.count, 'detail'),
      figure('errors', 92, (share) => format.percent(share)),
      figure('tokens', 92, format.tokens, 'detail'),
      figure('input', 88, format.tokens),
      figure('output', 88, format.tokens),
      figure('cacheRead', 104, format.tokens),
      figure('cacheWrite', 104, format.tokens),
      figure('charged', 104, money),
      figure('savings', 112, money),
      figure('durationP50', 104, format.duration),
      figure('durationP95', 104, format.duration),
      figure('durationP99', 104, format.duration),
      figure('firstEventP50', 112, format.duration),
      figure('firstEventP95', 112, format.duration),
    ];
  }, [answer?.total, by, measure, names, onDrill, t, format]);
}

/** A share as a figure over a bar, so that rows compare at a glance. */
function ShareBar({ share, text }: { share: number; text: string }) {
  return (
    <span className="inline-flex w-full items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-10 overflow-hidden rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-(--chart-1)"
          style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
        />
      </span>
      <span className="min-w-10">{text}</span>
    </span>
  );
}
