// Owns what limits count and how each count is called. A meter's id says all about it (`b:week:1:0:claude-*`,
// `w:minute:5:tokens`), so ledger rows can name the meters that counted them and anybody can count again.
import {
  type Budget,
  budgetPeriods,
  type BudgetPeriod,
  type LimitState,
  usdToNano,
  type WeeklyReset,
  type Window,
  windowSpans,
  type WindowSpan,
} from '@crs/shared';
import { matchesAny } from '../../platform/wildcard.ts';
import type { Periods } from './periods.ts';

/** What a key or a user is limited by. */
export interface LimitPolicy {
  /** 0 = no limit. */
  readonly concurrency: number;
  readonly windows: readonly Window[];
  readonly budgets: readonly Budget[];
  readonly weeklyReset: WeeklyReset;
}

type Unit = 'usd' | 'tokens' | 'requests';

export type Meter = {
  readonly id: string;
  readonly unit: Unit;
  readonly models: readonly string[] | null;
} & (
  | { readonly type: 'budget'; readonly every: BudgetPeriod; readonly reset: WeeklyReset }
  | { readonly type: 'window'; readonly every: WindowSpan; readonly count: number }
);

/** A meter with its limit: nano-USD, tokens or requests. */
export type LimitedMeter = Meter & { readonly max: number };

/** Buckets of a window beside the one that is being filled. */
const BUCKETS = 60;
/** Of the ring in Redis. */
export const SLOTS = BUCKETS + 1;
const SPAN_MS: Readonly<Record<WindowSpan, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
};

/** Counted for everybody, so that a budget set later knows what was spent before. */
const ALWAYS: readonly BudgetPeriod[] = ['day', 'month', 'total'];
const NO_RESET: WeeklyReset = { day: 1, hour: 0 };

export const alwaysCounted: readonly Meter[] = ALWAYS.map((every) => budgetMeter({ every }, NO_RESET));

/** Those with a limit, budgets first: a spent budget is worse news than a full window. One per id. */
export function limitedMeters(policy: LimitPolicy): LimitedMeter[] {
  const meters = new Map<string, LimitedMeter>();
  const add = (meter: Meter, max: number): void => {
    const known = meters.get(meter.id);
    meters.set(meter.id, { ...meter, max: Math.min(max, known?.max ?? max) });
  };
  for (const budget of policy.budgets) add(budgetMeter(budget, policy.weeklyReset), nanoOf(budget.usd));
  for (const window of policy.windows) {
    if (window.usd !== undefined) add(windowMeter(window, 'usd'), nanoOf(window.usd));
    if (window.tokens !== undefined) add(windowMeter(window, 'tokens'), window.tokens);
    if (window.requests !== undefined) add(windowMeter(window, 'requests'), window.requests);
  }
  return [...meters.values()];
}

/** The week is counted for everybody too, but each has his own. */
export function weekMeter({ weeklyReset }: LimitPolicy): Meter {
  return budgetMeter({ every: 'week' }, weeklyReset);
}

export function countsModel(meter: Meter, model: string): boolean {
  return meter.models === null || matchesAny(meter.models, model);
}

export function isAlwaysCounted({ id }: Meter): boolean {
  return alwaysCounted.some((meter) => meter.id === id);
}

/** Start of the budget's period, or number of the window's bucket, that holds this instant. */
export function periodOf(meter: Meter, atMs: number, periods: Periods): number {
  return meter.type === 'budget'
    ? periods.at(meter.every, meter.reset, atMs).startMs
    : Math.floor(atMs / bucketMs(meter));
}

/** The same, with the time for which it holds. */
export function periodAround(
  meter: Meter,
  atMs: number,
  periods: Periods,
): { readonly number: number; readonly fromMs: number; readonly untilMs: number } {
  if (meter.type === 'budget') {
    const { startMs, endMs } = periods.at(meter.every, meter.reset, atMs);
    return { number: startMs, fromMs: startMs, untilMs: endMs ?? Number.POSITIVE_INFINITY };
  }
  const number = Math.floor(atMs / bucketMs(meter));
  return { number, fromMs: number * bucketMs(meter), untilMs: (number + 1) * bucketMs(meter) };
}

function bucketMs(meter: Meter & { readonly type: 'window' }): number {
  return (SPAN_MS[meter.every] * meter.count) / BUCKETS;
}

/** When a bucket is out of its window. */
export function bucketLeavesMs(meter: Meter & { readonly type: 'window' }, bucket: number): number {
  return (bucket + SLOTS) * bucketMs(meter);
}

/** What the contract calls it. */
export function limitName(meter: Meter): LimitState['limit'] {
  return meter.type === 'budget' ? 'budget' : meter.unit;
}

/** Back from an id; null for one that this version does not know. */
export function readMeterId(id: string): Meter | null {
  const [type, ...words] = id.split(':');
  if (type === 'b') {
    const every = budgetPeriods.find((name) => name === words[0]);
    if (every === undefined) return null;
    const isWeek = every === 'week';
    const reset = isWeek ? { day: Number(words[1]), hour: Number(words[2]) } : NO_RESET;
    return { id, type: 'budget', unit: 'usd', every, reset, models: readModels(words[isWeek ? 3 : 1]) };
  }
  const every = windowSpans.find((name) => name === words[0]);
  const unit = (['usd', 'tokens', 'requests'] as const).find((name) => name === words[2]);
  const count = Number(words[1]);
  if (type !== 'w' || every === undefined || unit === undefined || !Number.isInteger(count)) return null;
  return { id, type: 'window', unit, every, count, models: readModels(words[3]) };
}

function budgetMeter({ every, models }: Pick<Budget, 'every' | 'models'>, reset: WeeklyReset): Meter {
  const isWeek = every === 'week';
  const week = isWeek ? `:${reset.day}:${reset.hour}` : '';
  const id = `b:${every}${week}${modelsText(models)}`;
  return {
    id,
    type: 'budget',
    unit: 'usd',
    every,
    reset: isWeek ? reset : NO_RESET,
    models: models ?? null,
  };
}

function windowMeter({ every, count, models }: Window, unit: Unit): Meter {
  const id = `w:${every}:${count}:${unit}${modelsText(models)}`;
  return { id, type: 'window', unit, every, count, models: models ?? null };
}

/** Whatever stands in a pattern, `:`, `,` and `|` keep their meaning. */
function modelsText(models: readonly string[] | undefined): string {
  return models === undefined ? '' : `:${[...new Set(models)].toSorted().map(encodeURIComponent).join(',')}`;
}

function readModels(text: string | undefined): string[] | null {
  return text === undefined ? null : text.split(',').map(decodeURIComponent);
}

function nanoOf(usd: number): number {
  return Number(usdToNano(usd));
}
