// Every periodic job of the gateway; the elected replica runs them.
import { chargeLostRequests, type LostRequestsDependencies } from '../relay/lost-requests.ts';
import type { Job } from './runner.ts';

export { createJobRunner, type JobRunner } from './runner.ts';

const MINUTE_MS = 60_000;

export function allJobs(dependencies: LostRequestsDependencies, lookForLostEveryMs = MINUTE_MS): Job[] {
  return [
    {
      name: 'lost-requests',
      everyMs: lookForLostEveryMs,
      run: async () => void (await chargeLostRequests(dependencies)),
    },
  ];
}
