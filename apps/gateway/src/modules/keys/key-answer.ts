// Owns a key as it is answered: what is stored, what its uses say of it, how full its limits are.
import type { Key, LimitState, usageSummarySchema } from '@crs/shared';
import type { z } from 'zod';
import { expiryMs, keyStatus, readExpiration } from './document.ts';
import type { KeyView } from './keys.service.ts';

type UsageSummary = z.output<typeof usageSummarySchema>;

/** Everything but the hash of the secret. */
export function keyAnswer(view: KeyView, usage: UsageSummary, limits: LimitState[], nowMs: number): Key {
  const { secretHash: _secretHash, ...key } = view.key;
  const times = readExpiration(key.expiration);
  const facts = { ...times, ...view, isDeleted: key.deletedAt !== null, enabled: key.enabled };
  return {
    ...key,
    status: keyStatus(facts, nowMs),
    expiresAt: isoTime(expiryMs(times, view.activatedAtMs)),
    activatedAt: isoTime(view.activatedAtMs),
    lastUsedAt: isoTime(view.lastUsedAtMs),
    usage,
    limits,
  };
}

function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
