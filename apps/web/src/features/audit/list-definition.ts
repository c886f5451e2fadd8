// Owns what the audit trail keeps in its address, and what of it goes to the gateway.
import { chosenFilters, type ListState, param } from '@/lib/url-state';

const DAY_MS = 86_400_000;

/** Ranges that end now, with their length. */
const ranges = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS } as const;
export const rangeNames = ['24h', '7d', '30d'] as const satisfies readonly (keyof typeof ranges)[];

const filters = {
  range: param.choice(rangeNames),
  actorId: param.text(100),
  action: param.text(100),
  targetType: param.text(50),
  /** Id of a resource: links from its page lead here. */
  targetId: param.text(100),
} as const;

export type AuditListState = ListState<typeof filters>;

export const auditListDefinition = {
  sortable: ['at'],
  defaultSort: '-at',
  defaultPageSize: 50,
  filters,
  hiddenColumns: ['ip'],
} as const;

/** What narrows the list, as the gateway takes it; a range is counted from the server's `nowMs`. */
export function toAuditFilters(state: AuditListState, nowMs: number) {
  const { range, ...plain } = chosenFilters(state);
  const search = state.search.trim();
  return {
    ...plain,
    search: search === '' ? undefined : search,
    from: range === undefined ? undefined : new Date(nowMs - ranges[range]).toISOString(),
  };
}
