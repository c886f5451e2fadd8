'use client';
// Owns how the audit trail is read from the gateway.
import type { api, AuditEntry, RouteResult } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { type AuditListState, toAuditFilters } from './list-definition';

interface AuditPageData {
  items: AuditEntry[];
  total: number;
}

export function useAuditList(state: AuditListState): UseQueryResult<AuditPageData> {
  return useQuery({
    queryKey: ['audit', 'list', state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const { page, pageSize, sort } = state;
      const query = { page, pageSize, sort, ...toAuditFilters(state, serverNow()) };
      return callApi((client) => client.audit.list({ query }, { signal }));
    },
  });
}

/** The actions, types and users that the trail knows. */
export function useAuditFacets(): UseQueryResult<RouteResult<typeof api.audit.facets>> {
  return useQuery({
    queryKey: ['audit', 'facets'],
    staleTime: 60_000,
    queryFn: ({ signal }) => callApi((client) => client.audit.facets({}, { signal })),
  });
}
