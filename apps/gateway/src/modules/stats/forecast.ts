// Owns what the month will probably have cost at its end. Pure: a day is expected to be like the same weekdays before.
import type { Calendar } from '../../platform/calendar.ts';

export interface Forecast {
  readonly monthToDateNanoUsd: number;
  readonly lowNanoUsd: number;
  readonly highNanoUsd: number;
  /** End of the month. */
  readonly untilMs: number;
}

/** Whole weeks of history that are looked at. */
export const FORECAST_HISTORY_DAYS = 56;
const LEAST_DAYS = 3;
/** With fewer of the same weekday, all days stand for it. */
const LEAST_SAME_WEEKDAYS = 2;
/** Half of the days before lay between these. */
const LOW_SHARE = 0.25;
const HIGH_SHARE = 0.75;

interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * `costs`: start of day in ms -> nano-USD, days without figures left out. Null before three whole days of data. Each
 * day that is left adds the median of its weekday, less a quartile for the low end, plus one for the high end.
 */
export function forecastMonth(
  costs: ReadonlyMap<number, number>,
  nowMs: number,
  calendar: Calendar,
): Forecast | null {
  const todayMs = calendar.dayStartMs(nowMs);
  const history = historyOf(costs, todayMs, calendar);
  if (history.length < LEAST_DAYS) return null;
  const monthStartMs = calendar.monthStartMs(nowMs);
  let monthToDate = 0;
  for (const [dayMs, cost] of costs) if (dayMs >= monthStartMs && dayMs <= todayMs) monthToDate += cost;

  const spentToday = costs.get(todayMs) ?? 0;
  const today = spreadOf(history, weekdayOf(todayMs, calendar));
  let low = monthToDate + Math.max(0, today.low - spentToday);
  let high = monthToDate + Math.max(0, today.high - spentToday);
  let dayMs = calendar.nextDayStartMs(nowMs);
  while (calendar.monthStartMs(dayMs) === monthStartMs) {
    const day = spreadOf(history, weekdayOf(dayMs, calendar));
    low += day.low;
    high += day.high;
    dayMs = calendar.nextDayStartMs(dayMs);
  }
  return {
    monthToDateNanoUsd: monthToDate,
    lowNanoUsd: Math.round(low),
    highNanoUsd: Math.round(high),
    untilMs: dayMs,
  };
}

interface PastDay {
  readonly weekday: number;
  readonly cost: number;
}

/** Whole days from the first one with figures; quiet days in between cost nothing and count. */
function historyOf(costs: ReadonlyMap<number, number>, todayMs: number, calendar: Calendar): PastDay[] {
  const firstMs = [...costs.keys()].reduce((first, dayMs) => Math.min(first, dayMs), todayMs);
  const days: PastDay[] = [];
  for (let dayMs = firstMs; dayMs < todayMs; dayMs = calendar.nextDayStartMs(dayMs)) {
    days.push({ weekday: weekdayOf(dayMs, calendar), cost: costs.get(dayMs) ?? 0 });
  }
  return days.slice(-FORECAST_HISTORY_DAYS);
}

function weekdayOf(dayMs: number, calendar: Calendar): number {
  return new Date(calendar.dayKey(dayMs)).getUTCDay();
}

function spreadOf(history: readonly PastDay[], weekday: number): Spread {
  const same = history.filter((day) => day.weekday === weekday);
  const days = same.length < LEAST_SAME_WEEKDAYS ? history : same;
  const costs = days.map(({ cost }) => cost).sort((one, other) => one - other);
  const median = quantile(costs, 0.5);
  return { low: quantile(costs, LOW_SHARE), median, high: quantile(costs, HIGH_SHARE) };
}

/** Between two neighbours in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
