// Owns the one call before the upstream: the requests that wait for it, its arguments, and the reading of its answers.
// Requests of one key that come in the same turn of the event loop share a call; it judges them one after the other.
import type { BudgetMode, LimitState } from '@crs/shared';
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import type { Amounts } from './expectations.ts';
import { bucketLeavesMs, type LimitedMeter, limitName, periodOf } from './meters.ts';
import type { Periods } from './periods.ts';
import { type Plan, Plans } from './plans.ts';
import {
  type LimitedKey,
  type Subject,
  type SubjectMeters,
  type Subjects,
  USER_SUBJECT,
} from './subjects.ts';

const window = new URL('./scripts/window.lua', import.meta.url);
const hold = new URL('./scripts/hold.lua', import.meta.url);
const admitScript = defineScript(new URL('./scripts/admit.lua', import.meta.url), window, hold);
const topUpScript = defineScript(new URL('./scripts/top-up.lua', import.meta.url), window, hold);

/** A place in a queue whose process is gone is given to the next one after this time. */
const QUEUE_LEASE_MS = 10_000;
/** One call judges at most this many: Redis does nothing else meanwhile. */
const CALL_REQUESTS = 50;

/** What a request takes when it is admitted. */
export interface Claim {
  readonly requestId: string;
  /** When it arrived: the periods it counts in. */
  readonly atMs: number;
  readonly model: string;
  readonly mode: BudgetMode;
  readonly reserve: Amounts;
  /** Kept with the reservation, for whoever has to settle it when this process is gone. */
  readonly facts: (counters: readonly string[]) => string;
}

/** A limit that is in the way. */
export interface LimitRefusal
  extends Pick<LimitState, 'limit' | 'every' | 'owner' | 'max' | 'used' | 'held'> {
  readonly count: number | null;
  readonly models: readonly string[] | null;
  /** What the request would have reserved. */
  readonly needed: number;
  /** Null where time alone frees nothing. */
  readonly resetsAtMs: number | null;
}

export type Verdict =
  | { readonly type: 'ok'; readonly accountId: string | null; readonly counters: readonly string[] }
  | { readonly type: 'refused'; readonly reason: 'missing' | 'disabled' | 'deleted' | 'expired' }
  | { readonly type: 'stale' }
  | { readonly type: 'waiting'; readonly rank: number }
  | { readonly type: 'limit'; readonly refusal: LimitRefusal };

/** A request that waits for its verdict. */
interface Asked {
  readonly claim: Claim | null;
  readonly sessionKey: string | null;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

export class AdmissionDesk {
  readonly #redis: RedisConnections;
  readonly #periods: Periods;
  readonly #subjects: Subjects;
  readonly #plans: Plans;
  readonly #leaseMs: number;
  #asked = new Map<Plan, Asked[]>();

  constructor(redis: RedisConnections, periods: Periods, subjects: Subjects, leaseMs: number) {
    this.#redis = redis;
    this.#periods = periods;
    this.#subjects = subjects;
    this.#plans = new Plans(redis.keyspace, periods, subjects);
    this.#leaseMs = leaseMs;
  }

  /** Part of one script call. `claim` null: only the key's status counts. `sessionKey`: read along. */
  ask(key: LimitedKey, claim: Claim | null, sessionKey: string | null): Promise<Verdict> {
    const plan =
      claim === null ? this.#plans.ofStatus(key) : this.#plans.of(key, claim.model, claim.mode, claim.atMs);
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) this.#redis.commands.beforeWrite(() => this.#send());
      const asked = { claim, sessionKey, resolve, reject };
      const waiting = this.#asked.get(plan);
      if (waiting === undefined) this.#asked.set(plan, [asked]);
      else waiting.push(asked);
    });
  }

  #send(): void {
    const all = this.#asked;
    this.#asked = new Map();
    for (const [plan, asked] of all) {
      for (let from = 0; from < asked.length; from += CALL_REQUESTS) {
        void this.#judge(
          plan,
          asked.length <= CALL_REQUESTS ? asked : asked.slice(from, from + CALL_REQUESTS),
        );
      }
    }
  }

  /** Never rejects: who asked hears of it. */
  async #judge(plan: Plan, asked: readonly Asked[]): Promise<void> {
    const keys = plan.keys.slice();
    const args: (string | number)[] = [
      plan.key.version,
      this.#leaseMs,
      plan.places,
      QUEUE_LEASE_MS,
      plan.policy,
    ];
    for (const { claim, sessionKey } of asked) {
      const session = sessionKey === null ? 0 : keys.push(sessionKey) - plan.keys.length;
      if (claim === null) args.push('', 0, 0, '', session);
      else {
        const { requestId, reserve, facts } = claim;
        args.push(requestId, reserve.usd, reserve.tokens, facts(plan.counters), session);
      }
    }
    try {
      const answers = await admitScript.run(this.#redis.commands, keys, args);
      if (!Array.isArray(answers)) throw new Error(`${admitScript.name} answered ${String(answers)}`);
      for (const [index, one] of asked.entries()) one.resolve(this.#verdict(plan, one.claim, answers[index]));
    } catch (error) {
      for (const one of asked) one.reject(error);
    }
  }

  /** By hand: every request passes here. */
  #verdict(plan: Plan, claim: Claim | null, answer: unknown): Verdict {
    const { subjects, counters } = plan;
    if (typeof answer === 'string') {
      return { type: 'ok', accountId: answer === '' ? null : answer, counters };
    }
    const [verdict = '', ...rest] = Array.isArray(answer) ? answer.map(String) : [];
    const numbers = rest.map(Number);
    switch (verdict) {
      case 'stale':
        return { type: 'stale' };
      case 'waiting':
        return { type: 'waiting', rank: numbers[0] ?? 0 };
      case 'busy':
        return { type: 'limit', refusal: concurrencyRefusal(subjects, numbers) };
      case 'limit':
        return { type: 'limit', refusal: this.#meterRefusal(subjects, claim, numbers) };
      case 'missing':
      case 'disabled':
      case 'deleted':
      case 'expired':
        return { type: 'refused', reason: verdict };
      default:
        throw new Error(`${admitScript.name} answered ${String(answer)}`);
    }
  }

  /** Reserves more for a request that runs; null when it is reserved. */
  async topUp(key: LimitedKey, claim: Claim, more: Amounts): Promise<LimitRefusal | null> {
    const { keyspace } = this.#redis;
    const owner = key.userId ?? key.id;
    const keys = [keyspace.limitHolds(owner)];
    const args: (string | number)[] = [claim.requestId];
    const meters: { subject: Subject; meter: LimitedMeter; amount: number }[] = [];
    for (const subject of this.#subjects.metersOf(key, claim.model)) {
      const index = keys.push(keyspace.limitMeters(owner, subject.id));
      for (const meter of subject.limited) {
        // Another attempt is no other request.
        if (meter.unit === 'requests') continue;
        const amount = amountOf(more[meter.unit], meter.max, claim.mode);
        if (amount === 0) continue;
        meters.push({ subject, meter, amount });
        const type = meter.type === 'budget' ? 'b' : 'w';
        const period = periodOf(meter, claim.atMs, this.#periods);
        args.push(index, subject.name, meter.id, type, period, meter.max, amount);
      }
    }
    if (meters.length === 0) return null;
    const answer = await topUpScript.run(this.#redis.commands, keys, args);
    const [verdict, at = 0, used = 0, held = 0] = z.tuple([z.string()], z.coerce.number()).parse(answer);
    const found = meters[at - 1];
    if (verdict === 'ok' || found === undefined) return null;
    const { subject, meter, amount } = found;
    return this.#refusal(subject, meter, { used, held, needed: amount, leaving: 0 }, claim.atMs);
  }

  #meterRefusal(
    subjects: readonly SubjectMeters[],
    claim: Claim | null,
    [subjectIndex = 0, meterIndex = 0, used = 0, held = 0, needed = 0, leaving = 0]: readonly number[],
  ): LimitRefusal {
    const subject = subjects[subjectIndex - 1];
    const meter = subject?.limited[meterIndex - 1];
    if (subject === undefined || meter === undefined || claim === null)
      throw new Error(`${admitScript.name} named a limit that is not there`);
    return this.#refusal(subject, meter, { used, held, needed, leaving }, claim.atMs);
  }

  #refusal(
    { name }: Subject,
    meter: LimitedMeter,
    { used, held, needed, leaving }: { used: number; held: number; needed: number; leaving: number },
    atMs: number,
  ): LimitRefusal {
    const resetsAtMs =
      meter.type === 'budget'
        ? this.#periods.at(meter.every, meter.reset, atMs).endMs
        : leaving === 0
          ? null
          : bucketLeavesMs(meter, leaving);
    return {
      limit: limitName(meter),
      every: meter.every,
      count: meter.type === 'window' ? meter.count : null,
      models: meter.models,
      owner: name,
      max: meter.max,
      used,
      held,
      needed,
      resetsAtMs,
    };
  }
}

/**
 * What a request reserves of a meter of money or tokens, as admit.lua has it too. Expectations are no promise: one that
 * is larger than the whole limit must not keep every request out for good.
 */
function amountOf(amount: number, max: number, mode: BudgetMode): number {
  return mode === 'strict' ? amount : Math.min(Math.max(1, amount), max);
}

function concurrencyRefusal(
  subjects: readonly SubjectMeters[],
  [index = 1, used = -1]: readonly number[],
): LimitRefusal {
  const subject = subjects[index - 1];
  const max = subject?.concurrency ?? 0;
  return {
    limit: 'concurrency',
    every: null,
    count: null,
    models: null,
    owner: subject?.id === USER_SUBJECT ? 'user' : 'key',
    max,
    // Not even looked at where others wait already.
    used: used < 0 ? max : used,
    held: 0,
    needed: 1,
    resetsAtMs: null,
  };
}
