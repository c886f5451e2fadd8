'use client';
// Owns the figures of one key over a range of days: by day, by model, and by day of the models that cost the most.
import type { UsageRow, api, RouteResult } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { keyUsageCache } from './key-cache';

type UsageAnswer = RouteResult<typeof api.keys.stats>;

export interface KeyStats {
  byDay: UsageAnswer;
  byModel: UsageAnswer;
  /** The models that cost the most, each by day. */
  models: readonly { name: string; rows: readonly UsageRow[] }[];
}

/** More series than that cannot be told apart; the rest is added up. */
const MODELS_APART = 4;
const DAY_MS = 24 * 3_600_000;
const REFRESH_MS = 60_000;

export function useKeyStats(id: string, days: number): UseQueryResult<KeyStats> {
  return useQuery({
    queryKey: [...keyUsageCache(id), 'view', days],
    enabled: id !== '',
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) => {
      const nowMs = serverNow();
      const range = {
        from: new Date(nowMs - (days - 1) * DAY_MS).toISOString(),
        to: new Date(nowMs).toISOString(),
      };
      const read = (query: { groupBy: 'day' | 'model'; model?: string }) =>
        callApi((client) => client.keys.stats({ params: { id }, query: { ...range, ...query } }, { signal }));
      const [byDay, byModel] = await Promise.all([read({ groupBy: 'day' }), read({ groupBy: 'model' })]);
      const names = byModel.rows.slice(0, MODELS_APART).map(({ group }) => group);
      const models = await Promise.all(
        names.map(async (name) => ({ name, rows: (await read({ groupBy: 'day', model: name })).rows })),
      );
      return { byDay, byModel, models };
    },
  });
}
