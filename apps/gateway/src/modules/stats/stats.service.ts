// Owns asking for figures: by group, over time, as a file, and all that the dashboard shows.
import type { Dashboard, FileAnswer, Trends } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { type CostAnswer, type CostQuery, costRows } from './cost-rows.ts';
import { dashboard, type DashboardDependencies } from './dashboard.ts';
import { exportStats, type StatsExportQuery } from './export.ts';
import { modelRows, type ModelsAnswer, type ModelsQuery } from './model-rows.ts';
import { trends, type TrendsQuery } from './trends.ts';
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
    return usageRows(query, this.#nowMs, this.#dependencies);
  }

  cost(query: CostQuery): Promise<CostAnswer> {
    return costRows(query, this.#nowMs, this.#dependencies);
  }

  models(query: ModelsQuery): Promise<ModelsAnswer> {
    return modelRows(query, this.#nowMs, this.#dependencies);
  }

  trends(query: TrendsQuery): Promise<Trends> {
    return trends(query, this.#nowMs, this.#dependencies);
  }

  export(query: StatsExportQuery): Promise<FileAnswer> {
    const nowMs = this.#nowMs;
    return exportStats(query, nowMs, this.#dependencies.calendar.dayKey(nowMs), this.#dependencies);
  }

  overview(query: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  }): Promise<Dashboard> {
    return dashboard(query, this.#nowMs, this.#dependencies);
  }

  get #nowMs(): number {
    return this.#dependencies.clock.now();
  }
}
