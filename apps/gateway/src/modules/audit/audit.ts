// Owns the trail of what administrators did and of what threatens the gateway. It only listens: nobody waits for it.
import type { Clock } from '../../platform/clock.ts';
import type { AuditEvent, Events, SecurityEvent } from '../../platform/events.ts';
import type { Log } from '../../platform/log.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { createAuditRepository } from './audit.repository.ts';
import { describeChange, type FieldChange } from './describe-change.ts';

/** One act as it is written down. */
interface AuditEntry {
  readonly at: string;
  readonly actor: AuditEvent['actor'];
  readonly action: string;
  readonly target: AuditEvent['target'];
  readonly changes: readonly FieldChange[];
  readonly requestId: string;
  readonly ip: string;
}

export interface AuditOptions {
  readonly events: Events;
  readonly log: Pick<Log, 'audit' | 'auth' | 'security'>;
  readonly redis: RedisConnections;
  readonly clock: Clock;
}

export interface Audit {
  /** Stops listening and waits for what is being written. */
  close(): Promise<void>;
}

/** Listens from now on. */
export function createAudit({ events, log, redis, clock }: AuditOptions): Audit {
  const repository = createAuditRepository(redis);
  const writing = new Set<Promise<void>>();

  const write = (event: AuditEvent): void => {
    const entry = toEntry(event, clock.now());
    log.audit.info(entry, entry.action);
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
  return { at: new Date(nowMs).toISOString(), actor, action, target, changes, requestId, ip };
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
      log.security.warn(detail, kind);
      return;
  }
}
