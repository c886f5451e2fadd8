'use client';
// Owns how the dashboard is read: everything in one answer, again every 30 s while somebody looks.
import type { Dashboard } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { type DashboardRange, rangeBounds } from './range';

const REFRESH_MS = 30_000;
/** While the first start is not through, its steps tick soon after they are done. */
const SETUP_REFRESH_MS = 5000;

export function isSetUp({ setup }: Dashboard): boolean {
  return setup.account && setup.key && setup.request;
}

export function useDashboard(range: DashboardRange): UseQueryResult<Dashboard> {
  return useQuery<Dashboard>({
    queryKey: ['dashboard', range],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data === undefined || isSetUp(state.data) ? REFRESH_MS : SETUP_REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi((client) => client.dashboard.overview({ query: rangeBounds(range, serverNow()) }, { signal })),
  });
}
