// What the composition and the command line know of pricing a past range again.
import type { RedisConnections } from '../../platform/redis/index.ts';
import { RequestsRepository } from '../requests/index.ts';
import { Repricing, type RepricingOptions } from './repricing.ts';
import { RepricingRepository } from './repricing.repository.ts';

export type { Repricing } from './repricing.ts';

export interface RepricingDependencies extends Omit<RepricingOptions, 'repository' | 'requests'> {
  readonly redis: RedisConnections;
  /** How long single requests are kept; read at each step. */
  readonly retentionDays: () => number;
}

export function createRepricing({ redis, retentionDays, ...options }: RepricingDependencies): Repricing {
  return new Repricing({
    ...options,
    repository: new RepricingRepository(redis, retentionDays),
    requests: new RequestsRepository(redis),
  });
}
