'use client';
// Owns how a past range is priced again: preview, start, the run as it goes on, and its end.
import type { RepricePreview, RepricePreviewInput, RepriceRun } from '@crs/shared';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';

const runKey = ['pricing', 'reprice'] as const;
const RUNNING_MS = 1000;

/** The run under way or the last one, followed while it runs. */
export function useRepriceRun(): UseQueryResult<RepriceRun | null> {
  return useQuery({
    queryKey: runKey,
    queryFn: async ({ signal }) => {
      const { run } = await callApi((client) => client.pricing.repriceRun({}, { signal }));
      return run;
    },
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? RUNNING_MS : false),
  });
}

export function previewReprice(body: RepricePreviewInput): Promise<RepricePreview> {
  return callApi((client) => client.pricing.previewReprice({ body }));
}

/** Both answer the run, and whoever follows it goes on from there. */
export function useRepriceActions() {
  const queries = useQueryClient();
  const keep = (run: RepriceRun): RepriceRun => {
    queries.setQueryData(runKey, run);
    return run;
  };
  return {
    start: async (fingerprint: string) =>
      keep(await callApi((client) => client.pricing.startReprice({ body: { fingerprint } }))),
    cancel: async () => keep(await callApi((client) => client.pricing.cancelReprice({}))),
  };
}
