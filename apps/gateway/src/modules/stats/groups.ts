// Owns what figures are grouped by: which period or which key, user, account, model, kind or tag.
import type { Grouping, Split } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { TimeRange } from '../requests/index.ts';
import { type Dimension, HOUR_MS } from '../usage/index.ts';

export type TimeGrouping = Exclude<Grouping, Split>;

export function isTime(grouping: Grouping): grouping is TimeGrouping {
  return grouping === 'hour' || grouping === 'day' || grouping === 'week' || grouping === 'month';
}

/** What is read for it: figures by tag are those of its keys. */
export function dimensionOf(split: Split): Dimension {
  return split === 'tag' ? 'key' : split;
}

/** Start of the period that holds this instant. */
export function groupStartMs(grouping: TimeGrouping, atMs: number, calendar: Calendar): number {
  switch (grouping) {
    case 'hour':
      return calendar.hourStartMs(atMs);
    case 'day':
      return calendar.dayStartMs(atMs);
    case 'week':
      return calendar.weekStartMs(atMs);
    case 'month':
      return calendar.monthStartMs(atMs);
  }
}

/** Starts of all periods that lie in the range or reach into it; null when they are more than `most`. */
export function groupStarts(
  grouping: TimeGrouping,
  range: TimeRange,
  calendar: Calendar,
  most: number,
): number[] | null {
  const starts: number[] = [];
  let atMs = groupStartMs(grouping, range.fromMs, calendar);
  while (atMs < range.toMs) {
    if (starts.length === most) return null;
    starts.push(atMs);
    atMs = nextStartMs(grouping, atMs, calendar);
  }
  return starts;
}

/** Weeks and months are walked by days: neither is of one length where clocks change. */
function nextStartMs(grouping: TimeGrouping, startMs: number, calendar: Calendar): number {
  if (grouping === 'hour') return startMs + HOUR_MS;
  let atMs = calendar.nextDayStartMs(startMs);
  while (groupStartMs(grouping, atMs, calendar) === startMs) atMs = calendar.nextDayStartMs(atMs);
  return atMs;
}

/** Its ISO time for an hour, `2026-03-10` for days and weeks, `2026-03` for months. */
export function periodLabel(grouping: TimeGrouping, startMs: number, calendar: Calendar): string {
  switch (grouping) {
    case 'hour':
      return new Date(startMs).toISOString();
    case 'day':
    case 'week':
      return calendar.dayKey(startMs);
    case 'month':
      return calendar.dayKey(startMs).slice(0, 7);
  }
}
