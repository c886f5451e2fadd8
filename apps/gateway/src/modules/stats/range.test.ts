import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../platform/calendar.ts';
import type { TimeRange } from '../requests/index.ts';
import { HOUR_MS, MINUTE_MS } from '../usage/index.ts';
import { roundOutward, splitRange } from './range.ts';

const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 2, 30, 13, 37, 21, 500);
const zones = {
  utc: createCalendar({ type: 'offset', offsetMinutes: 0 }),
  india: createCalendar({ type: 'offset', offsetMinutes: 330 }),
  // Clocks were put forward on 2026-03-29.
  berlin: createCalendar({ type: 'zone', name: 'Europe/Berlin' }),
};

/** Every piece as a stretch of time. */
function stretches(range: TimeRange, zone: keyof typeof zones, largest: 'day' | 'hour' = 'day'): TimeRange[] {
  const calendar = zones[zone];
  const { days, hours, minutes, rows } = splitRange(range, { calendar, nowMs: NOW_MS, largest });
  return [
    ...days.map((fromMs) => ({ fromMs, toMs: calendar.nextDayStartMs(fromMs) })),
    ...hours.map((fromMs) => ({ fromMs, toMs: fromMs + HOUR_MS })),
    ...minutes.map((fromMs) => ({ fromMs, toMs: fromMs + MINUTE_MS })),
    ...rows,
  ].sort((one, other) => one.fromMs - other.fromMs);
}

const ranges: [string, TimeRange][] = [
  ['two days up to now', { fromMs: NOW_MS - 2 * DAY_MS, toMs: NOW_MS }],
  [
    'ten days, ends in the middle of a second',
    { fromMs: NOW_MS - 10 * DAY_MS - 77, toMs: NOW_MS - DAY_MS - 1 },
  ],
  ['a few seconds', { fromMs: NOW_MS - 5000, toMs: NOW_MS - 1000 }],
  ['within one old hour', { fromMs: NOW_MS - 20 * DAY_MS, toMs: NOW_MS - 20 * DAY_MS + 60_000 }],
  [
    'over a change of the clocks',
    { fromMs: Date.UTC(2026, 2, 28, 22, 59), toMs: Date.UTC(2026, 2, 30, 3, 1) },
  ],
  ['over one midnight only', { fromMs: NOW_MS - 14 * HOUR_MS, toMs: NOW_MS - 1 }],
];

describe.each(['utc', 'india', 'berlin'] as const)('in %s', (zone) => {
  test.each(ranges)('%s: the pieces cover it without gap or overlap', (_, range) => {
    for (const largest of ['day', 'hour'] as const) {
      const pieces = stretches(range, zone, largest);
      expect(pieces[0]?.fromMs).toBe(range.fromMs);
      expect(pieces.at(-1)?.toMs).toBe(range.toMs);
      for (const [index, piece] of pieces.slice(1).entries()) expect(piece.fromMs).toBe(pieces[index]?.toMs);
    }
  });

  test.each(ranges)('%s: rounded outward it is answered by whole periods that are kept', (_, range) => {
    const options = { calendar: zones[zone], nowMs: NOW_MS, largest: 'day' as const };
    const rounded = roundOutward(range, options);
    expect(rounded.fromMs).toBeLessThanOrEqual(range.fromMs);
    expect(rounded.toMs).toBeGreaterThanOrEqual(range.toMs);
    expect(range.fromMs - rounded.fromMs).toBeLessThan(zone === 'india' ? DAY_MS : HOUR_MS);
    expect(splitRange(rounded, options).rows).toEqual([]);
  });

  test('hours years ago are not kept: such a range is rounded to days', () => {
    const options = { calendar: zones[zone], nowMs: NOW_MS, largest: 'day' as const };
    const fromMs = NOW_MS - 500 * DAY_MS;
    const rounded = roundOutward({ fromMs, toMs: fromMs + 10 * DAY_MS }, options);
    const { days, hours } = splitRange(rounded, options);
    expect(days.length).toBe(11);
    expect(hours).toEqual([]);
  });
});

test('whole days of the zone are taken as days, whatever the hour in UTC', () => {
  const calendar = zones.india;
  const fromMs = calendar.dayStartMs(NOW_MS - 3 * DAY_MS);
  const toMs = calendar.dayStartMs(NOW_MS);
  const pieces = splitRange({ fromMs, toMs }, { calendar, nowMs: NOW_MS, largest: 'day' });
  expect(pieces).toEqual({
    days: [fromMs, fromMs + DAY_MS, fromMs + 2 * DAY_MS],
    hours: [],
    minutes: [],
    rows: [],
  });
});

test('an empty range has no pieces', () => {
  const pieces = splitRange(
    { fromMs: NOW_MS, toMs: NOW_MS },
    { calendar: zones.utc, nowMs: NOW_MS, largest: 'day' },
  );
  expect(pieces).toEqual({ days: [], hours: [], minutes: [], rows: [] });
});
