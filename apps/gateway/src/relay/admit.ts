// Stage 3: one script call reserves everything of the key, or names what is in the way.
import type { KeyDocument, Keys } from '../modules/keys/index.ts';
import type { Limits, Reservation } from '../modules/limits/index.ts';
import { refusals } from './refusal.ts';

export interface Admitted {
  /** As of now: a key that was changed since it was cached has been read again. */
  readonly key: KeyDocument;
  readonly reservation: Reservation;
  /** The account that serves the client's session, null where there is none. */
  readonly stickyAccountId: string | null;
}

/** A key that keeps changing under the request is given up on after as many readings. */
const MAX_READINGS = 3;

/**
 * Throws a Refusal, or RedisUnavailable. `holds` false: the call takes no place (token counts, model lists). `stickyKey`
 * names the client's session in Redis, null where the request names none.
 */
export async function admit(
  keys: Keys,
  limits: Limits,
  cached: KeyDocument,
  requestId: string,
  holds: boolean,
  stickyKey: string | null = null,
): Promise<Admitted> {
  let key = cached;
  for (let reading = 0; reading < MAX_READINGS; reading += 1) {
    const { id, version, concurrency } = key;
    const admission = await limits.admit(
      { id, version, concurrency: holds ? concurrency : 0 },
      requestId,
      stickyKey,
    );
    if (admission.type === 'reserved') {
      const { reservation, stickyAccountId } = admission;
      return { key, reservation, stickyAccountId };
    }
    if (admission.type === 'refused') throw refusalOf(admission.reason, concurrency);
    const fresh = await keys.reload(id);
    if (fresh === null) throw refusals.keyUnknown();
    key = fresh;
  }
  throw refusals.internal();
}

function refusalOf(
  reason: 'missing' | 'disabled' | 'deleted' | 'expired' | 'concurrency',
  concurrency: number,
): Error {
  switch (reason) {
    case 'missing':
      return refusals.keyUnknown();
    case 'disabled':
      return refusals.keyDisabled();
    case 'deleted':
      return refusals.keyDeleted();
    case 'expired':
      return refusals.keyExpired();
    case 'concurrency':
      return refusals.concurrencyReached(concurrency);
  }
}
