// Owns the course of a month's spend: day by day what has been spent so far, and the two lines it will end between.
import type { ChartPoint } from '@/components/charts';
import { dayStart } from '@/lib/time-range';

interface Expected {
  monthToDateNanoUsd: number;
  lowNanoUsd: number;
  highNanoUsd: number;
  /** End of the month, ISO time. */
  until: string;
}

const DAY_AND_A_HALF_MS = 36 * 3_600_000;

/** One point for each day of the month; both lines start at what is spent by now. */
export function forecastPoints(
  days: readonly { group: string; costNanoUsd: number }[],
  { monthToDateNanoUsd, lowNanoUsd, highNanoUsd, until }: Expected,
  timeZone: string,
): ChartPoint[] {
  const points: ChartPoint[] = [];
  let spent = 0;
  for (const { group, costNanoUsd } of days) {
    spent += costNanoUsd;
    points.push({ category: group, values: { spent, low: null, high: null } });
  }
  const today = points.at(-1);
  if (today === undefined) return [];
  const ahead = daysAfter(today.category, until, timeZone);
  points[points.length - 1] = {
    category: today.category,
    values: { spent: monthToDateNanoUsd, low: monthToDateNanoUsd, high: monthToDateNanoUsd },
  };
  for (const [index, category] of ahead.entries()) {
    const done = (index + 1) / ahead.length;
    const between = (end: number) => Math.round(monthToDateNanoUsd + (end - monthToDateNanoUsd) * done);
    points.push({ category, values: { spent: null, low: between(lowNanoUsd), high: between(highNanoUsd) } });
  }
  return points;
}

/** Starts of the days after one, up to the end; days are as long as their zone makes them. */
function daysAfter(day: string, until: string, timeZone: string): string[] {
  const days: string[] = [];
  const endMs = Date.parse(until);
  let nextMs = dayStart(Date.parse(day) + DAY_AND_A_HALF_MS, timeZone);
  while (nextMs < endMs) {
    days.push(new Date(nextMs).toISOString());
    nextMs = dayStart(nextMs + DAY_AND_A_HALF_MS, timeZone);
  }
  return days;
}
