// Owns `GET /stats/cost`: what each group cost, its share, and its change against the range before.
import type { CostRow, costAnswerSchema, costQuery } from '@crs/shared';
import type { z } from 'zod';
import { emptySums, type Sums, toStatsFigures } from '../usage/index.ts';
import { groupStartMs, isTime } from './groups.ts';
import { type FiguresDependencies, isoRange, readQuery } from './queries.ts';
import { rangeBefore } from './range-before.ts';
import { groupedSums, type GroupedSums, named, type RowsQuery } from './usage-rows.ts';

export type CostQuery = z.output<typeof costQuery>;
export type CostAnswer = z.output<typeof costAnswerSchema>;

export async function costRows(
  query: CostQuery,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<CostAnswer> {
  const asked: RowsQuery = {
    ...(await readQuery(query, nowMs, dependencies)),
    groupBy: query.groupBy,
    ends: 'exact',
  };
  const current = await groupedSums(asked, nowMs, dependencies);
  const range = rangeBefore(current.range, dependencies.calendar);
  const previous = await groupedSums(previousQuery({ ...asked, range }), nowMs, dependencies);
  const before = await costsBefore(asked, current, previous, nowMs, dependencies);
  const groups = isTime(query.groupBy)
    ? current.groups
    : [...current.groups, ...(await goneGroups(query.groupBy, current, previous, dependencies))];
  const { errors, total } = current;
  return {
    ...isoRange(current.range),
    previousFrom: new Date(range.fromMs).toISOString(),
    previousTo: new Date(range.toMs).toISOString(),
    rows: groups.map(
      ({ id, label, sums }): CostRow => ({
        group: id,
        label,
        ...toStatsFigures(sums, errors),
        share: total.costNanoUsd === 0 ? 0 : sums.costNanoUsd / total.costNanoUsd,
        ...changeOf(sums.costNanoUsd, before.get(id) ?? 0),
      }),
    ),
    total: toStatsFigures(total, errors),
    previous: toStatsFigures(previous.total, errors),
  };
}

/** Periods of the range before are not rows: their sum is asked for, in pieces that nobody refuses. */
function previousQuery(query: RowsQuery): RowsQuery {
  return isTime(query.groupBy) ? { ...query, groupBy: 'month' } : query;
}

/** What each group cost before; a period is compared with the one before it. */
async function costsBefore(
  query: RowsQuery,
  current: GroupedSums,
  previous: GroupedSums,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<Map<string, number>> {
  const { groupBy } = query;
  if (!isTime(groupBy)) return new Map(previous.groups.map(({ id, sums }) => [id, sums.costNanoUsd]));
  const costs = new Map<string, number>();
  const [first] = current.groups;
  if (first === undefined) return costs;
  const firstMs = Date.parse(first.id);
  const range = { fromMs: groupStartMs(groupBy, firstMs - 1, dependencies.calendar), toMs: firstMs };
  const { total } = await groupedSums({ ...query, groupBy: 'month', range }, nowMs, dependencies);
  let cost = total.costNanoUsd;
  for (const { id, sums } of current.groups) {
    costs.set(id, cost);
    cost = sums.costNanoUsd;
  }
  return costs;
}

/** Groups that cost something before and nothing happened in now: who stopped is worth knowing. */
function goneGroups(
  groupBy: Parameters<typeof named>[0],
  current: GroupedSums,
  previous: GroupedSums,
  dependencies: FiguresDependencies,
): ReturnType<typeof named> {
  const known = new Set(current.groups.map(({ id }) => id));
  const gone = previous.groups.filter(({ id, sums }) => !known.has(id) && sums.costNanoUsd > 0);
  return named(groupBy, new Map(gone.map(({ id }): [string, Sums] => [id, emptySums()])), dependencies);
}

function changeOf(cost: number, previousCost: number): Pick<CostRow, 'previousCostNanoUsd' | 'change'> {
  return {
    previousCostNanoUsd: previousCost,
    change: previousCost === 0 ? null : (cost - previousCost) / previousCost,
  };
}
