// Stage 3: one script call reserves everything of the key and its owner, or names what is in the way. A request whose
// key has a queue waits for a free place here.
import type { KeyDocument, Keys } from '../modules/keys/index.ts';
import type { Admission, Admitted as Reservation, Claim, Limits } from '../modules/limits/index.ts';
import { refusals } from './refusal.ts';

export interface Admitted {
  /** As of now: a key that was changed since it was cached has been read again. */
  readonly key: KeyDocument;
  readonly reservation: Reservation;
  /** What was reserved; null where the call takes nothing. */
  readonly claim: Claim | null;
  /** The account that serves the client's session, null where there is none. */
  readonly stickyAccountId: string | null;
}

export interface AdmitInput {
  readonly key: KeyDocument;
  /** What was presented for it; a key that has another secret since is refused. */
  readonly secretHash: string;
  /** What the request takes under this state of its key; null: only the key's status counts. */
  readonly claim: (key: KeyDocument) => Claim | null;
  /** Names the client's session in Redis, null where the request names none. */
  readonly stickyKey: string | null;
  readonly nowMs: () => number;
  /** Made where it has to wait: the client left, or the process must go. */
  readonly signal: () => AbortSignal;
}

/** A key that keeps changing under the request is given up on after as many readings. */
const MAX_READINGS = 3;

/** Throws a Refusal, or RedisUnavailable. */
export async function admit(keys: Keys, limits: Limits, input: AdmitInput): Promise<Admitted> {
  const { secretHash } = input;
  let { key } = input;
  for (let reading = 0; reading < MAX_READINGS; reading += 1) {
    const claim = input.claim(key);
    const admission = await waitForPlace(limits, key, claim, input);
    if (admission.type === 'reserved') {
      return { key, claim, reservation: admission.reservation, stickyAccountId: admission.sessionAccountId };
    }
    if (admission.type === 'limit') throw refusals.limitReached(admission.refusal, input.nowMs());
    if (admission.type === 'refused') throw refusalOf(admission.reason);
    const fresh = await keys.reload({ key, secretHash });
    if (fresh === null) throw refusals.keyUnknown();
    ({ key } = fresh);
  }
  throw refusals.internal();
}

/** Asks until the answer is not "wait", the time of the queue is over, or nobody waits any more. */
async function waitForPlace(
  limits: Limits,
  key: KeyDocument,
  claim: Claim | null,
  { stickyKey, nowMs, signal: signalOf }: AdmitInput,
): Promise<Exclude<Admission, { type: 'waiting' }>> {
  const first = await limits.admit(key, claim, stickyKey);
  if (first.type !== 'waiting' || claim === null || key.queue === null) return notWaiting(first);
  const endsAtMs = nowMs() + key.queue.waitSeconds * 1000;
  let { rank } = first;
  const signal = signalOf();
  try {
    for (;;) {
      await limits.turn(key, rank, Math.max(0, endsAtMs - nowMs()), signal);
      if (signal.aborted) throw refusals.leftQueue();
      const admission = await limits.admit(key, claim, stickyKey);
      if (admission.type !== 'waiting') {
        if (admission.type === 'stale') limits.leaveQueue(key, claim.requestId);
        return admission;
      }
      rank = admission.rank;
      if (nowMs() >= endsAtMs) throw refusals.waitedTooLong(key.concurrency, key.queue.waitSeconds);
    }
  } catch (error) {
    limits.leaveQueue(key, claim.requestId);
    throw error;
  }
}

function notWaiting(admission: Admission): Exclude<Admission, { type: 'waiting' }> {
  if (admission.type === 'waiting') throw new Error('a request without a queue was told to wait');
  return admission;
}

function refusalOf(reason: 'missing' | 'disabled' | 'deleted' | 'expired'): Error {
  switch (reason) {
    case 'missing':
      return refusals.keyUnknown();
    case 'disabled':
      return refusals.keyDisabled();
    case 'deleted':
      return refusals.keyDeleted();
    case 'expired':
      return refusals.keyExpired();
  }
}
