'use client';
// Owns how requests are read from the gateway, and the names behind the ids of filters.
import type { RequestBodies, RequestDetail, RequestHistogram, RequestRow } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { type RequestListState, searchOf, toFilterQuery, toListQuery } from './list-definition';

const HISTOGRAM_REFRESH_MS = 10_000;
const NAME_FRESH_MS = 5 * 60_000;

interface RequestPage {
  items: RequestRow[];
  total: number;
}

/** Rows of the list. */
export function useRequestList(state: RequestListState): UseQueryResult<RequestPage> {
  return useQuery({
    queryKey: ['requests', 'list', state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      callApi((client) => client.requests.list({ query: toListQuery(state, serverNow()) }, { signal })),
  });
}

/** Counts over time, with the filters of the list; there are none for a search by text. */
export function useRequestHistogram(
  state: RequestListState,
  follows: boolean,
): UseQueryResult<RequestHistogram> {
  return useQuery({
    queryKey: ['requests', 'histogram', state.filters],
    enabled: searchOf(state) === undefined,
    placeholderData: keepPreviousData,
    refetchInterval: follows ? HISTOGRAM_REFRESH_MS : false,
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.requests.histogram({ query: toFilterQuery(state, serverNow()) }, { signal }),
      ),
  });
}

/** The list as CSV, as the gateway makes it. */
export function exportRequests(state: RequestListState): Promise<Blob> {
  const query = { ...toFilterQuery(state, serverNow()), search: searchOf(state) };
  return callApi((client) => client.requests.export({ query }));
}

/** Kept bodies; read when they are asked for, since that is noted in the audit log. */
export function useRequestBodies(id: string): UseQueryResult<RequestBodies> {
  return useQuery({
    queryKey: ['requests', 'bodies', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => callApi((client) => client.requests.bodies({ params: { id } }, { signal })),
  });
}

/** One request; it is written when it has ended and does not change any more. */
export function useRequest(id: string): UseQueryResult<RequestDetail> {
  return useQuery({
    queryKey: ['requests', 'one', id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => callApi((client) => client.requests.get({ params: { id } }, { signal })),
  });
}

export interface Named {
  value: string;
  label: string;
}

/** Keys whose name fits what is typed. */
export function useKeyChoices(search: string): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['keys', 'choices', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { pageSize: 20, sort: 'name', search: search === '' ? undefined : search };
      const { items } = await callApi((client) => client.keys.list({ query }, { signal }));
      return items.map(({ id, name }) => ({ value: id, label: name }));
    },
  });
}

/** Accounts whose name fits what is typed. */
export function useAccountChoices(search: string): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['accounts', 'choices', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { pageSize: 20, sort: 'name', search: search === '' ? undefined : search };
      const { items } = await callApi((client) => client.accounts.list({ query }, { signal }));
      return items.map(({ id, name }) => ({ value: id, label: name }));
    },
  });
}

/** Models that were asked for in the last 30 days, the most used first. */
export function useModelChoices(): UseQueryResult<Named[]> {
  return useUsedChoices('model');
}

/** Users whose keys were used in the last 30 days, the most active first. */
export function useUserChoices(): UseQueryResult<Named[]> {
  return useUsedChoices('user');
}

function useUsedChoices(groupBy: 'model' | 'user'): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['requests', 'used', groupBy],
    staleTime: NAME_FRESH_MS,
    queryFn: async ({ signal }) => {
      const from = new Date(serverNow() - 30 * 86_400_000).toISOString();
      const query = { groupBy, from } as const;
      const { rows } = await callApi((client) => client.stats.usage({ query }, { signal }));
      return rows
        .filter(({ group }) => group !== '')
        .toSorted((a, b) => b.requests - a.requests)
        .map(({ group, label }) => ({ value: group, label }));
    },
  });
}

/** Name of a key by its id, for a link that brought only the id; null while or where it is not known. */
export function useKeyName(id: string): string | null {
  const { data } = useQuery({
    queryKey: ['keys', 'name', id],
    enabled: id !== '',
    staleTime: NAME_FRESH_MS,
    retry: false,
    queryFn: async ({ signal }) =>
      (await callApi((client) => client.keys.get({ params: { id } }, { signal }))).name,
  });
  return data ?? null;
}

/** The same for an account; without its kind only the list knows it. */
export function useAccountName(id: string): string | null {
  const { data } = useQuery({
    queryKey: ['accounts', 'names'],
    enabled: id !== '',
    staleTime: NAME_FRESH_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      const { items } = await callApi((client) =>
        client.accounts.list({ query: { pageSize: 200 } }, { signal }),
      );
      return Object.fromEntries(items.map((account) => [account.id, account.name]));
    },
  });
  return data?.[id] ?? null;
}
