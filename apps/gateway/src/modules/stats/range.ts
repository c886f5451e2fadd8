// Owns how a range of time is cut into the periods that figures are kept by. Pure.
import type { Calendar } from '../../platform/calendar.ts';
import type { TimeRange } from '../requests/index.ts';
import { HOUR_MS, keptMs, MINUTE_MS } from '../usage/index.ts';

/** Starts of whole periods, and what is left at the ends: shorter than any period that is kept. */
export interface Pieces {
  readonly days: number[];
  readonly hours: number[];
  readonly minutes: number[];
  readonly rows: TimeRange[];
}

export interface Grain {
  readonly calendar: Calendar;
  readonly nowMs: number;
}

export interface SplitOptions extends Grain {
  /** Longest period to take whole. */
  readonly largest: 'day' | 'hour';
}

const DAY_MS = 24 * HOUR_MS;

export function splitRange(range: TimeRange, options: SplitOptions): Pieces {
  const pieces: Pieces = { days: [], hours: [], minutes: [], rows: [] };
  if (options.largest === 'day') splitByDay(range, options, pieces);
  else splitByHour(range, options, pieces);
  return pieces;
}

/**
 * The same range with its ends moved outward to where periods are kept that long: minutes for recent days, hours (days
 * where an hour may lie in two days of the zone), days beyond.
 */
export function roundOutward(range: TimeRange, grain: Grain): TimeRange {
  const [lastStartMs, lastEndMs] = grainAround(range.toMs, grain);
  return {
    fromMs: grainAround(range.fromMs, grain)[0],
    toMs: lastStartMs === range.toMs ? range.toMs : lastEndMs,
  };
}

function splitByDay(range: TimeRange, options: SplitOptions, pieces: Pieces): void {
  const { calendar } = options;
  const startMs = calendar.dayStartMs(range.fromMs);
  const firstMs = startMs === range.fromMs ? startMs : calendar.nextDayStartMs(range.fromMs);
  const lastMs = calendar.dayStartMs(range.toMs);
  if (firstMs > lastMs) return splitByHour(range, options, pieces);
  splitByHour({ fromMs: range.fromMs, toMs: firstMs }, options, pieces);
  for (let atMs = firstMs; atMs < lastMs; atMs = calendar.nextDayStartMs(atMs)) pieces.days.push(atMs);
  splitByHour({ fromMs: lastMs, toMs: range.toMs }, options, pieces);
}

function splitByHour(range: TimeRange, options: SplitOptions, pieces: Pieces): void {
  splitEvenly(range, HOUR_MS, pieces.hours, (rest) => {
    const oldestMs = options.nowMs - (keptMs.minute ?? 0);
    if (rest.fromMs < oldestMs) pieces.rows.push(rest);
    else splitEvenly(rest, MINUTE_MS, pieces.minutes, (ragged) => pieces.rows.push(ragged));
  });
}

function splitEvenly(
  range: TimeRange,
  stepMs: number,
  starts: number[],
  onRest: (rest: TimeRange) => void,
): void {
  if (range.fromMs >= range.toMs) return;
  const firstMs = Math.ceil(range.fromMs / stepMs) * stepMs;
  const lastMs = Math.floor(range.toMs / stepMs) * stepMs;
  if (firstMs > lastMs) return onRest(range);
  if (range.fromMs < firstMs) onRest({ fromMs: range.fromMs, toMs: firstMs });
  for (let atMs = firstMs; atMs < lastMs; atMs += stepMs) starts.push(atMs);
  if (lastMs < range.toMs) onRest({ fromMs: lastMs, toMs: range.toMs });
}

function grainAround(atMs: number, { calendar, nowMs }: Grain): [number, number] {
  const dayMs = calendar.dayStartMs(atMs);
  // The day before an end has to be there in the same grain, whatever the zone.
  if (atMs - DAY_MS >= nowMs - (keptMs.minute ?? 0)) return around(atMs, MINUTE_MS);
  const areHoursKept = atMs - DAY_MS >= nowMs - (keptMs.hour ?? 0);
  if (areHoursKept && dayMs % HOUR_MS === 0) return around(atMs, HOUR_MS);
  return [dayMs, calendar.nextDayStartMs(atMs)];
}

function around(atMs: number, stepMs: number): [number, number] {
  const startMs = Math.floor(atMs / stepMs) * stepMs;
  return [startMs, startMs + stepMs];
}
