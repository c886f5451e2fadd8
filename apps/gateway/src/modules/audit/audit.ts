// Owns the trail of what administrators did and of what threatens the gateway. It only listens: nobody waits for it.
import type { auditListQuery } from '@crs/shared';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { AuditEvent, Events, SecurityEvent } from '../../platform/events.ts';
import type { Log } from '../../platform/log.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { type AuditFacets, AuditRepository, MOST_ENTRIES } from './audit.repository.ts';
import { describeChange } from './describe-change.ts';
import { type AuditEntry, newEntryId } from './entry.ts';
import { type AuditFilters, exportedEntries, listEntries } from './list.ts';

export interface AuditOptions {
  readonly events: Events;
  readonly log: Pick<Log, 'audit' | 'auth' | 'security'>;
  readonly redis: RedisConnections;
  readonly clock: Clock;
}

type AuditListQuery = z.output<typeof auditListQuery>;

export interface Audit {
  /** One page. Throws `validation_failed` for a search over too many entries. */
  list(query: AuditListQuery): Promise<{ items: AuditEntry[]; total: number }>;
  /** The actions, resources and users that were ever seen. */
  facets(): Promise<AuditFacets>;
  /** All that match, newest first, in pieces. */
  entries(filters: AuditFilters): AsyncGenerator<readonly AuditEntry[]>;
  /** Drops what is older than that, and the oldest beyond what Redis is to hold; answers how many. */
  trim(beforeMs: number, signal: AbortSignal): Promise<number>;
  /** Stops listening and waits for what is being written. */
  close(): Promise<void>;
}

/** Listens from now on. */
export function createAudit({ events, log, redis, clock }: AuditOptions): Audit {
  const repository = new AuditRepository(redis);
  const writing = new Set<Promise<void>>();

  const write = (event: AuditEvent): void => {
    const entry = toEntry(event, clock.now());
    const { id: _id, ...line } = entry;
    log.audit.info(line, entry.action);
    // The log has it whatever happens to Redis.
    const written = repository
      .append(entry)
      .catch((error: unknown) =>
        log.audit.warn({ err: error, action: entry.action }, 'not in the audit trail'),
      );
    writing.add(written);
    void written.finally(() => writing.delete(written));
  };

  const stops = [events.on('audit', write), events.on('security', (event) => tell(log, event))];
  return {
    list: (query) => listEntries(repository, query),
    facets: () => repository.facets(),
    entries: (filters) => exportedEntries(repository, filters),
    trim: (beforeMs, signal) => repository.trim(beforeMs, MOST_ENTRIES, signal),
    close: async () => {
      for (const stop of stops) stop();
      await Promise.all(writing);
    },
  };
}

function toEntry(
  { actor, action, target, before, after, requestId, ip }: AuditEvent,
  nowMs: number,
): AuditEntry {
  const changes = describeChange(before, after);
  const at = new Date(nowMs).toISOString();
  return { id: newEntryId(nowMs), at, actor, action, target, changes, requestId, ip };
}

/** Who came and went is one log, what looks like an attack another; a failed sign-in is both. */
function tell(log: AuditOptions['log'], { kind, detail }: SecurityEvent): void {
  switch (kind) {
    case 'login.succeeded':
    case 'session.revoked':
    case 'password.changed':
      log.auth.info(detail, kind);
      return;
    case 'login.failed':
      log.auth.warn(detail, kind);
      log.security.warn(detail, kind);
      return;
    case 'login.throttled':
    case 'origin.refused':
    case 'relay.key_refused':
    case 'key_stats.unknown_key':
      log.security.warn(detail, kind);
      return;
  }
}
