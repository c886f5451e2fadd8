// What other modules and the composition may know of requests.
import type { Clock } from '../../platform/clock.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import type { AttemptRecord } from '../usage/index.ts';
import type { PriceLine } from './detail.ts';
import { RequestsRepository } from './requests.repository.ts';
import { Requests } from './requests.service.ts';

export { readRange, type TimeRange } from './filters.ts';
export { RequestsRepository } from './requests.repository.ts';
export type { Requests } from './requests.service.ts';

export interface RequestsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  /** How long single requests are kept; read at each list. */
  readonly retentionDays: () => number;
  /** Price arithmetic of one attempt; adds up to its cost. */
  readonly priceLines: (attempt: AttemptRecord) => readonly PriceLine[];
}

export function createRequests({ redis, ...options }: RequestsDependencies): Requests {
  return new Requests({ ...options, repository: new RequestsRepository(redis) });
}
