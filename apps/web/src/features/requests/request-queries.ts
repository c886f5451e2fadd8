'use client';
// Owns how requests are read from the gateway.
import type { RequestBodies, RequestDetail, RequestHistogram, RequestRow } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { type RequestListState, searchOf, toFilterQuery, toListQuery } from './list-definition';

const HISTOGRAM_REFRESH_MS = 10_000;

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
