'use client';
// Owns how accounts are read from the gateway.
import type { Account, api, Key, RouteResult } from '@crs/shared';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { callApi, isApiError } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { everyPage } from '@/lib/upstream';
import type { ListState } from '@/lib/url-state';
import { accountKey, accountListKey, accountsKey, type AccountPage, knownAccount } from './account-cache';
import { type accountFilters, toListQuery } from './list-definition';

/** Health moves by itself; countdowns tick in between. */
const REFRESH_MS = 10_000;
const HISTORY_REFRESH_MS = 30_000;
const DAY_MS = 24 * 3_600_000;
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

/** One account by its id; null when there is none. Without its kind it has to be looked for. */
export function useAccount(id: string | null, kind: string | null = null): UseQueryResult<Account | null> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: accountKey(id),
    enabled: id !== null,
    refetchInterval: REFRESH_MS,
    placeholderData: () => knownAccount(queries, id),
    queryFn: async ({ signal }) => {
      const known = knownAccount(queries, id) ?? queries.getQueryData<Account | null>(accountKey(id));
      const knownKind = known?.kind ?? kind;
      if (knownKind === null) return findAccount(id ?? '', signal);
      const params = { kind: knownKind, id: id ?? '' };
      try {
        return await callApi((client) => client.accounts.get({ params }, { signal }));
      } catch (error) {
        if (isApiError(error) && error.problem.code === 'not_found') return null;
        throw error;
      }
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

export type AccountHealthAnswer = RouteResult<typeof api.accounts.health>;

/** The last day of an account: quarters of an hour, failures, changes of state. */
export function useAccountHealth({
  id,
  kind,
  status,
  version,
}: Account): UseQueryResult<AccountHealthAnswer> {
  return useQuery({
    // A change is one more to tell of.
    queryKey: [...accountsKey, 'health', id, status, version],
    placeholderData: keepPreviousData,
    refetchInterval: HISTORY_REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi((client) => client.accounts.health({ params: { kind, id } }, { signal })),
  });
}

/** Keys that name the account, and those bound to one of its groups are not among them. */
export function useKeysOfAccount(accountId: string): UseQueryResult<Key[]> {
  return useQuery({
    queryKey: ['keys', 'of-account', accountId],
    queryFn: ({ signal }) =>
      everyPage((page) =>
        callApi((client) => client.keys.list({ query: { ...page, sort: 'name', accountId } }, { signal })),
      ),
  });
}

export type AccountUsage = RouteResult<typeof api.stats.usage>;

/** Figures of the last days, by day. */
export function useAccountTrend(accountId: string, days: number): UseQueryResult<AccountUsage> {
  return useQuery({
    queryKey: [...accountsKey, 'trend', accountId, days],
    placeholderData: keepPreviousData,
    refetchInterval: HISTORY_REFRESH_MS,
    queryFn: ({ signal }) => {
      const nowMs = serverNow();
      const from = new Date(nowMs - (days - 1) * DAY_MS).toISOString();
      const query = { from, to: new Date(nowMs).toISOString(), groupBy: 'day' as const, accountId };
      return callApi((client) => client.stats.usage({ query }, { signal }));
    },
  });
}
