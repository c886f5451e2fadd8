// Owns `GET /stats/usage`: rows by group, in order, with names, and their total.
import type { Grouping, Split, StatsFigures, statsQuery, UsageRow } from '@crs/shared';
import type { z } from 'zod';
import { emptySums, type Sums, toStatsFigures } from '../usage/index.ts';
import type { TimeRange } from '../requests/index.ts';
import type { Filters } from './filters.ts';
import { isTime, periodLabel } from './groups.ts';
import {
  errorsOf,
  type FiguresDependencies,
  isoRange,
  periodsOf,
  readGrouping,
  readQuery,
} from './queries.ts';
import { byGroup, type SumsQuery, sumsByGroup, totalOf } from './sums-by-group.ts';
import { byTag, tagSets } from './tags.ts';

export type StatsQuery = z.output<typeof statsQuery>;

export interface UsageAnswer {
  readonly from: string;
  readonly to: string;
  readonly rows: UsageRow[];
  readonly total: StatsFigures;
}

export interface RowsQuery extends Pick<SumsQuery, 'range' | 'ends'> {
  readonly groupBy: Grouping;
  readonly filters: Filters;
}

/** Groups in the order in which they are shown. */
export interface GroupedSums {
  readonly range: TimeRange;
  readonly groups: readonly { readonly id: string; readonly label: string; readonly sums: Sums }[];
  /** A key that is in two groups counts once. */
  readonly total: Sums;
  readonly errors: 'requests' | 'attempts';
}

const MOST_PERIODS = 10_000;

export async function usageRows(
  query: StatsQuery,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<UsageAnswer> {
  const { range, filters } = await readQuery(query, nowMs, dependencies);
  return rowsOf({ range, groupBy: query.groupBy, filters, ends: 'exact' }, nowMs, dependencies);
}

export async function rowsOf(
  query: RowsQuery,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<UsageAnswer> {
  const grouped = await groupedSums(query, nowMs, dependencies);
  const { errors } = grouped;
  return {
    ...isoRange(grouped.range),
    rows: grouped.groups.map(({ id, label, sums }) => ({
      group: id,
      label,
      ...toStatsFigures(sums, errors),
    })),
    total: toStatsFigures(grouped.total, errors),
  };
}

/** Periods come in order and without holes, everything else with the dearest first. */
export async function groupedSums(
  query: RowsQuery,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<GroupedSums> {
  const { groupBy, range, filters, ends } = query;
  const { calendar } = dependencies;
  const starts = isTime(groupBy) ? periodsOf(groupBy, range, { calendar, nowMs, most: MOST_PERIODS }) : [];
  const asked = {
    range,
    groupBy: readGrouping(groupBy),
    splitBy: null,
    filters,
    ends,
    keyAs: groupBy === 'tag' ? tagSets(await dependencies.tags()) : undefined,
  };
  const counted = await sumsByGroup(asked, nowMs, dependencies);
  const read = byGroup(counted.groups);
  const groups = isTime(groupBy)
    ? starts.map((startMs) => ({
        id: new Date(startMs).toISOString(),
        label: periodLabel(groupBy, startMs, calendar),
        sums: read.get(String(startMs)) ?? emptySums(),
      }))
    : await named(groupBy, groupBy === 'tag' ? byTag(read) : read, dependencies);
  return { range: counted.range, groups, total: totalOf(counted.groups), errors: errorsOf(asked) };
}

/** The dearest first, with names. */
export async function named(
  split: Split,
  groups: ReadonlyMap<string, Sums>,
  { names }: FiguresDependencies,
): Promise<{ id: string; label: string; sums: Sums }[]> {
  const members = [...groups].sort(
    ([oneName, one], [otherName, other]) =>
      other.costNanoUsd - one.costNanoUsd || other.requests - one.requests || (oneName < otherName ? -1 : 1),
  );
  const ids = members.map(([id]) => id);
  const labels = split === 'model' || split === 'kind' || split === 'tag' ? ids : await names[split](ids);
  return members.map(([id, sums], index) => ({ id, label: labels[index] ?? id, sums }));
}
