// Owns what the account list keeps in its address.
import { accountSorts, accountStatuses } from '@crs/shared';
import { chosenFilters, type ListState, param } from '@/lib/url-state';

export const accountFilters = {
  kind: param.text(50),
  status: param.choice(accountStatuses),
  /** `none`: of no group. */
  groupId: param.text(100),
  schedulable: param.choice(['true', 'false']),
  hasProxy: param.choice(['true', 'false']),
  /** Accounts that this key is bound to. */
  keyId: param.text(100),
} as const;

export const accountListDefinition = {
  sortable: accountSorts,
  defaultSort: 'priority',
  filters: accountFilters,
  hiddenColumns: ['groups'],
} as const;

/** The list's state as the gateway takes it. */
export function toListQuery(state: ListState<typeof accountFilters>) {
  const { page, pageSize, sort } = state;
  const search = state.search.trim() === '' ? undefined : state.search.trim();
  return { page, pageSize, sort, search, ...chosenFilters(state) };
}
