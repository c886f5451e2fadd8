// Owns what the usage explorer keeps in its address, and what of it goes to the gateway. Pure.
import { type Grouping, type Split, splits } from '@crs/shared';
import { type Bounds, parseRange, rangeNames, type TimeRange, wholeDayBounds } from '@/lib/time-range';
import { type ListState, param } from '@/lib/url-state';
import { type Measure, measures } from './measures';

export const periods = ['hour', 'day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

const usageColumns = [
  'group',
  'requests',
  'errors',
  'tokens',
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cost',
  'share',
  'change',
  'charged',
  'savings',
  'durationP50',
  'durationP95',
  'durationP99',
  'firstEventP50',
  'firstEventP95',
] as const;
export type UsageColumn = (typeof usageColumns)[number];

const INITIAL_RANGE = '30d';

/** Filters by an entry: they narrow every figure of the page. */
export const entryFilters = ['keyId', 'userId', 'accountId', 'model', 'kind', 'tag'] as const;
export type EntryFilter = (typeof entryFilters)[number];

export const usageDefinition = {
  sortable: usageColumns,
  /** By time the newest first, by anything else the greatest. */
  defaultSort: '',
  defaultPageSize: 50,
  filters: {
    measure: param.option(measures, 'cost'),
    /** '' for the period that suits the range. */
    by: param.choice([...periods, ...splits]),
    split: param.choice(splits),
    range: param.option([...rangeNames, 'custom'], INITIAL_RANGE),
    from: param.text(40),
    to: param.text(40),
    keyId: param.text(100),
    userId: param.text(100),
    accountId: param.text(100),
    model: param.text(),
    kind: param.text(50),
    tag: param.text(50),
  },
  hiddenColumns: [
    'input',
    'output',
    'cacheRead',
    'cacheWrite',
    'charged',
    'durationP99',
    'firstEventP50',
    'firstEventP95',
  ],
} as const;

export type UsageState = ListState<typeof usageDefinition.filters>;

function rangeOf({ filters: { range, from, to } }: UsageState): TimeRange {
  return parseRange(new URLSearchParams({ range, from, to }), INITIAL_RANGE);
}

const DAY_MS = 86_400_000;

/** Hours for two days at most, days for a quarter, weeks beyond. */
export function fittingPeriod({ from, to }: Bounds): Period {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 2) return 'hour';
  return days <= 93 ? 'day' : 'week';
}

export interface View {
  measure: Measure;
  by: Grouping;
  /** Null where nothing is split. */
  split: Split | null;
  range: TimeRange;
}

export function isPeriod(by: string): by is Period {
  return (periods as readonly string[]).includes(by);
}

/** What is shown: the grouping that suits the range, and no split where there is none. */
export function viewOf(state: UsageState, nowMs: number, timeZone: string): View {
  const range = rangeOf(state);
  const { by: chosen, split, measure } = state.filters;
  const by = chosen === '' ? fittingPeriod(wholeDayBounds(range, nowMs, timeZone)) : chosen;
  return { measure, by, split: splitsOf(by).find((known) => known === split) ?? null, range };
}

/** Periods are split by anything, entries by model. */
export function splitsOf(by: Grouping): readonly Split[] {
  if (isPeriod(by)) return splits;
  return by === 'model' ? [] : ['model'];
}

/** The filters as the gateway takes them. */
export function filterQuery(state: UsageState): Partial<Record<EntryFilter, string>> {
  return Object.fromEntries(
    entryFilters.map((name) => [name, state.filters[name]]).filter(([, value]) => value !== ''),
  ) as Partial<Record<EntryFilter, string>>;
}

const filterOfSplit: Record<Split, EntryFilter> = {
  key: 'keyId',
  user: 'userId',
  account: 'accountId',
  model: 'model',
  kind: 'kind',
  tag: 'tag',
};

export type Drill =
  | { filters: Partial<UsageState['filters']> }
  /** An hour has no smaller part: its requests are what is left to see. */
  | { requests: Bounds & Partial<Record<EntryFilter, string>> };

/** Where a press on a row leads: into the entry over time, or into the period; null where there is nothing inside. */
export function drill(state: UsageState, by: Grouping, group: string, end: string | null): Drill | null {
  if (!isPeriod(by))
    return group === '' ? null : { filters: { [filterOfSplit[by]]: group, by: '', split: '' } };
  if (end === null) return null;
  const bounds = { from: group, to: end };
  if (by === 'hour') return { requests: { ...bounds, ...filterQuery(state) } };
  return { filters: { range: 'custom', ...bounds, by: '' } };
}
