// Owns the arithmetic of the dashboard: changes against the period before, shares, and a trend without gaps.
import type { Figures, UsageRow } from '@crs/shared';
import { toIntlTimeZone } from '@/lib/format';

const HOUR_MS = 3_600_000;

/** Growth against the period before, 0.25 for a quarter more; null when there was nothing to compare with. */
export function growth(current: number, previous: number): number | null {
  return previous === 0 ? null : (current - previous) / previous;
}

/** Failed requests of all, 0 to 1; null without requests. */
export function errorShare({ requests, errors }: Figures): number | null {
  return requests === 0 ? null : errors / requests;
}

export function cacheTokens(figures: Figures): number {
  return figures.cacheRead + figures.cacheWrite5m + figures.cacheWrite1h;
}

export function allTokens(figures: Figures): number {
  return figures.input + figures.output + cacheTokens(figures);
}

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
