'use client';
// Owns how groups are read and deleted: one page, one group, its members with their figures, the keys bound to it.
import type { Account, Group, Key } from '@crs/shared';
import {
  keepPreviousData,
  type QueryClient,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { everyPage, groupsCache } from '@/lib/upstream';
import type { ListState } from '@/lib/url-state';

const REFRESH_MS = 30_000;

export interface GroupPage {
  items: Group[];
  total: number;
}

const listCache = [...groupsCache, 'list'] as const;

type ListPosition = Pick<ListState, 'page' | 'pageSize' | 'sort' | 'search'>;

export function useGroupList(state: ListPosition): UseQueryResult<GroupPage> {
  const { page, pageSize, sort, search } = state;
  return useQuery({
    queryKey: [...listCache, { page, pageSize, sort, search }],
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => {
      const query = { page, pageSize, sort, ...(search.trim() === '' ? {} : { search: search.trim() }) };
      return callApi((client) => client.groups.list({ query }, { signal }));
    },
  });
}

export function useGroup(id: string): UseQueryResult<Group> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: [...groupsCache, 'one', id],
    refetchInterval: REFRESH_MS,
    placeholderData: () => knownGroup(queries, id),
    queryFn: ({ signal }) => callApi((client) => client.groups.get({ params: { id } }, { signal })),
  });
}

/** A group that some list has already brought. */
function knownGroup(queries: QueryClient, id: string): Group | undefined {
  const pages = queries.getQueriesData<GroupPage>({ queryKey: listCache });
  return pages.flatMap(([, page]) => page?.items ?? []).find((group) => group.id === id);
}

/** Accounts of a group with their figures. */
export function useMembers(groupId: string): UseQueryResult<Account[]> {
  return useQuery({
    queryKey: [...groupsCache, 'members', groupId],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      everyPage((page) =>
        callApi((client) =>
          client.accounts.list({ query: { ...page, sort: 'priority', groupId } }, { signal }),
        ),
      ),
  });
}

/** Keys bound to a group, by name. */
export function useBoundKeys(groupId: string): UseQueryResult<Key[]> {
  return useQuery({
    queryKey: [...groupsCache, 'keys', groupId],
    queryFn: ({ signal }) =>
      everyPage((page) =>
        callApi((client) => client.keys.list({ query: { ...page, sort: 'name', groupId } }, { signal })),
      ),
  });
}

/** Whatever names groups or their members is read again. */
export function groupsChanged(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: groupsCache });
  void queries.invalidateQueries({ queryKey: ['accounts'] });
}
