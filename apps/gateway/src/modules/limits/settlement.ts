// Owns turning reservations into what was used: ledger rows in, one script call per owner.
import { newId } from '../../platform/ids.ts';
import { defineScript, type Keyspace, type RedisConnections } from '../../platform/redis/index.ts';
import { alwaysCounted, type Meter, periodAround, readMeterId } from './meters.ts';
import type { Periods } from './periods.ts';
import { type SubjectName, USER_SUBJECT } from './subjects.ts';

const settleScript = defineScript(
  new URL('./scripts/settle.lua', import.meta.url),
  new URL('./scripts/window.lua', import.meta.url),
  new URL('./scripts/hold.lua', import.meta.url),
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
const CALL_ROWS = 256;

export function ownerOf({ keyId, userId }: Pick<SettledRow, 'keyId' | 'userId'>): string {
  return userId ?? keyId;
}

/** Rejects with RedisUnavailable; then the same rows may be settled again. */
export async function settleRows(
  redis: RedisConnections,
  periods: Periods,
  rows: readonly SettledRow[],
): Promise<void> {
  const byOwner = new Map<string, SettledRow[]>();
  for (const row of rows) {
    const owner = ownerOf(row);
    const known = byOwner.get(owner);
    if (known === undefined) byOwner.set(owner, [row]);
    else known.push(row);
  }
  await Promise.all(
    [...byOwner].map(async ([owner, all]) => {
      // In their order: an attempt before the end of its request.
      for (let from = 0; from < all.length; from += CALL_ROWS) {
        const call = new SettleCall(redis.keyspace, periods, owner);
        for (const row of all.slice(from, from + CALL_ROWS)) call.add(row);
        await settleScript.run(redis.background, call.keys, [call.text()]);
      }
    }),
  );
}

/** Counter of a row: subject's name and meter. */
export function readCounter(counter: string): { subject: SubjectName; meter: Meter } | null {
  const end = counter.indexOf('|');
  const subject = counter.slice(0, end);
  const meter = readMeterId(counter.slice(end + 1));
  return meter !== null && (subject === 'key' || subject === 'user') ? { subject, meter } : null;
}

/** Whose counters count a row, and which, for requests of some time. */
interface Shape {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly index: number;
}

/** As the script has it: id, index of the shape, then five members for each row. */
type Request = (string | number)[];
/** Where the first row begins. */
const ROW_AT = 2;

/** One call: each subject, counter and request named once. */
class SettleCall {
  readonly keys: string[];
  readonly #keyspace: Keyspace;
  readonly #periods: Periods;
  readonly #owner: string;
  readonly #subjects = new Map<string, number>();
  readonly #counterIndexes = new Map<string, number>();
  readonly #counters: (string | number)[][] = [];
  /** By key, user and counters. */
  readonly #shapesByName = new Map<string, Shape[]>();
  readonly #shapes: [ofKey: number, ofUser: number, counters: number[]][] = [];
  readonly #requests = new Map<string, Request>();

  constructor(keyspace: Keyspace, periods: Periods, owner: string) {
    this.#keyspace = keyspace;
    this.#periods = periods;
    this.#owner = owner;
    this.keys = [
      keyspace.limitSettled(owner, newId()),
      keyspace.limitLeases(owner),
      keyspace.limitHolds(owner),
    ];
  }

  add(row: SettledRow): void {
    const shape = this.#shape(row);
    const mark = row.type === 'request' ? 'end' : row.id;
    let request = this.#requests.get(row.requestId);
    if (request === undefined) {
      request = [row.requestId, shape.index];
      this.#requests.set(row.requestId, request);
    }
    const known = request.indexOf(mark, ROW_AT);
    if (known === -1) request.push(mark, row.isNew ? 1 : 0, row.chargedNanoUsd, row.tokens, row.requests);
    // Delivered twice in one batch: it counts once, and is new if the ledger says so of one of them.
    else if (row.isNew) request[known + 1] = 1;
  }

  text(): string {
    return JSON.stringify([this.#counters, this.#shapes, [...this.#requests.values()]]);
  }

  /** Rows of one request are counted by the same counters: it is they that its reservation was for. */
  #shape(row: SettledRow): Shape {
    const name = `${row.keyId}\n${row.counters.join('\n')}`;
    let shapes = this.#shapesByName.get(name);
    if (shapes === undefined) {
      shapes = [];
      this.#shapesByName.set(name, shapes);
    }
    const known = shapes.find(({ fromMs, untilMs }) => row.atMs >= fromMs && row.atMs < untilMs);
    if (known !== undefined) return known;
    const shape = this.#newShape(row);
    shapes.push(shape);
    return shape;
  }

  #newShape(row: SettledRow): Shape {
    const ofKey = this.#subject(row.keyId);
    const ofUser = row.userId === null ? 0 : this.#subject(USER_SUBJECT);
    let fromMs = Number.NEGATIVE_INFINITY;
    let untilMs = Number.POSITIVE_INFINITY;
    const indexes = new Set<number>();
    const count = (name: SubjectName, meter: Meter): void => {
      const subject = name === 'key' ? ofKey : ofUser;
      if (subject === 0) return;
      const period = periodAround(meter, row.atMs, this.#periods);
      fromMs = Math.max(fromMs, period.fromMs);
      untilMs = Math.min(untilMs, period.untilMs);
      indexes.add(this.#counter(subject, name, meter, period.number));
    };
    for (const meter of alwaysCounted) {
      count('key', meter);
      count('user', meter);
    }
    for (const text of row.counters) {
      const counter = readCounter(text);
      if (counter !== null) count(counter.subject, counter.meter);
    }
    return { fromMs, untilMs, index: this.#shapes.push([ofKey, ofUser, [...indexes]]) };
  }

  #subject(id: string): number {
    const known = this.#subjects.get(id);
    if (known !== undefined) return known;
    this.keys.push(this.#keyspace.limitMeters(this.#owner, id), this.#keyspace.limitRunning(this.#owner, id));
    this.#subjects.set(id, this.#subjects.size + 1);
    return this.#subjects.size;
  }

  #counter(subject: number, name: SubjectName, meter: Meter, period: number): number {
    const key = `${subject} ${meter.id} ${period}`;
    const known = this.#counterIndexes.get(key);
    if (known !== undefined) return known;
    const type = meter.type === 'budget' ? 'b' : 'w';
    const index = this.#counters.push([subject, name, meter.id, type, meter.unit, period]);
    this.#counterIndexes.set(key, index);
    return index;
  }
}
