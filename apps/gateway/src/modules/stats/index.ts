// What the composition may know of figures.
import { Stats, type StatsDependencies } from './stats.service.ts';

export { KEY_EXPIRES_SOON_MS, NEAR_BUDGET_PERCENT } from './attention.ts';
export { createKeyAsks } from './key-asks.repository.ts';
export type { Stats } from './stats.service.ts';

export function createStats(dependencies: StatsDependencies): Stats {
  return new Stats(dependencies);
}
