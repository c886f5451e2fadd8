// Owns sums over the token buckets of a request.
import type { UsageBuckets } from '@crs/shared';

export const buckets = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead', 'output'] as const;

/** Everything that went in, cached or not. */
export function tokensIn(usage: UsageBuckets): number {
  return usage.input + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead;
}
