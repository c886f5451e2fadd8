// Owns asking for figures: by group, and all that the dashboard shows.
import type { Dashboard } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { dashboard, type DashboardDependencies } from './dashboard.ts';
import { type StatsQuery, type UsageAnswer, usageRows } from './usage-rows.ts';

export interface StatsDependencies extends DashboardDependencies {
  readonly clock: Clock;
}

export class Stats {
  readonly #dependencies: StatsDependencies;

  constructor(dependencies: StatsDependencies) {
    this.#dependencies = dependencies;
  }

  usage(query: StatsQuery): Promise<UsageAnswer> {
    return usageRows(query, this.#dependencies.clock.now(), this.#dependencies);
  }

  overview(query: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  }): Promise<Dashboard> {
    return dashboard(query, this.#dependencies.clock.now(), this.#dependencies);
  }
}
