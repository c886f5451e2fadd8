import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../platform/calendar.ts';
import { forecastMonth } from './forecast.ts';

const DAY_MS = 86_400_000;
const calendar = createCalendar({ type: 'offset', offsetMinutes: 0 });
/** A Tuesday; the month ends after the 31st. */
const NOW_MS = Date.UTC(2026, 2, 24, 12);

function costs(days: number, of: (dayMs: number) => number): Map<number, number> {
  const todayMs = calendar.dayStartMs(NOW_MS);
  return new Map(
    Array.from({ length: days }, (_, number) => todayMs - (number + 1) * DAY_MS).map((dayMs) => [
      dayMs,
      of(dayMs),
    ]),
  );
}

describe('the forecast', () => {
  test('is none before three whole days of data, today not counted', () => {
    const two = costs(2, () => 100);
    two.set(calendar.dayStartMs(NOW_MS), 100);
    expect(forecastMonth(two, NOW_MS, calendar)).toBeNull();
    expect(forecastMonth(new Map(), NOW_MS, calendar)).toBeNull();
    expect(
      forecastMonth(
        costs(3, () => 100),
        NOW_MS,
        calendar,
      ),
    ).not.toBeNull();
  });

  test('takes each day that is left for what its weekday has cost', () => {
    // Weekends cost 10, other days 100; left are Tuesday (today) to the next Tuesday: 6 working days and a weekend.
    const isWeekend = (dayMs: number): boolean => [0, 6].includes(new Date(dayMs).getUTCDay());
    const history = costs(35, (dayMs) => (isWeekend(dayMs) ? 10 : 100));
    const monthToDate = [...history].reduce(
      (sum, [dayMs, cost]) => (dayMs >= Date.UTC(2026, 2, 1) ? sum + cost : sum),
      0,
    );
    expect(forecastMonth(history, NOW_MS, calendar)).toEqual({
      monthToDateNanoUsd: monthToDate,
      lowNanoUsd: monthToDate + 6 * 100 + 2 * 10,
      highNanoUsd: monthToDate + 6 * 100 + 2 * 10,
      untilMs: Date.UTC(2026, 3, 1),
    });
  });

  test('what was spent today is part of what today was expected to cost', () => {
    const history = costs(35, () => 100);
    history.set(calendar.dayStartMs(NOW_MS), 70);
    const forecast = forecastMonth(history, NOW_MS, calendar);
    expect(forecast?.monthToDateNanoUsd).toBe(23 * 100 + 70);
    expect(forecast?.highNanoUsd).toBe(31 * 100);
    history.set(calendar.dayStartMs(NOW_MS), 500);
    expect(forecastMonth(history, NOW_MS, calendar)?.lowNanoUsd).toBe(30 * 100 + 500);
  });

  test('the range is wide where days differ, and one wild day does not move it', () => {
    const steady = costs(56, (dayMs) => 100 + (Math.floor(dayMs / (7 * DAY_MS)) % 4) * 40);
    const forecast = forecastMonth(steady, NOW_MS, calendar);
    expect(forecast?.highNanoUsd).toBeGreaterThan(forecast?.lowNanoUsd ?? 0);
    const wild = new Map(steady).set(NOW_MS - 40 * DAY_MS - (NOW_MS % DAY_MS), 1e9);
    const withWild = forecastMonth(wild, NOW_MS, calendar);
    expect((withWild?.highNanoUsd ?? 0) - (forecast?.highNanoUsd ?? 0)).toBeLessThan(100);
  });

  test('a quiet day in between costs nothing and counts', () => {
    const sparse = costs(4, () => 100);
    for (const dayMs of [...sparse.keys()].slice(1, 3)) sparse.delete(dayMs);
    expect(forecastMonth(sparse, NOW_MS, calendar)?.lowNanoUsd).toBe(200);
  });
});
