'use client';
// Owns what the console reads of the gateway's public health answer.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';

export interface Health {
  status: 'healthy' | 'unhealthy';
  version: string;
  /** Seconds since the gateway started. */
  uptimeSeconds: number;
  components: { name: string; healthy: boolean; latencyMs: number | null }[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a health document; throws when it is not one. */
export function parseHealth(value: unknown): Health {
  if (!isRecord(value) || (value['status'] !== 'healthy' && value['status'] !== 'unhealthy')) {
    throw new TypeError('not a health document');
  }
  const components = isRecord(value['components']) ? value['components'] : {};
  return {
    status: value['status'],
    version: typeof value['version'] === 'string' ? value['version'] : '',
    uptimeSeconds: typeof value['uptime'] === 'number' ? value['uptime'] : 0,
    components: Object.entries(components).map(([name, part]) => ({
      name,
      healthy: isRecord(part) && part['status'] === 'healthy',
      latencyMs: isRecord(part) && typeof part['latencyMs'] === 'number' ? part['latencyMs'] : null,
    })),
  };
}

export const healthQueryKey = ['health'] as const;

const CALM_MS = 30_000;
/** Its return is noticed soon. */
const OUTAGE_MS = 4000;

/** Health every 30 s while the tab is visible; 503 is an answer here, not an error. */
export function useHealth(): UseQueryResult<Health> {
  return useQuery({
    queryKey: healthQueryKey,
    queryFn: async ({ signal }) => {
      const response = await fetch('/health', { signal, headers: { accept: 'application/json' } });
      return parseHealth(await response.json());
    },
    refetchInterval: ({ state }) =>
      state.status === 'error' || state.data?.status === 'unhealthy' ? OUTAGE_MS : CALM_MS,
    retry: false,
  });
}
