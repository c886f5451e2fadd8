// Owns the dashboard's one answer.
import type { Dashboard, Grouping } from '@crs/shared';
import { readRange, type TimeRange } from '../requests/index.ts';
import { addPacked, type Dimension, emptySums, HOUR_MS, periodName } from '../usage/index.ts';
import {
  type AccountState,
  attentionList,
  countByStatus,
  type KeyNearBudget,
  type KeysState,
} from './attention.ts';
import { FORECAST_HISTORY_DAYS, forecastMonth } from './forecast.ts';
import { roundOutward } from './range.ts';
import { noFilters } from './filters.ts';
import type { ModelsDependencies } from './model-rows.ts';
import { rowsOf } from './usage-rows.ts';

export interface DashboardDependencies extends ModelsDependencies {
  accounts(): readonly AccountState[] | Promise<readonly AccountState[]>;
  keys(): Promise<KeysState>;
  /** Active keys that have used most of a budget of theirs, the fullest first. */
  keysNearBudget(): Promise<readonly KeyNearBudget[]>;
}

const DAY_MS = 24 * HOUR_MS;
/** Longer ranges are drawn by day. */
const LONGEST_HOURLY_MS = 2 * DAY_MS;
const TOP_ROWS = 5;

/** Answered often, so the ends of the range are those of minutes (hours where it began days ago). */
export async function dashboard(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
  dependencies: DashboardDependencies,
): Promise<Dashboard> {
  const range = rangeOf(query, nowMs);
  // Periods that the range shares with the one before are not counted in both.
  const whole = roundOutward(range, { calendar: dependencies.calendar, nowMs });
  const before = { fromMs: 2 * whole.fromMs - whole.toMs, toMs: whole.fromMs };
  const trendBy = range.toMs - range.fromMs <= LONGEST_HOURLY_MS ? 'hour' : 'day';
  const ask = (groupBy: Grouping, asked: TimeRange): ReturnType<typeof rowsOf> =>
    rowsOf({ range: asked, groupBy, filters: noFilters, ends: 'rounded' }, nowMs, dependencies);
  const top = async (dimension: Dimension): Promise<Dashboard['topKeys']> =>
    (await ask(dimension, range)).rows.filter(({ group }) => group !== '').slice(0, TOP_ROWS);

  const [
    trend,
    previous,
    topKeys,
    topModels,
    topAccounts,
    kinds,
    accounts,
    keys,
    counted,
    unpriced,
    nearBudget,
    forecast,
  ] = await Promise.all([
    ask(trendBy, range),
    ask(trendBy, before),
    top('key'),
    top('model'),
    top('account'),
    ask('kind', range),
    dependencies.accounts(),
    dependencies.keys(),
    dependencies.figures.total(),
    dependencies.modelsWithoutPrice(),
    dependencies.keysNearBudget(),
    readForecast(nowMs, dependencies),
  ]);
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    current: trend.total,
    previous: previous.total,
    trendBy,
    trend: trend.rows,
    topKeys,
    topModels,
    topAccounts,
    kinds: kinds.rows,
    accounts: { total: accounts.length, byStatus: countByStatus(accounts) },
    keys: { total: keys.total, active: keys.active },
    attention: attentionList(accounts, unpriced, keys, nearBudget, nowMs),
    setup: { account: accounts.length > 0, key: keys.total > 0, request: counted.requests > 0 },
    forecast,
  };
}

function rangeOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): TimeRange {
  const endMs = query.to === undefined ? nowMs : Date.parse(query.to);
  return readRange({ from: query.from, to: new Date(endMs).toISOString() }, endMs - DAY_MS);
}

async function readForecast(
  nowMs: number,
  { figures, calendar }: DashboardDependencies,
): Promise<Dashboard['forecast']> {
  const firstMs = Math.min(calendar.monthStartMs(nowMs), nowMs - (FORECAST_HISTORY_DAYS + 1) * DAY_MS);
  const days: number[] = [];
  for (let dayMs = calendar.dayStartMs(firstMs); dayMs <= nowMs; dayMs = calendar.nextDayStartMs(dayMs)) {
    days.push(dayMs);
  }
  const names = days.map((dayMs) => periodName('day', dayMs, calendar));
  const costs = new Map<number, number>();
  await figures.read('day', names, 'all', [''], (index, _field, packed) => {
    const sums = emptySums();
    addPacked(sums, packed);
    costs.set(days[index] ?? 0, sums.costNanoUsd);
  });
  const forecast = forecastMonth(costs, nowMs, calendar);
  if (forecast === null) return null;
  const { untilMs, ...money } = forecast;
  return { ...money, until: new Date(untilMs).toISOString() };
}
