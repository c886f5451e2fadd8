// Owns `GET /stats/usage`: rows by group, in order, with names, and their total.
import type { Figures, Grouping, statsQuery, UsageRow } from '@crs/shared';
import type { z } from 'zod';
import type { Calendar } from '../../platform/calendar.ts';
import { ProblemError } from '../../platform/problem.ts';
import { readRange, type TimeRange } from '../requests/index.ts';
import { addSums, type Dimension, emptySums, HOUR_MS, keptMs, type Sums, toFigures } from '../usage/index.ts';
import { groupStarts, isDimension, periodLabel, type TimeGrouping } from './groups.ts';
import { type SumsDependencies, type SumsQuery, sumsByGroup } from './sums-by-group.ts';

export type StatsQuery = z.output<typeof statsQuery>;

/** Names of keys, users and accounts, in the order of the ids; null for one that is unknown. */
type NameLookup = (ids: readonly string[]) => Promise<readonly (string | null)[]>;

export interface UsageDependencies extends SumsDependencies {
  readonly names: { readonly key: NameLookup; readonly user: NameLookup; readonly account: NameLookup };
}

export interface UsageAnswer {
  readonly rows: UsageRow[];
  readonly total: Figures;
}

const DAY_MS = 24 * HOUR_MS;
const MOST_PERIODS = 10_000;

/** What is shown where nobody asked for a range: about thirty points of a chart. */
const defaultLengthMs: Record<TimeGrouping, number> = {
  hour: DAY_MS,
  day: 29 * DAY_MS,
  week: 11 * 7 * DAY_MS,
  month: 335 * DAY_MS,
};

export async function usageRows(
  query: StatsQuery,
  nowMs: number,
  dependencies: UsageDependencies,
): Promise<UsageAnswer> {
  const { calendar } = dependencies;
  const range = rangeOf(query, nowMs, calendar);
  if (query.groupBy === 'hour' && range.fromMs < nowMs - (keptMs.hour ?? 0)) {
    throw new ProblemError(
      'validation_failed',
      'Figures by the hour are kept 400 days: start later, or group by day.',
      {
        errors: [{ path: 'from', message: 'give a time in the last 400 days' }],
      },
    );
  }
  return rowsOf(
    { range, groupBy: query.groupBy, filters: filtersOf(query), ends: 'exact' },
    nowMs,
    dependencies,
  );
}

/** Periods come in order and without holes, everything else with the dearest first. */
export async function rowsOf(
  query: SumsQuery,
  nowMs: number,
  dependencies: UsageDependencies,
): Promise<UsageAnswer> {
  const { groupBy, range } = query;
  const shown = { fromMs: range.fromMs, toMs: range.toMs === Infinity ? nowMs + 1 : range.toMs };
  const starts = isDimension(groupBy) ? [] : periodsOf(groupBy, shown, dependencies.calendar);
  const groups = await sumsByGroup(query, nowMs, dependencies);
  const errorsOf = isAboutAccounts(query) ? 'attempts' : 'requests';
  const total = emptySums();
  for (const sums of groups.values()) addSums(total, sums);
  const rows = isDimension(groupBy)
    ? await memberRows(groupBy, groups, errorsOf, dependencies)
    : starts.map((startMs) => ({
        group: new Date(startMs).toISOString(),
        label: periodLabel(groupBy, startMs, dependencies.calendar),
        ...toFigures(groups.get(String(startMs)) ?? emptySums(), errorsOf),
      }));
  return { rows, total: toFigures(total, errorsOf) };
}

function periodsOf(groupBy: TimeGrouping, range: TimeRange, calendar: Calendar): number[] {
  const starts = groupStarts(groupBy, range, calendar, MOST_PERIODS);
  if (starts !== null) return starts;
  throw new ProblemError(
    'validation_failed',
    `The range holds more than ${MOST_PERIODS} rows: narrow it with from and to, or group by a longer period.`,
    { errors: [{ path: 'from', message: `narrow the range to ${MOST_PERIODS} rows or fewer` }] },
  );
}

async function memberRows(
  dimension: Dimension,
  groups: ReadonlyMap<string, Sums>,
  errorsOf: 'requests' | 'attempts',
  { names }: UsageDependencies,
): Promise<UsageRow[]> {
  const members = [...groups].sort(
    ([oneName, one], [otherName, other]) =>
      other.costNanoUsd - one.costNanoUsd || other.requests - one.requests || (oneName < otherName ? -1 : 1),
  );
  const ids = members.map(([id]) => id);
  const labels = dimension === 'model' || dimension === 'kind' ? ids : await names[dimension](ids);
  return members.map(([id, sums], index) => ({
    group: id,
    label: labels[index] ?? id,
    ...toFigures(sums, errorsOf),
  }));
}

/** A request that was retried elsewhere went well, its first account did not: there errors are attempts. */
function isAboutAccounts({ groupBy, filters }: SumsQuery): boolean {
  return groupBy === 'account' || groupBy === 'kind' || filters.has('account') || filters.has('kind');
}

function filtersOf({ keyId, userId, accountId, kind, model }: StatsQuery): Map<Dimension, string> {
  const filters = new Map<Dimension, string>();
  if (keyId !== undefined) filters.set('key', keyId);
  if (userId !== undefined) filters.set('user', userId);
  if (accountId !== undefined) filters.set('account', accountId);
  if (kind !== undefined) filters.set('kind', kind);
  if (model !== undefined) filters.set('model', model);
  return filters;
}

function rangeOf(query: StatsQuery, nowMs: number, calendar: Calendar): TimeRange {
  const toMs = query.to === undefined ? nowMs : Date.parse(query.to);
  return readRange(query, defaultFromMs(query.groupBy, Math.min(toMs, nowMs), calendar));
}

/** Begins with a whole period, so that the first point of a chart is not half a one. */
function defaultFromMs(groupBy: Grouping, endMs: number, calendar: Calendar): number {
  switch (groupBy) {
    case 'hour':
      return calendar.hourStartMs(endMs - defaultLengthMs.hour) + HOUR_MS;
    case 'week':
      return calendar.weekStartMs(endMs - defaultLengthMs.week);
    case 'month':
      return calendar.monthStartMs(endMs - defaultLengthMs.month);
    default:
      return calendar.dayStartMs(endMs - defaultLengthMs.day);
  }
}
