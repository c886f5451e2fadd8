// Owns what a key's state will be after a switch is flipped, before the gateway has said so, and how near its end is.
import type { Key, KeyStatus } from '@crs/shared';

/** The dashboard calls a key that ends within a week to attention as well. */
const SOON_MS = 7 * 24 * 3_600_000;

type Timing = Pick<Key, 'expiration' | 'expiresAt' | 'activatedAt'>;

/** Status by the gateway's rule: the first that holds of disabled, expired, not activated, active. */
export function statusWhen(enabled: boolean, key: Timing, nowMs: number): KeyStatus {
  if (!enabled) return 'disabled';
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs) return 'expired';
  const waits = key.expiration !== null && 'afterFirstUse' in key.expiration && key.activatedAt === null;
  return waits ? 'not-activated' : 'active';
}

/** The key with its switch flipped, for the moment until the gateway answers. */
export function withEnabled(key: Key, enabled: boolean, nowMs: number): Key {
  return { ...key, enabled, status: statusWhen(enabled, key, nowMs) };
}

/** How a key's end is shown: over, within a week, or far enough. */
export function expiryUrgency(expiresAt: string, nowMs: number): 'over' | 'soon' | 'far' {
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return 'over';
  return leftMs <= SOON_MS ? 'soon' : 'far';
}
