// Owns turning reservations into what was used: ledger rows in, one script call per owner.
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { alwaysCounted, type Meter, periodOf, readMeterId } from './meters.ts';
import type { Periods } from './periods.ts';
import { type SubjectName, USER_SUBJECT } from './subjects.ts';

const settleScript = defineScript(
  new URL('./scripts/settle.lua', import.meta.url),
  new URL('./scripts/window.lua', import.meta.url),
);

/** A row of the ledger as limits see it. */
export interface SettledRow {
  /** `request` ends the request: what is still reserved for it is given back. */
  readonly type: 'attempt' | 'request';
  readonly requestId: string;
  /** Of an attempt, its id. */
  readonly id: string;
  readonly keyId: string;
  readonly userId: string | null;
  /** When the request arrived: the periods it counts in. */
  readonly atMs: number;
  readonly chargedNanoUsd: number;
  readonly tokens: number;
  /** 1 for the request row of a request that counts. */
  readonly requests: number;
  /** Meters that count it beside those that count everything. */
  readonly counters: readonly string[];
  /** The ledger has just learnt of it. */
  readonly isNew: boolean;
}

/** One script call settles at most this many rows. */
const CALL_ROWS = 100;

export function ownerOf({ keyId, userId }: Pick<SettledRow, 'keyId' | 'userId'>): string {
  return userId ?? keyId;
}

/** Answers how many rows were settled. Rejects with RedisUnavailable; then the same rows may be settled again. */
export async function settleRows(
  redis: RedisConnections,
  periods: Periods,
  rows: readonly SettledRow[],
): Promise<number> {
  const byOwner = new Map<string, SettledRow[]>();
  for (const row of rows) {
    const known = byOwner.get(ownerOf(row));
    if (known === undefined) byOwner.set(ownerOf(row), [row]);
    else known.push(row);
  }
  const settled = await Promise.all(
    [...byOwner].map(async ([owner, all]) => {
      let count = 0;
      // In their order: an attempt before the end of its request.
      for (let from = 0; from < all.length; from += CALL_ROWS) {
        const call = new SettleCall(redis, periods, owner, all.slice(from, from + CALL_ROWS));
        count += Number(await settleScript.run(redis.background, call.keys, call.args));
      }
      return count;
    }),
  );
  return settled.reduce((sum, count) => sum + count, 0);
}

/** Counter of a row: subject's name and meter. */
export function readCounter(counter: string): { subject: SubjectName; meter: Meter } | null {
  const end = counter.indexOf('|');
  const subject = counter.slice(0, end);
  const meter = readMeterId(counter.slice(end + 1));
  return meter !== null && (subject === 'key' || subject === 'user') ? { subject, meter } : null;
}

/** Keys and arguments of one call, each subject, counter and hold named once. */
class SettleCall {
  readonly keys: string[];
  readonly #redis: RedisConnections;
  readonly #periods: Periods;
  readonly #owner: string;
  readonly #subjects = new Map<string, number>();
  readonly #holds = new Map<string, number>();
  readonly #counters = new Map<string, number>();
  readonly #counterArgs: (string | number)[] = [];
  readonly #rowArgs: (string | number)[] = [];

  constructor(redis: RedisConnections, periods: Periods, owner: string, rows: readonly SettledRow[]) {
    this.#redis = redis;
    this.#periods = periods;
    this.#owner = owner;
    this.keys = [redis.keyspace.limitLeases(owner)];
    // Subjects first: their keys stand before those of the holds.
    for (const row of rows) {
      this.#subject(row.keyId);
      if (row.userId !== null) this.#subject(USER_SUBJECT);
    }
    for (const row of rows) this.#addRow(row);
  }

  get args(): (string | number)[] {
    return [this.#subjects.size, this.#counters.size, ...this.#counterArgs, ...this.#rowArgs];
  }

  #addRow(row: SettledRow): void {
    const ofKey = this.#subject(row.keyId);
    const ofUser = row.userId === null ? 0 : this.#subject(USER_SUBJECT);
    const indexes: number[] = [];
    const count = (subject: number, name: SubjectName, meter: Meter): void => {
      const isRequests = meter.unit === 'requests';
      if (isRequests === (row.type === 'request'))
        indexes.push(this.#counter(subject, name, meter, row.atMs));
    };
    for (const meter of alwaysCounted) {
      count(ofKey, 'key', meter);
      if (ofUser > 0) count(ofUser, 'user', meter);
    }
    for (const text of row.counters) {
      const counter = readCounter(text);
      if (counter === null) continue;
      const subject = counter.subject === 'key' ? ofKey : ofUser;
      if (subject > 0) count(subject, counter.subject, counter.meter);
    }
    this.#rowArgs.push(
      row.type === 'request' ? 'r' : 'a',
      row.isNew ? 1 : 0,
      this.#hold(row.requestId),
      row.requestId,
      row.type === 'request' ? 'end' : `settled:${row.id}`,
      row.chargedNanoUsd,
      row.tokens,
      row.requests,
      ofKey,
      ofUser,
      indexes.length,
      ...indexes,
    );
  }

  #subject(id: string): number {
    const known = this.#subjects.get(id);
    if (known !== undefined) return known;
    const { keyspace } = this.#redis;
    this.keys.push(keyspace.limitMeters(this.#owner, id), keyspace.limitRunning(this.#owner, id));
    this.#subjects.set(id, this.#subjects.size + 1);
    return this.#subjects.size;
  }

  #hold(requestId: string): number {
    const known = this.#holds.get(requestId);
    if (known !== undefined) return known;
    const index = this.keys.push(this.#redis.keyspace.limitHold(this.#owner, requestId));
    this.#holds.set(requestId, index);
    return index;
  }

  #counter(subject: number, name: SubjectName, meter: Meter, atMs: number): number {
    const period = periodOf(meter, atMs, this.#periods);
    const key = `${subject} ${meter.id} ${period}`;
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const type = meter.type === 'budget' ? 'b' : 'w';
    this.#counterArgs.push(subject, name, meter.id, type, meter.unit, period);
    this.#counters.set(key, this.#counters.size + 1);
    return this.#counters.size;
  }
}
