// Owns the ledger in Redis: records by request, the indexes that lead to them, the stream of what is not rolled up yet,
// and the cursor of the roller.
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { AppendCall, recordField, requestIdOf } from './append-call.ts';
import { readRecord } from './record-text.ts';
import type { LedgerEntry } from './records.ts';
import type { RollPlan } from './roll.ts';
import { addSums, packSums, unpackSums } from './sums.ts';

const appendScript = defineScript(new URL('./scripts/append.lua', import.meta.url));
const applyScript = defineScript(new URL('./scripts/apply.lua', import.meta.url));

const appendReply = z.array(z.number());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A record is known by its request's hash: it has to outlive every repeated delivery. */
const SHORTEST_RECORD_LIFE_MS = 3 * DAY_MS;
/** Rolled entries are only of use for looking into the last day. */
const STREAM_KEPT_MS = DAY_MS;

const FIRST_CURSOR = '0-0';

/** What one call has appended. */
export interface StreamEntry {
  readonly id: string;
  /** What its rows add to figures. */
  readonly lines: readonly string[];
  /** Names of the indexes it has added to. */
  readonly indexes: readonly string[];
}

export class LedgerRepository {
  readonly #redis: RedisConnections;
  readonly #retentionDays: () => number;

  constructor(redis: RedisConnections, retentionDays: () => number) {
    this.#redis = redis;
    this.#retentionDays = retentionDays;
  }

  get #retentionMs(): number {
    return this.#retentionDays() * DAY_MS;
  }

  /** Answers the entries that were new. One script call where all are; what is known is left out of the next one. */
  async append(entries: readonly LedgerEntry[]): Promise<Set<LedgerEntry>> {
    const { keyspace, background } = this.#redis;
    const lifeMs = Math.max(this.#retentionMs, SHORTEST_RECORD_LIFE_MS) + HOUR_MS;
    let left = entries;
    for (;;) {
      const call = new AppendCall(left, keyspace, lifeMs);
      if (call.records.length === 0) return new Set();
      const reply = await appendScript.run(background, call.keys, call.args);
      const known = new Set(appendReply.parse(reply));
      if (known.size === 0) return new Set(call.records);
      left = call.records.filter((_, index) => !known.has(index + 1));
    }
  }

  /** The record that stands under the id of each entry; null where there is none that can be read. */
  async stored(entries: readonly LedgerEntry[]): Promise<(LedgerEntry | null)[]> {
    const { keyspace, background } = this.#redis;
    const texts = await Promise.all(
      entries.map((entry) => background.hget(keyspace.requestRecord(requestIdOf(entry)), recordField(entry))),
    );
    return texts.map((text) => (text === null ? null : readRecord(text)));
  }

  /** Everything on the books of one request: its attempts and, once it has ended, itself. */
  async ofRequest(requestId: string): Promise<LedgerEntry[]> {
    const fields = await this.#redis.background.hgetall(this.#redis.keyspace.requestRecord(requestId));
    return Object.values(fields)
      .map(readRecord)
      .filter((entry) => entry !== null);
  }

  async cursor(): Promise<string> {
    return (await this.#redis.background.get(this.#redis.keyspace.ledgerCursor)) ?? FIRST_CURSOR;
  }

  /** Oldest first. */
  async readAfter(cursor: string, limit: number): Promise<StreamEntry[]> {
    const { keyspace, background } = this.#redis;
    const rows = await background.xrange(keyspace.ledger, `(${cursor}`, '+', 'COUNT', limit);
    return rows.map(([id, [, lines, , indexes]]) => ({
      id,
      lines: linesOf(lines),
      indexes: namesOf(indexes),
    }));
  }

  /** Id of the newest entry, `0-0` where there is none. */
  async lastEntryId(): Promise<string> {
    const [last] = await this.#redis.background.xrevrange(this.#redis.keyspace.ledger, '+', '-', 'COUNT', 1);
    return last?.[0] ?? FIRST_CURSOR;
  }

  /**
   * Adds the plan to what stands in Redis, and clears away what those indexes need not keep any more. False when the
   * cursor had moved, and nothing was changed.
   * `onOverflow` hears of figures that reached 2^53 and stay there.
   */
  async apply(
    plan: RollPlan,
    indexes: Iterable<string>,
    step: { readonly from: string; readonly to: string; readonly nowMs: number },
    onOverflow: (key: string, field: string) => void,
  ): Promise<boolean> {
    const { keyspace, background } = this.#redis;
    const keys = [keyspace.ledgerCursor, keyspace.ledger];
    const oldestMs = step.nowMs - this.#retentionMs;
    const streamFrom = earlier(step.to, `${Math.max(0, step.nowMs - STREAM_KEPT_MS)}-0`);
    const kept = [...plan.figures].filter(
      ([, { expiresAtMs }]) => expiresAtMs === null || expiresAtMs > step.nowMs,
    );
    const lifeMs = this.#retentionMs + HOUR_MS;
    const args: (string | number)[] = [step.from, step.to, streamFrom, oldestMs, lifeMs, kept.length];
    await Promise.all(
      kept.map(async ([key, { expiresAtMs, fields }]) => {
        const stored = await background.hmget(key, ...fields.keys());
        const values: string[] = [];
        for (const [index, [field, more]] of [...fields].entries()) {
          const sums = unpackSums(stored[index]);
          if (!addSums(sums, more)) onOverflow(key, field);
          values.push(field, packSums(sums));
        }
        keys.push(key);
        args.push(expiresAtMs === null ? 0 : expiresAtMs - step.nowMs, values.length, ...values);
      }),
    );
    for (const index of indexes) keys.push(keyspace.requestIndex(index));
    return (await applyScript.run(background, keys, args)) === 1;
  }

  /** Only ever later; not part of the batch's step, because repeating it changes nothing. */
  async noteUse(plan: RollPlan): Promise<void> {
    const { keyspace, background } = this.#redis;
    const note = async (key: string, times: ReadonlyMap<string, number>): Promise<void> => {
      if (times.size === 0) return;
      await background.zadd(key, 'GT', ...[...times].flatMap(([id, atMs]) => [atMs, id]));
    };
    await Promise.all([
      note(keyspace.keysLastUsed, plan.keysLastUsed),
      note(keyspace.accountsLastUsed, plan.accountsLastUsed),
    ]);
  }

  /** Takes or keeps the lease of the one who rolls. */
  async holdLease(holder: string, leaseMs: number): Promise<boolean> {
    const { keyspace, background } = this.#redis;
    if ((await background.set(keyspace.ledgerLease, holder, 'PX', leaseMs, 'NX')) === 'OK') return true;
    if ((await background.get(keyspace.ledgerLease)) !== holder) return false;
    await background.pexpire(keyspace.ledgerLease, leaseMs);
    return true;
  }

  /** Between the two commands another may have taken it over: two who roll are slower than one, not wrong. */
  async releaseLease(holder: string): Promise<void> {
    const { keyspace, background } = this.#redis;
    if ((await background.get(keyspace.ledgerLease)) === holder) await background.del(keyspace.ledgerLease);
  }
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}

function namesOf(text: string | undefined): string[] {
  return text === undefined ? [] : z.array(z.string()).parse(JSON.parse(text));
}

/** Compares stream ids (`<ms>-<sequence>`). */
export function isBefore(one: string, other: string): boolean {
  const [oneMs = 0, oneSequence = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return oneMs < otherMs || (oneMs === otherMs && oneSequence < otherSequence);
}

function earlier(one: string, other: string): string {
  return isBefore(other, one) ? other : one;
}
