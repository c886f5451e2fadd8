import { expect, test } from 'vitest';
import { barAt, peakOf, selectionOf } from './histogram-bars';

const bar = (minute: number, success: number) => ({
  at: new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString(),
  success,
  clientError: 1,
  serverError: 0,
  none: 0,
});
const bars = [bar(0, 5), bar(1, 9), bar(2, 0)];

test('the pointer finds its bar, and the nearest one outside', () => {
  expect([-5, 0, 99, 100, 299, 500].map((x) => barAt(x, 300, 3))).toEqual([0, 0, 0, 1, 2, 2]);
  expect(barAt(10, 0, 3)).toBe(0);
});

test('a selection goes to the end of its last bar', () => {
  expect(selectionOf(bars, 60_000, 0, 1)).toEqual({
    from: '2026-03-01T12:00:00.000Z',
    to: '2026-03-01T12:02:00.000Z',
  });
});

test('the highest bar has all of its classes', () => {
  expect(peakOf(bars)).toBe(10);
  expect(peakOf([])).toBe(0);
});
