// Owns the one call before the upstream: the arguments of admit.lua and the reading of its answer.
import type { BudgetMode, LimitState } from '@crs/shared';
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import type { Amounts } from './expectations.ts';
import { bucketLeavesMs, type LimitedMeter, limitName, periodOf } from './meters.ts';
import type { Periods } from './periods.ts';
import {
  type LimitedKey,
  type Subject,
  type SubjectMeters,
  type Subjects,
  USER_SUBJECT,
} from './subjects.ts';

const window = new URL('./scripts/window.lua', import.meta.url);
const admitScript = defineScript(new URL('./scripts/admit.lua', import.meta.url), window);
const topUpScript = defineScript(new URL('./scripts/top-up.lua', import.meta.url), window);

/** A place in a queue whose process is gone is given to the next one after this time. */
const QUEUE_LEASE_MS = 10_000;

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

/** By hand: every request passes here. */
function readAnswer(answer: unknown): [verdict: string, account: string, numbers: number[]] {
  if (!Array.isArray(answer)) throw new Error(`${admitScript.name} answered ${String(answer)}`);
  const [verdict, account = '', ...numbers] = answer.map(String);
  return [verdict ?? '', account, numbers.map(Number)];
}

export class AdmissionDesk {
  readonly #redis: RedisConnections;
  readonly #periods: Periods;
  readonly #subjects: Subjects;
  readonly #leaseMs: number;

  constructor(redis: RedisConnections, periods: Periods, subjects: Subjects, leaseMs: number) {
    this.#redis = redis;
    this.#periods = periods;
    this.#subjects = subjects;
    this.#leaseMs = leaseMs;
  }

  /** One script call. `claim` null: only the key's status counts. `sessionKey`: read along. */
  async ask(key: LimitedKey, claim: Claim | null, sessionKey: string | null): Promise<Verdict> {
    const { keyspace } = this.#redis;
    const owner = key.userId ?? key.id;
    const requestId = claim?.requestId ?? '';
    const subjects = claim === null ? [] : this.#subjects.metersOf(key, claim.model);
    const counters = subjects.flatMap((subject) => subject.counters);
    const gate = keyspace.keyGate(owner, key.id);
    const keys = [
      gate,
      keyspace.limitLeases(owner),
      keyspace.limitHold(owner, requestId),
      sessionKey ?? gate,
      keyspace.limitQueue(owner, key.id),
      keyspace.limitQueueLeases(owner, key.id),
    ];
    const places = claim === null ? 0 : (key.queue?.size ?? 0);
    const args: (string | number)[] = [
      key.version,
      requestId,
      this.#leaseMs,
      claim?.facts(counters) ?? '',
      places,
      QUEUE_LEASE_MS,
      subjects.length,
    ];
    for (const subject of subjects) {
      keys.push(keyspace.limitMeters(owner, subject.id), keyspace.limitRunning(owner, subject.id));
      args.push(subject.concurrency, subject.name, subject.limited.length);
      if (claim !== null) for (const meter of subject.limited) args.push(...this.#meterArgs(meter, claim));
    }
    const [verdict, account, numbers] = readAnswer(await admitScript.run(this.#redis.commands, keys, args));
    switch (verdict) {
      case 'ok':
        return { type: 'ok', accountId: account === '' ? null : account, counters };
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
        throw new Error(`${admitScript.name} answered ${verdict}`);
    }
  }

  /** Reserves more for a request that runs; null when it is reserved. */
  async topUp(key: LimitedKey, claim: Claim, more: Amounts): Promise<LimitRefusal | null> {
    const { keyspace } = this.#redis;
    const owner = key.userId ?? key.id;
    const keys = [keyspace.limitHold(owner, claim.requestId)];
    const args: (string | number)[] = [];
    const meters: { subject: Subject; meter: LimitedMeter; amount: number }[] = [];
    for (const subject of this.#subjects.metersOf(key, claim.model)) {
      const index = keys.push(keyspace.limitMeters(owner, subject.id));
      for (const meter of subject.limited) {
        const amount = meter.unit === 'requests' ? 0 : amountOf(meter, more, claim.mode);
        if (amount === 0) continue;
        meters.push({ subject, meter, amount });
        const [id, type, period, max] = this.#meterArgs(meter, claim);
        args.push(index, subject.name, id, type, period, max, amount);
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

  #meterArgs(meter: LimitedMeter, claim: Claim): [string, string, number, number, number] {
    return [
      meter.id,
      meter.type === 'budget' ? 'b' : 'w',
      periodOf(meter, claim.atMs, this.#periods),
      meter.max,
      amountOf(meter, claim.reserve, claim.mode),
    ];
  }

  #meterRefusal(
    subjects: readonly SubjectMeters[],
    claim: Claim | null,
    [subjectIndex = 0, meterIndex = 0, used = 0, held = 0, leaving = 0]: readonly number[],
  ): LimitRefusal {
    const subject = subjects[subjectIndex - 1];
    const meter = subject?.limited[meterIndex - 1];
    if (subject === undefined || meter === undefined || claim === null)
      throw new Error(`${admitScript.name} named a limit that is not there`);
    const needed = amountOf(meter, claim.reserve, claim.mode);
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
 * What a request reserves of a meter. Expectations are no promise: one that is larger than the whole limit must not keep
 * every request out for good.
 */
function amountOf(meter: LimitedMeter, reserve: Amounts, mode: BudgetMode): number {
  if (meter.unit === 'requests') return 1;
  const amount = reserve[meter.unit];
  return mode === 'strict' ? amount : Math.min(Math.max(1, amount), meter.max);
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
