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
  status: param.text(3),
  outcome: param.choice(requestOutcomes),
  client: param.text(60),
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

/** The list's state as the gateway takes it; a range is counted from the server's `nowMs`. */
export function toListQuery(state: RequestListState, nowMs: number) {
  const { page, pageSize, sort } = state;
  const { range, from: _from, to: _to, status, ...plain } = chosenFilters(state);
  const { from, to } = state.filters;
  const isCustom = from !== '' || to !== '';
  return {
    page,
    pageSize,
    sort,
    search: state.search.trim() === '' ? undefined : state.search.trim(),
    ...plain,
    status: status !== undefined && /^\d{3}$/.test(status) ? Number(status) : undefined,
    from: isCustom || range === undefined ? isoOf(from) : new Date(nowMs - ranges[range]).toISOString(),
    to: isoOf(to),
  };
}
