// Owns the ledger in Redis: records by request, the stream of what is not rolled up yet, and the cursor of the roller.
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { attemptRecordSchema, type LedgerEntry, recordJson, requestRecordSchema } from './records.ts';
import type { RollPlan } from './roll.ts';
import { encodeRollEntry } from './roll-entry.ts';
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
export const REQUEST_FIELD = 'request';

export interface StreamEntry {
  readonly id: string;
  /** One for each record. */
  readonly lines: readonly string[];
}

export class LedgerRepository {
  readonly #redis: RedisConnections;
  readonly #retentionMs: number;

  constructor(redis: RedisConnections, retentionDays: number) {
    this.#redis = redis;
    this.#retentionMs = retentionDays * DAY_MS;
  }

  /** One script call; answers the entries that were new. */
  async append(entries: readonly LedgerEntry[]): Promise<Set<LedgerEntry>> {
    const { keyspace, background } = this.#redis;
    const keys = [keyspace.ledger];
    const args: (string | number)[] = [Math.max(this.#retentionMs, SHORTEST_RECORD_LIFE_MS) + HOUR_MS];
    const grouped = byRequest(entries);
    for (const [requestId, records] of grouped) {
      keys.push(keyspace.requestRecord(requestId));
      args.push(records.length);
      for (const entry of records) args.push(recordField(entry), recordJson(entry), encodeRollEntry(entry));
    }
    const reply = appendReply.parse(await appendScript.run(background, keys, args));
    const inOrder = [...grouped.values()].flat();
    return new Set(inOrder.filter((_, index) => reply[index] === 1));
  }

  /** The record that stands under the id of each entry; null where there is none that can be read. */
  async stored(entries: readonly LedgerEntry[]): Promise<(LedgerEntry | null)[]> {
    const { keyspace, background } = this.#redis;
    const texts = await Promise.all(
      entries.map((entry) => background.hget(keyspace.requestRecord(requestIdOf(entry)), recordField(entry))),
    );
    return texts.map((text, index) => readEntry(entries[index]?.type, text));
  }

  /** Everything on the books of one request: its attempts and, once it has ended, itself. */
  async ofRequest(requestId: string): Promise<LedgerEntry[]> {
    const fields = await this.#redis.background.hgetall(this.#redis.keyspace.requestRecord(requestId));
    return Object.entries(fields).flatMap(([field, text]) => {
      const entry = readEntry(field === REQUEST_FIELD ? 'request' : 'attempt', text);
      return entry === null ? [] : [entry];
    });
  }

  async cursor(): Promise<string> {
    return (await this.#redis.background.get(this.#redis.keyspace.ledgerCursor)) ?? FIRST_CURSOR;
  }

  /** Oldest first. */
  async readAfter(cursor: string, limit: number): Promise<StreamEntry[]> {
    const { keyspace, background } = this.#redis;
    const rows = await background.xrange(keyspace.ledger, `(${cursor}`, '+', 'COUNT', limit);
    return rows.map(([id, fields]) => ({ id, lines: fields[1]?.split('\n') ?? [] }));
  }

  /** Id of the newest entry, `0-0` where there is none. */
  async lastEntryId(): Promise<string> {
    const [last] = await this.#redis.background.xrevrange(this.#redis.keyspace.ledger, '+', '-', 'COUNT', 1);
    return last?.[0] ?? FIRST_CURSOR;
  }

  /**
   * Adds the plan to what stands in Redis. False when the cursor had moved, and nothing was changed.
   * `onOverflow` hears of figures that reached 2^53 and stay there.
   */
  async apply(
    plan: RollPlan,
    step: { readonly from: string; readonly to: string; readonly nowMs: number },
    onOverflow: (key: string, field: string) => void,
  ): Promise<boolean> {
    const { keyspace, background } = this.#redis;
    const keys = [keyspace.ledgerCursor, keyspace.ledger];
    const oldestMs = step.nowMs - this.#retentionMs;
    const streamFrom = earlier(step.to, `${Math.max(0, step.nowMs - STREAM_KEPT_MS)}-0`);
    const args: (string | number)[] = [step.from, step.to, streamFrom, oldestMs, this.#retentionMs + HOUR_MS];
    const kept = [...plan.figures].filter(
      ([, { expiresAtMs }]) => expiresAtMs === null || expiresAtMs > step.nowMs,
    );
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
        args.push('figures', expiresAtMs === null ? 0 : expiresAtMs - step.nowMs, values.length, ...values);
      }),
    );
    for (const [index, additions] of plan.indexes) {
      keys.push(keyspace.requestIndex(index));
      args.push('index', 0, additions.length, ...additions);
    }
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

/** In the order in which the requests first appear. */
function byRequest(entries: readonly LedgerEntry[]): Map<string, LedgerEntry[]> {
  const requests = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const id = requestIdOf(entry);
    const records = requests.get(id);
    if (records === undefined) requests.set(id, [entry]);
    else records.push(entry);
  }
  return requests;
}

function readEntry(type: LedgerEntry['type'] | undefined, text: string | null): LedgerEntry | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  if (type === 'request') {
    const record = requestRecordSchema.safeParse(value).data;
    return record === undefined ? null : { type, record };
  }
  const record = attemptRecordSchema.safeParse(value).data;
  return record === undefined ? null : { type: 'attempt', record };
}

function requestIdOf(entry: LedgerEntry): string {
  return entry.type === 'request' ? entry.record.id : entry.record.requestId;
}

/** Attempts are filed under their own id. */
function recordField(entry: LedgerEntry): string {
  return entry.type === 'request' ? REQUEST_FIELD : entry.record.id;
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
