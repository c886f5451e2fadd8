// Owns figures over time without gaps: every hour or day of a period, in the zone of the server.
import type { UsageRow } from '@crs/shared';
import { toIntlTimeZone } from './format';

const HOUR_MS = 3_600_000;

interface TrendPeriod {
  from: string;
  to: string;
  trendBy: 'hour' | 'day';
  /** Zone in which a day begins. */
  timeZone: string;
}

const nothing: Omit<UsageRow, 'group' | 'label'> = {
  input: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  output: 0,
  requests: 0,
  attempts: 0,
  errors: 0,
  costNanoUsd: 0,
  chargedNanoUsd: 0,
};

/** Rows of every hour or day of the period, oldest first; those the gateway left out are zero. */
export function fillTrend(rows: readonly UsageRow[], period: TrendPeriod): UsageRow[] {
  const keyOf = slotNames(period);
  const found = new Map(rows.map((row) => [keyOf(Date.parse(row.group)), row]));
  const filled = new Map<string, UsageRow>();
  const toMs = Date.parse(period.to);
  // Half a day is shorter than any day, so that a change of the clocks skips none.
  const stepMs = period.trendBy === 'hour' ? HOUR_MS : 12 * HOUR_MS;
  for (let atMs = Date.parse(period.from); atMs < toMs; atMs += stepMs) {
    const key = keyOf(atMs);
    if (filled.has(key)) continue;
    filled.set(key, found.get(key) ?? { ...nothing, group: slotStart(atMs, period.trendBy), label: '' });
  }
  // What lies outside (an hour or day that is only partly in the period) is kept in its place.
  for (const [key, row] of found) filled.set(key, row);
  return [...filled.values()].toSorted((a, b) => Date.parse(a.group) - Date.parse(b.group));
}

/** Name of the hour or day a moment lies in. */
function slotNames({ trendBy, timeZone }: TrendPeriod): (atMs: number) => string {
  if (trendBy === 'hour') return (atMs) => slotStart(atMs, 'hour');
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: toIntlTimeZone(timeZone) });
  return (atMs) => day.format(atMs);
}

function slotStart(atMs: number, trendBy: 'hour' | 'day'): string {
  return new Date(trendBy === 'hour' ? atMs - (atMs % HOUR_MS) : atMs).toISOString();
}
