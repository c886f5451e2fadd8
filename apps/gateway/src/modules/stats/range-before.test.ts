import { expect, test } from 'vitest';
import { createCalendar } from '../../platform/calendar.ts';
import { rangeBefore } from './range-before.ts';

const berlin = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
const india = createCalendar({ type: 'offset', offsetMinutes: 330 });

test.each([
  // Clocks go forward on 29 March and back on 25 October.
  ['a month', berlin, '2026-03-31T22:00Z', '2026-04-30T22:00Z', '2026-02-28T23:00Z'],
  ['a quarter', berlin, '2026-03-31T22:00Z', '2026-06-30T22:00Z', '2025-12-31T23:00Z'],
  ['a week', berlin, '2026-03-29T22:00Z', '2026-04-05T22:00Z', '2026-03-22T23:00Z'],
  ['the day of 25 hours', berlin, '2026-10-24T22:00Z', '2026-10-25T23:00Z', '2026-10-23T22:00Z'],
  ['days beside half an hour', india, '2026-03-09T18:30Z', '2026-03-11T18:30Z', '2026-03-07T18:30Z'],
  ['hours', berlin, '2026-03-29T10:00Z', '2026-03-29T13:30Z', '2026-03-29T06:30Z'],
  [
    'days that end in the middle of one',
    berlin,
    '2026-03-28T23:00Z',
    '2026-03-30T08:00Z',
    '2026-03-27T14:00Z',
  ],
])('before %s', (_, calendar, from, to, before) => {
  const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  expect(new Date(rangeBefore(range, calendar).fromMs).toISOString()).toBe(new Date(before).toISOString());
  expect(rangeBefore(range, calendar).toMs).toBe(range.fromMs);
});
