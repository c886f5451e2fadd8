import { expect, test } from 'vitest';
import { createCalendar } from './calendar.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number): string => new Date(ms).toISOString();

test('days, weeks and months of a fixed offset', () => {
  const calendar = createCalendar({ type: 'offset', offsetMinutes: 480 });
  const now = at('2026-03-01T15:59:59.999Z');
  expect(calendar.label).toBe('UTC+8');
  expect(calendar.dayKey(now)).toBe('2026-03-01');
  expect(calendar.dayKey(now + 1)).toBe('2026-03-02');
  expect(iso(calendar.dayStartMs(now))).toBe('2026-02-28T16:00:00.000Z');
  expect(iso(calendar.nextDayStartMs(now))).toBe('2026-03-01T16:00:00.000Z');
  // 1 March 2026 is a Sunday.
  expect(iso(calendar.weekStartMs(now))).toBe('2026-02-22T16:00:00.000Z');
  expect(iso(calendar.weekStartMs(now + 1))).toBe('2026-03-01T16:00:00.000Z');
  expect(iso(calendar.monthStartMs(now))).toBe('2026-02-28T16:00:00.000Z');
  expect(iso(calendar.hourStartMs(now))).toBe('2026-03-01T15:00:00.000Z');
});

test('offsets of half hours and west of Greenwich', () => {
  const india = createCalendar({ type: 'offset', offsetMinutes: 330 });
  expect(india.label).toBe('UTC+5:30');
  expect(iso(india.dayStartMs(at('2026-06-01T18:30:00Z')))).toBe('2026-06-01T18:30:00.000Z');
  expect(india.dayKey(at('2026-06-01T18:29:59Z'))).toBe('2026-06-01');
  const west = createCalendar({ type: 'offset', offsetMinutes: -300 });
  expect(west.label).toBe('UTC-5');
  expect(west.dayKey(at('2026-01-01T04:59:59Z'))).toBe('2025-12-31');
});

test('days of 23 and 25 hours where clocks change', () => {
  const berlin = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
  const hours = (day: string): number =>
    (berlin.nextDayStartMs(at(day)) - berlin.dayStartMs(at(day))) / 3_600_000;
  expect(hours('2026-03-29T12:00:00Z')).toBe(23);
  expect(hours('2026-10-25T12:00:00Z')).toBe(25);
  expect(hours('2026-06-01T12:00:00Z')).toBe(24);
  expect(iso(berlin.monthStartMs(at('2026-03-31T10:00:00Z')))).toBe('2026-02-28T23:00:00.000Z');
});

test('a day that begins at one o’clock because midnight is skipped', () => {
  const cairo = createCalendar({ type: 'zone', name: 'Africa/Cairo' });
  const noon = at('2026-04-24T10:00:00Z');
  expect(cairo.dayKey(noon)).toBe('2026-04-24');
  expect(iso(cairo.dayStartMs(noon))).toBe('2026-04-23T22:00:00.000Z');
  expect(cairo.dayKey(cairo.dayStartMs(noon) - 1)).toBe('2026-04-23');
});

test('days follow each other without gap or overlap for two years in an awkward zone', () => {
  const calendar = createCalendar({ type: 'zone', name: 'America/St_Johns' });
  let startMs = calendar.dayStartMs(at('2025-01-01T12:00:00Z'));
  for (let count = 0; count < 730; count += 1) {
    const nextMs = calendar.nextDayStartMs(startMs);
    expect(calendar.dayStartMs(nextMs)).toBe(nextMs);
    expect(calendar.dayKey(nextMs - 1)).toBe(calendar.dayKey(startMs));
    expect(calendar.dayKey(nextMs) > calendar.dayKey(startMs)).toBe(true);
    startMs = nextMs;
  }
});
