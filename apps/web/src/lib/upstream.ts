'use client';
// Owns all accounts and all groups at once, for choices and for names: pages that need them ask when they show them.
import type { Account, Group } from '@crs/shared';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from './api';

const PAGE_SIZE = 200;
const FRESH_MS = 30_000;

/** Begins every cache name of groups. */
export const groupsCache = ['groups'] as const;

/** Page after page, until all are there. */
export async function everyPage<Item>(
  read: (page: { page: number; pageSize: number }) => Promise<{ items: Item[]; total: number }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await read({ page, pageSize: PAGE_SIZE });
    items.push(...answer.items);
    if (answer.items.length === 0 || items.length >= answer.total) return items;
  }
}

/** Every account, by name. */
export function useAllAccounts(enabled = true): UseQueryResult<Account[]> {
  return useQuery({
    queryKey: ['accounts', 'all'],
    enabled,
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      everyPage((page) =>
        callApi((client) => client.accounts.list({ query: { ...page, sort: 'name' } }, { signal })),
      ),
  });
}

/** Every group, by name. */
export function useAllGroups(enabled = true): UseQueryResult<Group[]> {
  return useQuery({
    queryKey: [...groupsCache, 'all'],
    enabled,
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      everyPage((page) =>
        callApi((client) => client.groups.list({ query: { ...page, sort: 'name' } }, { signal })),
      ),
  });
}
