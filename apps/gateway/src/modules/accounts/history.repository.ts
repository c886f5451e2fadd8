// Owns what is kept of an account's past: its latest failures and its changes of state, two short lists in Redis.
import { accountStatuses } from '@crs/shared';
import { z } from 'zod';
import type { RedisConnections } from '../../platform/redis/index.ts';

const ERRORS_KEPT = 50;
const CHANGES_KEPT = 200;
const ERRORS_KEPT_SECONDS = 14 * 86_400;
const CHANGES_KEPT_SECONDS = 90 * 86_400;

const errorSchema = z.object({
  atMs: z.number(),
  status: z.int(),
  code: z.string(),
  message: z.string(),
  model: z.string(),
  requestId: z.string().nullable(),
});
export type AccountError = z.output<typeof errorSchema>;

const changeSchema = z.object({
  atMs: z.number(),
  from: z.enum(accountStatuses),
  to: z.enum(accountStatuses),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  /** When it ends by itself, where it does. */
  untilMs: z.number().nullable().default(null),
});
export type AccountStatusChange = z.output<typeof changeSchema>;

export interface AccountPast {
  /** Newest first. */
  readonly errors: AccountError[];
  readonly changes: AccountStatusChange[];
  /** Older changes may have been forgotten. */
  readonly isCut: boolean;
}

/** What is to be added, oldest first. */
export interface PastAdditions {
  readonly errors: AccountError[];
  readonly changes: AccountStatusChange[];
}

export class HistoryRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  /** One round trip, however many accounts. */
  async add(additions: ReadonlyMap<string, PastAdditions>): Promise<void> {
    const { background, keyspace } = this.#redis;
    const commands = background.pipeline();
    for (const [id, { errors, changes }] of additions) {
      const lists = [
        [keyspace.accountErrors(id), errors.slice(-ERRORS_KEPT), ERRORS_KEPT, ERRORS_KEPT_SECONDS],
        [keyspace.accountChanges(id), changes.slice(-CHANGES_KEPT), CHANGES_KEPT, CHANGES_KEPT_SECONDS],
      ] as const;
      for (const [key, entries, kept, seconds] of lists) {
        if (entries.length === 0) continue;
        commands.lpush(key, ...entries.map((entry) => JSON.stringify(entry)));
        commands.ltrim(key, 0, kept - 1);
        commands.expire(key, seconds);
      }
    }
    const replies = await commands.exec();
    const failed = replies?.find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }

  async read(id: string): Promise<AccountPast> {
    const { background, keyspace } = this.#redis;
    const [errors, changes] = await Promise.all([
      background.lrange(keyspace.accountErrors(id), 0, -1),
      background.lrange(keyspace.accountChanges(id), 0, -1),
    ]);
    return {
      errors: readEntries(errorSchema, errors),
      changes: readEntries(changeSchema, changes),
      isCut: changes.length >= CHANGES_KEPT,
    };
  }

  async forget(id: string): Promise<void> {
    const { background, keyspace } = this.#redis;
    await Promise.all([
      background.del(keyspace.accountErrors(id)),
      background.del(keyspace.accountChanges(id)),
    ]);
  }
}

/** An entry that cannot be read is passed over. */
function readEntries<T>(schema: z.ZodType<T>, texts: readonly string[]): T[] {
  return texts.flatMap((text) => {
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
