// Owns what a key's end becomes when it is renewed. Pure.
import type { Expiration, keyRenewBody } from '@crs/shared';
import type { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import { expiryMs, type KeyDocument, readExpiration } from './document.ts';

export type Renewal = z.output<typeof keyRenewBody>;

const HOUR_MS = 3_600_000;

/**
 * The expiration after it. Days and hours count from the key's end, or from now where it has ended; of a key that
 * waits for its first use they are added to its life. Throws `wrong_state` for a key that never ends.
 */
export function renewed(
  { expiration }: Pick<KeyDocument, 'expiration'>,
  renewal: Renewal,
  activatedAtMs: number | null,
  nowMs: number,
): Expiration {
  if ('at' in renewal) return { at: new Date(renewal.at).toISOString() };
  if (expiration === null) {
    throw new ProblemError('wrong_state', 'The key never ends; there is nothing to renew');
  }
  const hours = 'days' in renewal ? renewal.days * 24 : renewal.hours;
  const endMs = expiryMs(readExpiration(expiration), activatedAtMs);
  if (endMs !== null) return { at: new Date(Math.max(endMs, nowMs) + hours * HOUR_MS).toISOString() };
  return { afterFirstUse: longerLife(expiration, renewal, hours) };
}

/** In days where both are given in days. */
function longerLife(
  expiration: Expiration,
  renewal: Renewal,
  hours: number,
): { days: number } | { hours: number } {
  if ('at' in expiration) throw new Error('a key with a fixed end has one');
  const life = expiration.afterFirstUse;
  if ('days' in life && 'days' in renewal) return { days: life.days + renewal.days };
  return { hours: hours + ('days' in life ? life.days * 24 : life.hours) };
}
