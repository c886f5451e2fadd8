// Owns how a query becomes a question for sums: its range, its filters, and what is refused because it is too much.
import type { Grouping } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import { ProblemError } from '../../platform/problem.ts';
import { readRange, type TimeRange } from '../requests/index.ts';
import { type Dimension, HOUR_MS, keptMs } from '../usage/index.ts';
import { type FilterQuery, type Filters, readFilters } from './filters.ts';
import { dimensionOf, groupStarts, isTime, type TimeGrouping } from './groups.ts';
import type { SumsDependencies, SumsQuery } from './sums-by-group.ts';
import type { TagsOf } from './tags.ts';

/** Names of keys, users and accounts, in the order of the ids; null for one that is unknown. */
type NameLookup = (ids: readonly string[]) => Promise<readonly (string | null)[]>;

export interface FiguresDependencies extends SumsDependencies {
  readonly names: { readonly key: NameLookup; readonly user: NameLookup; readonly account: NameLookup };
  /** As keys are now. */
  tags(): Promise<TagsOf>;
  readonly keysWithTag: (tag: string) => Promise<readonly string[]>;
}

export interface FiguresQuery extends FilterQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly groupBy: Grouping;
}

const DAY_MS = 24 * HOUR_MS;

/** What is shown where nobody asked for a range: about thirty points of a chart. */
const defaultLengthMs: Record<TimeGrouping, number> = {
  hour: DAY_MS,
  day: 29 * DAY_MS,
  week: 11 * 7 * DAY_MS,
  month: 335 * DAY_MS,
};

export async function readQuery(
  query: FiguresQuery,
  nowMs: number,
  { calendar, keysWithTag }: FiguresDependencies,
): Promise<{ range: TimeRange; filters: Filters }> {
  const range = rangeOf(query, nowMs, calendar);
  if (query.groupBy === 'hour' && range.fromMs < nowMs - (keptMs.hour ?? 0)) {
    throw new ProblemError(
      'validation_failed',
      'Figures by the hour are kept 400 days: start later, or group by day.',
      { errors: [{ path: 'from', message: 'give a time in the last 400 days' }] },
    );
  }
  return { range, filters: await readFilters(query, keysWithTag) };
}

/** What is read to group by it. */
export function readGrouping(groupBy: Grouping): TimeGrouping | Dimension {
  return isTime(groupBy) ? groupBy : dimensionOf(groupBy);
}

/** Starts of the periods of a range; throws ProblemError where they are more than `most`. */
export function periodsOf(
  groupBy: TimeGrouping,
  range: TimeRange,
  { calendar, nowMs, most }: { readonly calendar: Calendar; readonly nowMs: number; readonly most: number },
): number[] {
  const shown = { fromMs: range.fromMs, toMs: range.toMs === Infinity ? nowMs + 1 : range.toMs };
  const starts = groupStarts(groupBy, shown, calendar, most);
  if (starts !== null) return starts;
  throw new ProblemError(
    'validation_failed',
    `The range holds more than ${most} rows: narrow it with from and to, or group by a longer period.`,
    { errors: [{ path: 'from', message: `narrow the range to ${most} rows or fewer` }] },
  );
}

/** A request that was retried elsewhere went well, its first account did not: there errors are attempts. */
export function errorsOf({
  groupBy,
  splitBy,
  filters,
}: Pick<SumsQuery, 'groupBy' | 'splitBy' | 'filters'>): 'requests' | 'attempts' {
  const isAboutAccounts = (dimension: Dimension | TimeGrouping | null): boolean =>
    dimension === 'account' || dimension === 'kind';
  const hasFilter = filters.members.has('account') || filters.members.has('kind');
  return hasFilter || isAboutAccounts(groupBy) || isAboutAccounts(splitBy) ? 'attempts' : 'requests';
}

function rangeOf(query: FiguresQuery, nowMs: number, calendar: Calendar): TimeRange {
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

/** `{from, to}` as it is answered. */
export function isoRange({ fromMs, toMs }: TimeRange): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
