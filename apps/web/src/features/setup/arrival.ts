// Owns what two looks at a key's figures say of the requests between them. Pure.
import type { KeyStats } from '@crs/shared';

export interface Arrival {
  readonly requests: number;
  readonly failed: number;
  readonly chargedNanoUsd: number;
}

type Counted = Pick<KeyStats, 'usage'>;

/** Null while nothing came. */
export function arrivalSince(before: Counted, now: Counted): Arrival | null {
  const requests = now.usage.total.requests - before.usage.total.requests;
  if (requests <= 0) return null;
  return {
    requests,
    failed: now.usage.total.errors - before.usage.total.errors,
    chargedNanoUsd: now.usage.total.chargedNanoUsd - before.usage.total.chargedNanoUsd,
  };
}
