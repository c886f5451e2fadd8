// Owns the living sessions in Redis: a record per session, gone when it is not used for a while.
import { z } from 'zod';
import type { RedisConnections } from '../../platform/redis/index.ts';

const recordSchema = z.strictObject({
  userId: z.string(),
  /** Of the user when the session began. */
  epoch: z.int(),
});
type SessionRecord = z.output<typeof recordSchema>;

export interface SessionRepository {
  put(id: string, record: SessionRecord, ttlMs: number): Promise<void>;
  /** Reads the record and gives it `ttlMs` more; null where the session has ended. */
  touch(id: string, ttlMs: number): Promise<SessionRecord | null>;
  remove(id: string): Promise<void>;
}

export function createSessionRepository({ commands, keyspace }: RedisConnections): SessionRepository {
  return {
    put: async (id, record, ttlMs) => {
      await commands.set(keyspace.session(id), JSON.stringify(record), 'PX', ttlMs);
    },
    touch: async (id, ttlMs) => {
      const key = keyspace.session(id);
      const [text] = await Promise.all([commands.get(key), commands.pexpire(key, ttlMs)]);
      return text === null ? null : recordSchema.parse(JSON.parse(text));
    },
    remove: async (id) => {
      await commands.del(keyspace.session(id));
    },
  };
}
