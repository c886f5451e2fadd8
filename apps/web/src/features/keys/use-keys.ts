'use client';
// Owns how keys are read from the gateway: the two lists, one key, the tags in use, the figures of one key.
import type { api, Key, RouteResult } from '@crs/shared';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { chosenFilters, type ListState } from '@/lib/url-state';
import { keyCache, keyListCache, keyTagsCache, keyUsageCache, knownKey, trashCache } from './key-cache';
import type { keyListDefinition, trashDefinition } from './list-definitions';

const REFRESH_MS = 30_000;
export const USAGE_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

type KeyPage = RouteResult<typeof api.keys.list>;
type UsageAnswer = RouteResult<typeof api.stats.usage>;

function pageQuery({ page, pageSize, sort, search }: ListState) {
  return { page, pageSize, sort, ...(search === '' ? {} : { search }) };
}

export function useKeyList(state: ListState<typeof keyListDefinition.filters>): UseQueryResult<KeyPage> {
  return useQuery({
    queryKey: [...keyListCache, state],
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.keys.list({ query: { ...pageQuery(state), ...chosenFilters(state) } }, { signal }),
      ),
  });
}

export function useTrash(state: ListState<typeof trashDefinition.filters>): UseQueryResult<KeyPage> {
  return useQuery({
    queryKey: [...trashCache, state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.keys.deleted({ query: { ...pageQuery(state), ...chosenFilters(state) } }, { signal }),
      ),
  });
}

export function useKey(id: string): UseQueryResult<Key> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: keyCache(id),
    placeholderData: () => knownKey(queries, id),
    refetchInterval: REFRESH_MS,
    enabled: id !== '',
    queryFn: ({ signal }) => callApi((client) => client.keys.get({ params: { id } }, { signal })),
  });
}

export interface TagCount {
  tag: string;
  keys: number;
}

const noTags: readonly TagCount[] = [];

/** Tags in use; none while they are on their way or cannot be had, for they are only a help. */
export function useKeyTags(): readonly TagCount[] {
  const { data } = useQuery({
    queryKey: keyTagsCache,
    staleTime: 60_000,
    queryFn: ({ signal }) => callApi((client) => client.keys.tags({}, { signal })),
  });
  return data?.items ?? noTags;
}

export interface KeyUsage {
  byDay: UsageAnswer;
  byModel: UsageAnswer;
}

/** Figures of one key over the last 30 days. */
export function useKeyUsage(id: string, enabled: boolean): UseQueryResult<KeyUsage> {
  return useQuery({
    queryKey: keyUsageCache(id),
    enabled,
    queryFn: async ({ signal }) => {
      const nowMs = serverNow();
      const from = new Date(nowMs - (USAGE_DAYS - 1) * DAY_MS).toISOString();
      const to = new Date(nowMs).toISOString();
      const read = (groupBy: 'day' | 'model') =>
        callApi((client) => client.stats.usage({ query: { keyId: id, from, to, groupBy } }, { signal }));
      const [byDay, byModel] = await Promise.all([read('day'), read('model')]);
      return { byDay, byModel };
    },
  });
}
