// Every periodic job of the gateway; the elected replica runs them.
import type { Accounts } from '../modules/accounts/index.ts';
import type { Requests } from '../modules/requests/index.ts';
import { chargeLostRequests, type LostRequestsDependencies } from '../relay/lost-requests.ts';
import type { Job } from './runner.ts';

export { createJobRunner, type JobRunner } from './runner.ts';

const MINUTE_MS = 60_000;

interface JobsDependencies extends LostRequestsDependencies {
  readonly requests: Pick<Requests, 'prepare'>;
  readonly accounts: Pick<Accounts, 'renewDue'>;
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
      name: 'lost-requests',
      everyMs: lookForLostEveryMs,
      run: async () => void (await chargeLostRequests(dependencies)),
    },
  ];
}
