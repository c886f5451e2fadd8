'use client';
// Owns how accounts are read from the gateway.
import type { Account } from '@crs/shared';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import type { ListState } from '@/lib/url-state';
import { accountKey, accountListKey, type AccountPage, knownAccount } from './account-cache';
import { type accountFilters, toListQuery } from './list-definition';

/** Health moves by itself; countdowns tick in between. */
const REFRESH_MS = 10_000;
const SCAN_PAGE_SIZE = 200;

export function useAccountList(state: ListState<typeof accountFilters>): UseQueryResult<AccountPage> {
  return useQuery({
    queryKey: [...accountListKey, state],
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi((client) => client.accounts.list({ query: toListQuery(state) }, { signal })),
  });
}

/** One account by its id; null when there is none. */
export function useAccount(id: string | null): UseQueryResult<Account | null> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: accountKey(id),
    enabled: id !== null,
    refetchInterval: REFRESH_MS,
    placeholderData: () => knownAccount(queries, id),
    queryFn: async ({ signal }) => {
      const known = knownAccount(queries, id) ?? queries.getQueryData<Account | null>(accountKey(id));
      if (known === undefined || known === null) return findAccount(id ?? '', signal);
      const params = { kind: known.kind, id: known.id };
      return callApi((client) => client.accounts.get({ params }, { signal }));
    },
  });
}

/** The address of an account names its kind, a link to it only its id: the list knows the rest. */
async function findAccount(id: string, signal: AbortSignal): Promise<Account | null> {
  for (let page = 1; ; page += 1) {
    const query = { page, pageSize: SCAN_PAGE_SIZE, sort: 'createdAt' };
    const answer = await callApi((client) => client.accounts.list({ query }, { signal }));
    const found = answer.items.find((account) => account.id === id);
    if (found !== undefined) return found;
    if (page * SCAN_PAGE_SIZE >= answer.total) return null;
  }
}
