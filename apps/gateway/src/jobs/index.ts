// Every periodic job of the gateway; the elected replica runs them.
import type { Accounts } from '../modules/accounts/index.ts';
import type { Audit } from '../modules/audit/index.ts';
import type { Keys } from '../modules/keys/index.ts';
import type { Requests } from '../modules/requests/index.ts';
import type { Repricing } from '../modules/repricing/index.ts';
import type { Settings } from '../modules/settings/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Events } from '../platform/events.ts';
import { newRequestId } from '../platform/ids.ts';
import { chargeLostRequests, type LostRequestsDependencies } from '../relay/lost-requests.ts';
import type { Job } from './runner.ts';

export { createJobRunner, type JobRunner } from './runner.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Goes on with what another replica had to leave. */
const REPRICING_RESUMED_MS = 15_000;

interface JobsDependencies extends LostRequestsDependencies {
  readonly requests: Pick<Requests, 'prepare'>;
  readonly accounts: Pick<Accounts, 'renewDue'>;
  readonly audit: Pick<Audit, 'trim'>;
  readonly keys: Pick<Keys, 'purgeOlderThan'>;
  readonly repricing: Pick<Repricing, 'work'>;
  readonly settings: Pick<Settings, 'values'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly cleanupEveryMs: number;
}

export function allJobs(dependencies: JobsDependencies, lookForLostEveryMs = MINUTE_MS): Job[] {
  return [
    {
      name: 'login-renewals',
      everyMs: MINUTE_MS,
      run: (signal) => dependencies.accounts.renewDue(signal),
    },
    {
      name: 'request-columns',
      everyMs: 5 * MINUTE_MS,
      run: (signal) => dependencies.requests.prepare(signal),
    },
    {
      name: 'repricing',
      everyMs: REPRICING_RESUMED_MS,
      run: (signal) => dependencies.repricing.work(signal),
    },
    {
      name: 'lost-requests',
      everyMs: lookForLostEveryMs,
      run: async () => void (await chargeLostRequests(dependencies)),
    },
    {
      name: 'audit-retention',
      everyMs: dependencies.cleanupEveryMs,
      run: async (signal) => {
        const { auditDays } = dependencies.settings.values('retention');
        await dependencies.audit.trim(dependencies.clock.now() - auditDays * DAY_MS, signal);
      },
    },
    {
      name: 'trash-retention',
      everyMs: dependencies.cleanupEveryMs,
      run: (signal) => emptyTrash(dependencies, signal),
    },
  ];
}

/** Keys that were in the trash for as long as the settings say; each is an act on the audit trail. */
async function emptyTrash(
  { keys, settings, clock, events }: JobsDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { trashDays } = settings.values('retention');
  if (trashDays === null) return;
  const nowMs = clock.now();
  for await (const { id, name } of keys.purgeOlderThan(nowMs - trashDays * DAY_MS)) {
    const target = { type: 'key', id, name };
    const requestId = newRequestId(nowMs);
    events.emit('audit', { actor: null, action: 'key.purge', target, requestId, ip: '' });
    if (signal.aborted) return;
  }
}
