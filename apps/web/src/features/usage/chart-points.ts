// Owns the points of the chart: which series a measure has, and what stands in each of them. Pure.
import type { StatsFigures } from '@crs/shared';
import type { ChartPoint, ChartSeries } from '@/components/charts';
import { isAdditive, type Measure, valueOf } from './measures';
import type { UsageAnswer, UsageTableRow } from './use-usage';

/** Bars that fit beside each other; the table has all of them. */
export const BARS_SHOWN = 12;
export const OTHERS = '__others';

/** Names of the parts a measure consists of by itself. */
type PartName =
  | 'answered'
  | 'rateLimited'
  | 'clientError'
  | 'serverError'
  | 'noAnswer'
  | 'input'
  | 'output'
  | 'cacheRead'
  | 'cacheWrite'
  | 'p50'
  | 'p95'
  | 'p99'
  | Measure;

type Part = Omit<ChartSeries, 'label' | 'key'> & {
  key: PartName;
  value: (figures: StatsFigures) => number | null;
};

/** What a measure is drawn as while nothing is split. */
export function partsOf(measure: Measure): readonly Part[] {
  switch (measure) {
    case 'requests':
      return [
        { key: 'answered', slot: 0, value: ({ requests, errors }) => requests - errors },
        { key: 'rateLimited', tone: 'warn', value: ({ errorsByClass }) => errorsByClass.rateLimited },
        { key: 'clientError', tone: 'muted', value: ({ errorsByClass }) => errorsByClass.clientError },
        { key: 'serverError', tone: 'bad', value: ({ errorsByClass }) => errorsByClass.serverError },
        { key: 'noAnswer', slot: 3, value: ({ errorsByClass }) => errorsByClass.noAnswer },
      ];
    case 'tokens':
      return [
        { key: 'input', slot: 0, value: ({ input }) => input },
        { key: 'output', slot: 1, value: ({ output }) => output },
        { key: 'cacheRead', slot: 2, value: ({ cacheRead }) => cacheRead },
        {
          key: 'cacheWrite',
          slot: 3,
          value: ({ cacheWrite5m, cacheWrite1h }) => cacheWrite5m + cacheWrite1h,
        },
      ];
    case 'duration':
    case 'firstEvent': {
      const of = measure === 'duration' ? 'durationMs' : 'firstEventMs';
      return [
        { key: 'p50', slot: 0, value: ({ latency }) => latency[of]?.p50 ?? null },
        { key: 'p95', slot: 1, value: ({ latency }) => latency[of]?.p95 ?? null },
        { key: 'p99', slot: 3, value: ({ latency }) => latency[of]?.p99 ?? null },
      ];
    }
    default:
      return [
        {
          key: measure,
          ...(measure === 'errors' ? { tone: 'bad' as const } : { slot: 0 }),
          value: (figures) => valueOf(measure, figures),
        },
      ];
  }
}

/** Points over time, without split. */
export function plainPoints(measure: Measure, rows: readonly UsageTableRow[]): ChartPoint[] {
  const parts = partsOf(measure);
  return rows.map((row) => ({
    category: row.group,
    values: Object.fromEntries(parts.map(({ key, value }) => [key, value(row)])),
  }));
}

/** Key of a series in the points; names of entries and `OTHERS` do not meet. */
export function seriesKey(id: string | null): string {
  return id === null ? OTHERS : `s ${id}`;
}

/**
 * Points that are split: one value for each series. Where series are given without one for the others and the measure
 * can be added up, what is left of the row is theirs.
 */
export function splitPoints(
  measure: Measure,
  { rows, series }: Pick<UsageAnswer, 'rows' | 'series'>,
): ChartPoint[] {
  const hasOthers = series.some(({ id }) => id === null);
  return rows.map((row) => {
    const values: Record<string, number | null> = {};
    let named = 0;
    for (const [index, { id }] of series.entries()) {
      const part = row.parts?.[index] ?? null;
      const value = part === null ? null : valueOf(measure, part);
      values[seriesKey(id)] = value;
      named += value ?? 0;
    }
    if (!hasOthers && isAdditive(measure)) values[OTHERS] = Math.max(0, (valueOf(measure, row) ?? 0) - named);
    return { category: row.group, values };
  });
}

/** Whether anything stands in the series of the others. */
export function needsOthers(points: readonly ChartPoint[]): boolean {
  return points.some(({ values }) => (values[OTHERS] ?? 0) > 0);
}

/** The greatest first, as many as are drawn. */
export function greatest(measure: Measure, rows: readonly UsageTableRow[]): UsageTableRow[] {
  const rank = (row: UsageTableRow) => valueOf(measure, row) ?? Number.NEGATIVE_INFINITY;
  return rows
    .filter((row) => (valueOf(measure, row) ?? 0) !== 0)
    .toSorted((a, b) => rank(b) - rank(a))
    .slice(0, BARS_SHOWN);
}
