'use client';
// Owns how prices are read and changed. A change is sent with the version it is based on.
import type {
  PriceHistory,
  PriceOverride,
  PriceOverrideInput,
  PriceProvider,
  PricingAnswer,
} from '@crs/shared';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';

const cache = ['pricing'] as const;
const REFRESH_MS = 60_000;

export function usePricing(): UseQueryResult<PricingAnswer> {
  return useQuery({
    queryKey: [...cache, 'list'],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => callApi((client) => client.pricing.get({}, { signal })),
  });
}

export function usePriceHistory(key: string): UseQueryResult<PriceHistory> {
  return useQuery({
    queryKey: [...cache, 'history', key],
    queryFn: ({ signal }) => {
      const [provider = '', ...rest] = key.split('/');
      const query = { provider: provider as PriceProvider, model: rest.join('/') };
      return callApi((client) => client.pricing.history({ query }, { signal }));
    },
  });
}

interface Change {
  overrides?: (PriceOverride | PriceOverrideInput)[];
  rates?: PricingAnswer['rates'];
}

/** Sends what shall be; lists and histories are read again. */
export function useChangePricing(): (from: PricingAnswer, change: Change) => Promise<void> {
  const queries = useQueryClient();
  return async ({ version }, change) => {
    try {
      await callApi((client) => client.pricing.replace({ body: { ...change, version } }));
    } finally {
      await queries.invalidateQueries({ queryKey: cache });
    }
  };
}
