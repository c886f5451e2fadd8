// Owns the audit trail in Redis: entries by id, and the sets that lead to them by time, actor, action and resource. What
// is trimmed away here is still in the log files.
import { z } from 'zod';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { type AuditEntry, auditEntrySchema } from './entry.ts';

/** Beyond this the oldest go, whatever the retention says: the trail lives in Redis's memory. */
export const MOST_ENTRIES = 200_000;
const CHUNK = 1000;

const EVERYTHING = 'all';

export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export interface AuditFacets {
  readonly actions: string[];
  readonly types: string[];
  readonly actors: { readonly id: string; readonly username: string }[];
}

/** Names of the sets that lead to an entry. */
export const auditIndex = {
  all: EVERYTHING,
  actor: (id: string) => `actor:${id}`,
  action: (action: string) => `action:${action}`,
  type: (type: string) => `type:${type}`,
  target: (id: string) => `target:${id}`,
} as const;

export class AuditRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  async append(entry: AuditEntry): Promise<void> {
    const { background, keyspace } = this.#redis;
    const { id, actor, action, target } = entry;
    const atMs = Date.parse(entry.at);
    const write = background.multi().hset(keyspace.auditEntries, id, JSON.stringify(entry));
    for (const index of indexesOf(entry)) write.zadd(keyspace.auditIndex(index), atMs, id);
    if (actor !== null) write.hset(keyspace.auditNames('actor'), actor.id, actor.username);
    await write
      .hset(keyspace.auditNames('action'), action, action)
      .hset(keyspace.auditNames('type'), target.type, target.type)
      .exec();
  }

  async count(index: string, { fromMs, toMs }: TimeRange): Promise<number> {
    const { background, keyspace } = this.#redis;
    return background.zcount(keyspace.auditIndex(index), fromMs, endOf(toMs));
  }

  /** Ids of a range, in pieces of `limit` from `offset`. */
  async ids(
    index: string,
    { fromMs, toMs }: TimeRange,
    slice: { readonly newestFirst: boolean; readonly offset: number; readonly limit: number },
  ): Promise<string[]> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.auditIndex(index);
    const { offset, limit } = slice;
    return slice.newestFirst
      ? background.zrevrangebyscore(key, endOf(toMs), fromMs, 'LIMIT', offset, limit)
      : background.zrangebyscore(key, fromMs, endOf(toMs), 'LIMIT', offset, limit);
  }

  /** Which of the ids are in that set as well. */
  async areIn(index: string, ids: readonly string[]): Promise<boolean[]> {
    if (ids.length === 0) return [];
    const { background, keyspace } = this.#redis;
    return (await background.zmscore(keyspace.auditIndex(index), ...ids)).map((score) => score !== null);
  }

  /** In the order of the ids; those that are gone, or cannot be read, are left out. */
  async entries(ids: readonly string[]): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let at = 0; at < ids.length; at += CHUNK) {
      const { background, keyspace } = this.#redis;
      const texts = await background.hmget(keyspace.auditEntries, ...ids.slice(at, at + CHUNK));
      found.push(...texts.flatMap((text) => (text === null ? [] : readEntry(text))));
    }
    return found;
  }

  async facets(): Promise<AuditFacets> {
    const { background, keyspace } = this.#redis;
    const [actions, types, actors] = await Promise.all([
      background.hkeys(keyspace.auditNames('action')),
      background.hkeys(keyspace.auditNames('type')),
      background.hgetall(keyspace.auditNames('actor')),
    ]);
    return {
      actions: actions.sort(),
      types: types.sort(),
      actors: Object.entries(actors)
        .map(([id, username]) => ({ id, username }))
        .sort((one, other) => one.username.localeCompare(other.username)),
    };
  }

  /** Drops what is older than `beforeMs`, and the oldest beyond `most`; answers how many. Ends early when told. */
  async trim(beforeMs: number, most: number, signal: AbortSignal): Promise<number> {
    let dropped = 0;
    while (!signal.aborted) {
      const ids = await this.#oldest(beforeMs, most);
      if (ids.length === 0) return dropped;
      await this.#drop(ids);
      dropped += ids.length;
    }
    return dropped;
  }

  async #oldest(beforeMs: number, most: number): Promise<string[]> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.auditIndex(EVERYTHING);
    const old = await background.zrangebyscore(key, '-inf', `(${beforeMs}`, 'LIMIT', 0, CHUNK);
    if (old.length > 0) return old;
    const surplus = Math.min(CHUNK, (await background.zcard(key)) - most);
    return surplus > 0 ? background.zrange(key, '0', String(surplus - 1)) : [];
  }

  async #drop(ids: readonly string[]): Promise<void> {
    const { background, keyspace } = this.#redis;
    const members = new Map<string, string[]>([[EVERYTHING, [...ids]]]);
    for (const entry of await this.entries(ids)) {
      for (const index of indexesOf(entry)) {
        if (index !== EVERYTHING) members.set(index, [...(members.get(index) ?? []), entry.id]);
      }
    }
    const write = background.multi();
    for (const [index, gone] of members) write.zrem(keyspace.auditIndex(index), ...gone);
    await write.hdel(keyspace.auditEntries, ...ids).exec();
  }
}

function indexesOf({ actor, action, target }: AuditEntry): string[] {
  return [
    auditIndex.all,
    ...(actor === null ? [] : [auditIndex.actor(actor.id)]),
    auditIndex.action(action),
    auditIndex.type(target.type),
    auditIndex.target(target.id),
  ];
}

function readEntry(text: string): AuditEntry[] {
  const parsed = z
    .preprocess((given) => JSON.parse(String(given)) as unknown, auditEntrySchema)
    .safeParse(text);
  return parsed.success ? [parsed.data] : [];
}

function endOf(toMs: number): string {
  return toMs === Number.POSITIVE_INFINITY ? '+inf' : `(${toMs}`;
}
