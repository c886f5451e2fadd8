// Owns the audit trail in Redis: a stream of the latest acts, oldest trimmed away. The log files keep all of them.
import type { RedisConnections } from '../../platform/redis/index.ts';

const MAX_ENTRIES = 10_000;

export interface AuditRepository {
  append(entry: object): Promise<void>;
}

export function createAuditRepository({ background, keyspace }: RedisConnections): AuditRepository {
  return {
    append: async (entry) => {
      const trim = ['MAXLEN', '~', MAX_ENTRIES] as const;
      await background.xadd(keyspace.auditLog, ...trim, '*', 'entry', JSON.stringify(entry));
    },
  };
}
