// Owns what may run at the same time: reservations of relay keys and of accounts, exact over all replicas. Every
// reservation is a lease that is prolonged while its request runs, so a process that dies holds nothing for long.
import { z } from 'zod';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { defineScript } from '../../platform/redis/index.ts';
import { Leases } from './leases.ts';

const admitScript = defineScript(new URL('./scripts/admit.lua', import.meta.url));
const leaseScript = defineScript(new URL('./scripts/lease.lua', import.meta.url));

/** What of a relay key the admission needs. */
interface LimitedKey {
  readonly id: string;
  readonly version: number;
  /** 0 = no limit. */
  readonly concurrency: number;
}

/** What was taken, to be given back; giving back twice does no harm. */
export interface Reservation {
  release(): void;
}

type Admission =
  | { readonly type: 'reserved'; readonly reservation: Reservation }
  /** `missing`: purged. The others as the gate of the key says. */
  | {
      readonly type: 'refused';
      readonly reason: 'missing' | 'disabled' | 'deleted' | 'expired' | 'concurrency';
    }
  /** The key was changed since it was read; read it again and ask anew. */
  | { readonly type: 'stale' };

export interface Limits {
  /** One script call: the key's status and its concurrency. Rejects with RedisUnavailable. */
  admit(key: LimitedKey, requestId: string): Promise<Admission>;
  /** One of an account's `max` places, null when none is free. Rejects with RedisUnavailable. */
  enterAccount(accountId: string, max: number, attemptId: string): Promise<Reservation | null>;
  /** Requests running now under each key that has a limit, in the order of the ids. */
  concurrencyInUse(keyIds: readonly string[]): Promise<number[]>;
  close(): void;
}

export interface LimitsOptions {
  readonly leaseMs?: number;
  readonly onProblem: (error: unknown) => void;
}

const LEASE_MS = 60_000;
const answerSchema = z.tuple([
  z.enum(['ok', 'missing', 'disabled', 'deleted', 'expired', 'stale', 'busy']),
  z.number(),
]);
const nothingHeld: Reservation = { release: () => undefined };

export function createLimits(redis: RedisConnections, options: LimitsOptions): Limits {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const leases = new Leases(redis, leaseMs, options.onProblem);
  const { keyspace } = redis;

  return {
    async admit(key, requestId) {
      const running = keyspace.keyRunning(key.id);
      const answer = await admitScript.run(
        redis.commands,
        [keyspace.keyGate(key.id), running],
        [key.version, requestId, key.concurrency, leaseMs],
      );
      const [verdict] = answerSchema.parse(answer);
      switch (verdict) {
        case 'ok':
          return {
            type: 'reserved',
            reservation: key.concurrency === 0 ? nothingHeld : leases.hold(running, requestId),
          };
        case 'stale':
          return { type: 'stale' };
        case 'busy':
          return { type: 'refused', reason: 'concurrency' };
        default:
          return { type: 'refused', reason: verdict };
      }
    },

    async enterAccount(accountId, max, attemptId) {
      const running = keyspace.accountRunning(accountId);
      const taken = await leaseScript.run(redis.commands, [running], [attemptId, max, leaseMs]);
      return taken === 1 ? leases.hold(running, attemptId) : null;
    },

    concurrencyInUse(keyIds) {
      const nowMs = Date.now();
      return Promise.all(keyIds.map((id) => redis.background.zcount(keyspace.keyRunning(id), nowMs, '+inf')));
    },

    close: () => leases.close(),
  };
}
