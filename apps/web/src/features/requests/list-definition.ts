// Owns what the request list keeps in its address, and what of it goes to the gateway.
import { requestOutcomes } from '@crs/shared';
import { chosenFilters, type ListState, param } from '@/lib/url-state';

const HOUR_MS = 3_600_000;

/** Ranges that end now, with their length. */
const ranges = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
} as const;
export type Range = keyof typeof ranges;
export const rangeNames = ['1h', '24h', '7d', '30d'] as const satisfies readonly Range[];

export const requestFilters = {
  range: param.choice(rangeNames),
  /** ISO times; they take the place of a range. */
  from: param.text(40),
  to: param.text(40),
  keyId: param.text(100),
  accountId: param.text(100),
  kind: param.text(50),
  model: param.text(),
  /** One status, or all of a class: `429`, `4xx`. */
  status: param.text(3),
  outcome: param.choice(requestOutcomes),
  client: param.text(60),
  userId: param.text(100),
  minCostUsd: param.text(20),
  maxCostUsd: param.text(20),
  minDurationMs: param.text(12),
  maxDurationMs: param.text(12),
} as const;

export type RequestListState = ListState<typeof requestFilters>;

export const requestListDefinition = {
  sortable: ['at', 'costNanoUsd', 'durationMs', 'firstEventMs'],
  defaultSort: '-at',
  defaultPageSize: 50,
  filters: requestFilters,
  hiddenColumns: ['client', 'operation'],
} as const;

/** A time of the address as the gateway takes it; undefined for what is none. */
function isoOf(text: string): string | undefined {
  const ms = Date.parse(text);
  return text === '' || Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

export const statusPattern = /^([1-5]\d\d|[1-5]xx|0)$/;
export const usdPattern = /^\d{1,9}(\.\d{1,9})?$/;
export const msPattern = /^\d{1,9}$/;

/** The filters of a list's state as the gateway takes them; a range is counted from the server's `nowMs`. */
export function toFilterQuery(state: RequestListState, nowMs: number) {
  const { range, from: _from, to: _to, ...plain } = chosenFilters(state);
  const { status, minCostUsd, maxCostUsd, minDurationMs, maxDurationMs } = plain;
  const { from, to } = state.filters;
  const isCustom = from !== '' || to !== '';
  return {
    ...plain,
    status: fitting(status, statusPattern),
    minCostUsd: fitting(minCostUsd, usdPattern),
    maxCostUsd: fitting(maxCostUsd, usdPattern),
    minDurationMs: fitting(minDurationMs, msPattern),
    maxDurationMs: fitting(maxDurationMs, msPattern),
    from: isCustom || range === undefined ? isoOf(from) : new Date(nowMs - ranges[range]).toISOString(),
    to: isoOf(to),
  };
}

function fitting(text: string | undefined, pattern: RegExp): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}

/** What is searched for; undefined where nothing is. */
export function searchOf(state: RequestListState): string | undefined {
  return state.search.trim() === '' ? undefined : state.search.trim();
}

/** The list's state as the gateway takes it. */
export function toListQuery(state: RequestListState, nowMs: number) {
  const { page, pageSize, sort } = state;
  return { page, pageSize, sort, search: searchOf(state), ...toFilterQuery(state, nowMs) };
}

/** The filters of what is still to come, as an address has them; null where the list cannot go on. */
export function toLiveQuery(state: RequestListState): string | null {
  const isNewestFirst = state.page === 1 && state.sort === requestListDefinition.defaultSort;
  if (!isNewestFirst || searchOf(state) !== undefined || state.filters.to !== '') return null;
  const { from: _from, to: _to, ...filters } = toFilterQuery(state, 0);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) search.set(name, value);
  return search.toString();
}
