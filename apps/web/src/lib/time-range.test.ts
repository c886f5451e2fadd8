import { expect, test } from 'vitest';
import { dayStart, formatRange, parseRange, rangeBounds, wholeDayBounds } from './time-range';

const custom = { name: 'custom', from: '2026-07-01T00:00:00.000Z', to: '2026-07-03T12:00:00.000Z' } as const;
const now = Date.parse('2026-07-10T18:30:00.000Z');

test('a period goes into the address and comes out the same; the default leaves no trace', () => {
  for (const range of [{ name: '7d' }, { name: '30d' }, { name: 'lastMonth' }, custom] as const) {
    expect(parseRange(formatRange(range, new URLSearchParams()))).toEqual(range);
  }
  const shown = formatRange({ name: '24h' }, new URLSearchParams('range=custom&from=a&to=b&x=1'));
  expect(shown.toString()).toBe('x=1');
  expect(formatRange({ name: '24h' }, new URLSearchParams(), '30d').toString()).toBe('range=24h');
});

test.each([
  '',
  'range=1y',
  'range=custom',
  'range=custom&from=2026-07-03T12:00:00Z&to=2026-07-01T00:00:00Z',
  'range=custom&from=yesterday&to=2026-07-01T00:00:00Z',
])('an address that makes no sense (%s) shows the initial period', (text) => {
  expect(parseRange(new URLSearchParams(text))).toEqual({ name: '24h' });
  expect(parseRange(new URLSearchParams(text), '30d')).toEqual({ name: '30d' });
});

test('lengths end now, a custom period stays where it is', () => {
  expect(rangeBounds({ name: '7d' }, now)).toEqual({
    from: '2026-07-03T18:30:00.000Z',
    to: '2026-07-10T18:30:00.000Z',
  });
  expect(rangeBounds(custom, now)).toEqual({ from: custom.from, to: custom.to });
});

test('months and days begin at midnight of the zone of the server', () => {
  // Half past two of the 11th in Shanghai.
  expect(rangeBounds({ name: 'month' }, now, 'Asia/Shanghai').from).toBe('2026-06-30T16:00:00.000Z');
  expect(rangeBounds({ name: 'lastMonth' }, now, 'UTC+8')).toEqual({
    from: '2026-05-31T16:00:00.000Z',
    to: '2026-06-30T16:00:00.000Z',
  });
  expect(wholeDayBounds({ name: '7d' }, now, 'Asia/Shanghai').from).toBe('2026-07-04T16:00:00.000Z');
  expect(wholeDayBounds({ name: '24h' }, now, 'Asia/Shanghai').from).toBe('2026-07-09T18:30:00.000Z');
});

test('a day on which the clocks change still begins at its own midnight', () => {
  const afterChange = Date.parse('2026-03-29T12:00:00.000Z');
  expect(new Date(dayStart(afterChange, 'Europe/Berlin')).toISOString()).toBe('2026-03-28T23:00:00.000Z');
  const dayAfter = Date.parse('2026-03-30T12:00:00.000Z');
  expect(new Date(dayStart(dayAfter, 'Europe/Berlin')).toISOString()).toBe('2026-03-29T22:00:00.000Z');
});
