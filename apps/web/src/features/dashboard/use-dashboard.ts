'use client';
// Owns how the dashboard is read, again every 30 s while somebody looks: its figures in one answer, and what each
// model cost over the same time.
import type { Dashboard, Trends } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { rangeBounds, type TimeRange } from '@/lib/time-range';

const REFRESH_MS = 30_000;
/** While the first start is not through, its steps tick soon after they are done. */
const SETUP_REFRESH_MS = 5000;
const MODELS_APART = 5;

export function isSetUp({ setup }: Dashboard): boolean {
  return setup.account && setup.key && setup.request;
}

export function useDashboard(range: TimeRange, timeZone: string): UseQueryResult<Dashboard> {
  return useQuery<Dashboard>({
    queryKey: ['dashboard', range, timeZone],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data === undefined || isSetUp(state.data) ? REFRESH_MS : SETUP_REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.dashboard.overview({ query: rangeBounds(range, serverNow(), timeZone) }, { signal }),
      ),
  });
}

/** What the dearest models cost, by hour or by day, over the time that the dashboard shows. */
export function useModelTrend(dashboard: Dashboard): UseQueryResult<Trends> {
  const { from, to, trendBy } = dashboard;
  return useQuery({
    queryKey: ['dashboard', 'models', from, to, trendBy],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.stats.trends(
          { query: { from, to, groupBy: trendBy, splitBy: 'model', top: MODELS_APART } },
          { signal },
        ),
      ),
  });
}
