import { expect, test } from 'vitest';
import { createCalendar } from '../../../../apps/gateway/src/platform/calendar.ts';
import { seededRandom } from '../random.ts';
import { sampleKeys } from '../sample-keys.ts';
import { type Arrival, arrivals, HISTORY_DAYS, outageOf } from './arrivals.ts';

const DAY_MS = 86_400_000;
const calendar = createCalendar({ type: 'offset', offsetMinutes: 480 });
/** A Wednesday, late in the afternoon there. */
const NOW_MS = Date.parse('2026-11-25T09:30:00Z');

const past = arrivals(sampleKeys(NOW_MS), NOW_MS, calendar, seededRandom(1));

const countOf = (fits: (atMs: number) => boolean): number => past.filter(({ atMs }) => fits(atMs)).length;
const dayOf = (atMs: number): number => new Date(`${calendar.dayKey(atMs)}T12:00:00Z`).getUTCDay();
const hourOf = (atMs: number): number => Math.floor((atMs - calendar.dayStartMs(atMs)) / 3_600_000);

test('the past ends now, has fifteen to thirty thousand requests, and is the same each time', () => {
  expect(past.length).toBeGreaterThan(15_000);
  expect(past.length).toBeLessThan(30_000);
  expect(new Set(past.map(({ atMs }) => calendar.dayKey(atMs))).size).toBe(HISTORY_DAYS);
  expect(past.at(-1)?.atMs).toBeLessThan(NOW_MS);
  expect(past.at(-1)?.atMs).toBeGreaterThan(NOW_MS - 900_000);
  const shape = ({ atMs, turn, conversation }: Arrival): unknown[] => [atMs, turn, conversation.key.name];
  const again = arrivals(sampleKeys(NOW_MS), NOW_MS, calendar, seededRandom(1));
  expect(again.map(shape)).toEqual(past.map(shape));
});

test('working days have more than weekends, days more than nights, the last week more than the first', () => {
  const isWeekend = (atMs: number): boolean => [0, 6].includes(dayOf(atMs));
  expect(countOf((atMs) => !isWeekend(atMs)) / 5).toBeGreaterThan((2 * countOf(isWeekend)) / 2);
  const atWork = countOf((atMs) => hourOf(atMs) >= 9 && hourOf(atMs) < 17);
  expect(atWork).toBeGreaterThan(5 * countOf((atMs) => hourOf(atMs) < 6));
  const first = countOf((atMs) => atMs < NOW_MS - (HISTORY_DAYS - 7) * DAY_MS);
  expect(countOf((atMs) => atMs >= NOW_MS - 7 * DAY_MS)).toBeGreaterThan(1.3 * first);
});

test.each(['2026-11-25', '2026-11-24', '2026-11-22'])('the outage is on a working day before %s', (day) => {
  const nowMs = Date.parse(`${day}T09:30:00Z`);
  const { fromMs, untilMs } = outageOf(nowMs, calendar);
  expect(dayOf(fromMs)).toBeGreaterThan(0);
  expect(dayOf(fromMs)).toBeLessThan(6);
  expect(untilMs).toBeLessThan(nowMs - 2 * DAY_MS);
  expect(fromMs).toBeGreaterThan(nowMs - 6 * DAY_MS);
});
