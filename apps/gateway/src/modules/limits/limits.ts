// Owns what limits a relay key and its owner: how many requests run at the same time, windows, budgets; and the places
// of accounts. Reserved before the upstream is asked, exact over all replicas, settled from the ledger's rows. Whatever
// a process holds is a lease, so that one that dies holds nothing for long.
import type { LimitState } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { type Correction, correctRows, type CorrectionStep } from './corrections.ts';
import { AdmissionDesk, type Claim, type LimitRefusal } from './admission.ts';
import { type Amounts, Expectations } from './expectations.ts';
import { Leases } from './leases.ts';
import { findLostHolds, type LostHold } from './lost-holds.ts';
import type { LimitPolicy } from './meters.ts';
import { Periods } from './periods.ts';
import { QueueRoom } from './queue.ts';
import { ownerOf, type SettledRow, settleRows } from './settlement.ts';
import { Settling } from './settling.ts';
import { readStates } from './states.ts';
import { type LimitedKey, Subjects } from './subjects.ts';

const leaseScript = defineScript(new URL('./scripts/lease.lua', import.meta.url));
const leaveScript = defineScript(new URL('./scripts/leave.lua', import.meta.url));

/** A place that was taken, to be given back; giving back twice does no harm. */
export interface Reservation {
  release(): void;
}

/** What an admitted request holds. */
export interface Admitted extends Reservation {
  /** Meters that count it, for its ledger rows. */
  readonly counters: readonly string[];
  /** Reserves more before another attempt; the limit that has no room for it, or null. */
  topUp(more: Amounts): Promise<LimitRefusal | null>;
}

export type Admission =
  | { readonly type: 'reserved'; readonly reservation: Admitted; readonly sessionAccountId: string | null }
  /** `missing`: purged. The others as the gate of the key says. */
  | { readonly type: 'refused'; readonly reason: 'missing' | 'disabled' | 'deleted' | 'expired' }
  | { readonly type: 'limit'; readonly refusal: LimitRefusal }
  /** It stands in the key's queue; ask again, or leave it. */
  | { readonly type: 'waiting'; readonly rank: number }
  /** The key was changed since it was read; read it again and ask anew. */
  | { readonly type: 'stale' };

export interface Limits {
  readonly expectations: Expectations;
  /**
   * One script call: the key's status, and for a claim everything that limits the key and its owner, all or nothing.
   * `sessionKey`: a string that is read along. Rejects with RedisUnavailable.
   */
  admit(key: LimitedKey, claim: Claim | null, sessionKey?: string | null): Promise<Admission>;
  /** Resolves when it is worth asking again for a request that waits. */
  turn(key: LimitedKey, rank: number, longestMs: number, signal: AbortSignal): Promise<void>;
  /** Gives the place in the queue away; nobody waits for it. */
  leaveQueue(key: LimitedKey, requestId: string): void;
  /** Counts ledger rows, each once. Rejects with RedisUnavailable; then they may be settled again. */
  settle(rows: readonly SettledRow[]): Promise<void>;
  /**
   * Corrects the counters that count these rows, once for each step. Windows and periods that are over keep what they
   * counted: nobody asks them any more. Rejects with RedisUnavailable; then the step may be taken again.
   */
  correct(step: CorrectionStep, rows: readonly Correction[]): Promise<void>;
  /** One of an account's `max` places, null when none is free. Rejects with RedisUnavailable. */
  enterAccount(accountId: string, max: number, attemptId: string): Promise<Reservation | null>;
  /** How full the limits of each key and its owner are, in the order of the keys. */
  states(keys: readonly LimitedKey[]): Promise<LimitState[][]>;
  /** Reservations of processes that are gone, a while after their leases have run out; none soon after an outage. */
  lostHolds(): Promise<LostHold[]>;
  close(): void;
}

export interface LimitsOptions {
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly leaseMs?: number;
  /** How long a lease must have run out before its request is given up. */
  readonly graceMs?: number;
  /** Null for a user who has no limits. */
  readonly limitsOfUser?: (userId: string) => LimitPolicy | null;
  readonly onProblem: (error: unknown) => void;
}

const LEASE_MS = 60_000;
/** A restarted process knows better what became of its requests, and needs time to say so. */
const GRACE_MS = 300_000;
/** Owners are noted this often, so that whatever a dead process left can be found. */
const NOTE_OWNER_MS = 600_000;
const MAX_NOTED = 100_000;

export function createLimits(redis: RedisConnections, options: LimitsOptions): Limits {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const graceMs = options.graceMs ?? GRACE_MS;
  const { keyspace } = redis;
  const leases = new Leases(redis, leaseMs, options.onProblem);
  const periods = new Periods(options.calendar);
  const subjects = new Subjects(options.limitsOfUser ?? (() => null));
  const desk = new AdmissionDesk(redis, periods, subjects, leaseMs);
  const room = new QueueRoom();
  const settling = new Settling();
  const noted = new Map<string, number>();
  let upSince = performance.now();
  const forgetReconnects = redis.onReconnect(() => {
    upSince = performance.now();
  });

  /** Sent before the admission on the same connection: no hold without its owner being known. */
  function noteOwner(owner: string): void {
    const nowMs = options.clock.now();
    const last = noted.get(owner);
    if (last !== undefined && nowMs - last < NOTE_OWNER_MS) return;
    if (noted.size >= MAX_NOTED) noted.clear();
    noted.set(owner, nowMs);
    redis.commands.zadd(keyspace.limitOwners, 'GT', nowMs, owner).catch((error: unknown) => {
      noted.delete(owner);
      options.onProblem(error);
    });
  }

  function hold(key: LimitedKey, claim: Claim | null, counters: readonly string[]): Admitted {
    if (claim === null) return { counters, release: () => undefined, topUp: async () => null };
    const owner = key.userId ?? key.id;
    const { requestId } = claim;
    const running = subjects
      .of(key)
      .flatMap(({ id, concurrency }) => (concurrency > 0 ? [keyspace.limitRunning(owner, id)] : []));
    leases.watch(keyspace.limitLeases(owner), requestId);
    for (const places of running) leases.hold(places, requestId);
    return {
      counters,
      release: () => {
        leases.unwatch(keyspace.limitLeases(owner), requestId);
        for (const places of running) leases.giveBack(places, requestId);
        settling.ended(owner, requestId);
        room.notify(key.id);
      },
      topUp: (more) => desk.topUp(key, claim, more),
    };
  }

  return {
    expectations: new Expectations(),

    async admit(key, claim, sessionKey = null) {
      if (claim !== null) noteOwner(key.userId ?? key.id);
      let verdict = await desk.ask(key, claim, sessionKey);
      if (verdict.type === 'limit' && isOnlyReserved(verdict.refusal)) {
        const mayHaveRoom = await settling.next(key.userId ?? key.id);
        if (mayHaveRoom) verdict = await desk.ask(key, claim, sessionKey);
      }
      if (verdict.type !== 'ok') return verdict;
      const { accountId: sessionAccountId, counters } = verdict;
      return { type: 'reserved', reservation: hold(key, claim, counters), sessionAccountId };
    },

    turn: (key, rank, longestMs, signal) => room.wait(key.id, rank, longestMs, signal),

    leaveQueue(key, requestId) {
      const owner = key.userId ?? key.id;
      const keys = [keyspace.limitQueue(owner, key.id), keyspace.limitQueueLeases(owner, key.id)];
      leaveScript.run(redis.background, keys, [requestId]).catch(options.onProblem);
      room.notify(key.id);
    },

    async settle(rows) {
      await settleRows(redis, periods, rows);
      for (const row of rows) if (row.type === 'request') settling.settled(ownerOf(row), row.requestId);
    },

    correct: (step, rows) => correctRows(redis, periods, step, rows),

    async enterAccount(accountId, max, attemptId) {
      const running = keyspace.accountRunning(accountId);
      const taken = await leaseScript.run(redis.commands, [running], [attemptId, max, leaseMs]);
      if (taken !== 1) return null;
      leases.hold(running, attemptId);
      return { release: () => leases.giveBack(running, attemptId) };
    },

    states: (keys) => readStates(redis, periods, subjects, keys, options.clock.now()),

    async lostHolds() {
      // After an outage everybody first delivers what waited for its end, which may be longer than the grace.
      if (performance.now() - upSince < graceMs) return [];
      return findLostHolds(redis, graceMs, options.clock.now());
    },

    close() {
      forgetReconnects();
      leases.close();
    },
  };
}

/** There would be room, were it not for requests that have not been settled. */
function isOnlyReserved({ limit, held, max, needed, used }: LimitRefusal): boolean {
  return limit !== 'concurrency' && held > 0 && used + needed <= max;
}
