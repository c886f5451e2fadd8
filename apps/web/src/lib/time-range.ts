// Owns the period that a page of figures shows, as its address says it: a length up to now, a month, or two moments.
import { toIntlTimeZone } from './format';

const rangeLengths = ['24h', '7d', '30d', '90d', '365d'] as const;
const calendarRanges = ['month', 'lastMonth'] as const;
export const rangeNames = [...rangeLengths, ...calendarRanges] as const;
export type RangeName = (typeof rangeNames)[number];

export type TimeRange =
  | { name: RangeName }
  /** ISO times; `from` inclusive, `to` exclusive. */
  | { name: 'custom'; from: string; to: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const daysOf: Record<(typeof rangeLengths)[number], number> = {
  '24h': 1,
  '7d': 7,
  '30d': 30,
  '90d': 90,
  '365d': 365,
};

function isoTime(text: string | null): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** What an address says; anything unreadable is the initial one. */
export function parseRange(search: URLSearchParams, initial: RangeName = '24h'): TimeRange {
  const name = search.get('range');
  const known = rangeNames.find((candidate) => candidate === name);
  if (known !== undefined) return { name: known };
  const from = isoTime(search.get('from'));
  const to = isoTime(search.get('to'));
  if (name !== 'custom' || from === null || to === null || from >= to) return { name: initial };
  return { name: 'custom', from, to };
}

/** The address of a period; the initial one is left out, parameters of others are kept. */
export function formatRange(
  range: TimeRange,
  present: URLSearchParams,
  initial: RangeName = '24h',
): URLSearchParams {
  const search = new URLSearchParams(present);
  for (const name of ['range', 'from', 'to']) search.delete(name);
  if (range.name !== initial) search.set('range', range.name);
  if (range.name === 'custom') {
    search.set('from', range.from);
    search.set('to', range.to);
  }
  return search;
}

export interface Bounds {
  from: string;
  to: string;
}

/** The period as the gateway wants it, seen from `nowMs`: lengths to the millisecond, months in the server's zone. */
export function rangeBounds(range: TimeRange, nowMs: number, timeZone = 'UTC'): Bounds {
  if (range.name === 'custom') return { from: range.from, to: range.to };
  const iso = (ms: number) => new Date(ms).toISOString();
  if (range.name === 'month') return { from: iso(monthStart(nowMs, timeZone)), to: iso(nowMs) };
  if (range.name === 'lastMonth') {
    const to = monthStart(nowMs, timeZone);
    return { from: iso(monthStart(to - 1, timeZone)), to: iso(to) };
  }
  return { from: iso(nowMs - daysOf[range.name] * DAY_MS), to: iso(nowMs) };
}

/** The same in whole days of the server's zone, today among them; a day stays 24 hours up to now. */
export function wholeDayBounds(range: TimeRange, nowMs: number, timeZone: string): Bounds {
  if (range.name === 'custom' || range.name === '24h') return rangeBounds(range, nowMs, timeZone);
  const { from, to } = rangeBounds(range, nowMs, timeZone);
  if (range.name === 'month' || range.name === 'lastMonth') return { from, to };
  return { from: new Date(dayStart(Date.parse(from) + DAY_MS, timeZone)).toISOString(), to };
}

interface WallClock {
  year: number;
  month: number;
  day: number;
}

function wallClock(atMs: number, timeZone: string): WallClock & { offsetMs: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: toIntlTimeZone(timeZone),
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const { year, month, day } = { year: read('year'), month: read('month'), day: read('day') };
  const wallMs = Date.UTC(year, month - 1, day, read('hour'), read('minute'), read('second'));
  return { year, month, day, offsetMs: wallMs - Math.floor(atMs / 1000) * 1000 };
}

/** Midnight of a date in a zone, by the offset that holds there. */
function midnight({ year, month, day }: WallClock, timeZone: string): number {
  const wallMs = Date.UTC(year, month - 1, day);
  const guess = wallMs - wallClock(wallMs, timeZone).offsetMs;
  return wallMs - wallClock(guess, timeZone).offsetMs;
}

export function dayStart(atMs: number, timeZone: string): number {
  return midnight(wallClock(atMs, timeZone), timeZone);
}

function monthStart(atMs: number, timeZone: string): number {
  return midnight({ ...wallClock(atMs, timeZone), day: 1 }, timeZone);
}
