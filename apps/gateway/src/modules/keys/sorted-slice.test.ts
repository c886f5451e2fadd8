import { expect, test } from 'vitest';
import { sortedSlice } from './sorted-slice.ts';

/** Repeatable numbers without order. */
function scrambled(length: number, distinct: number): number[] {
  let state = 12_345;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % distinct;
  });
}

const ascending = (a: number, b: number): number => a - b;
const sorted = (items: readonly number[]): number[] => [...items].sort(ascending);
const orders: [string, number[]][] = [
  ['scrambled', scrambled(3_000, 1_000_000)],
  ['few distinct values', scrambled(3_000, 5)],
  ['all equal', Array.from({ length: 3_000 }, () => 7)],
  ['ascending', sorted(scrambled(3_000, 1_000_000))],
  ['descending', sorted(scrambled(3_000, 1_000_000)).reverse()],
  ['organ pipe', Array.from({ length: 3_000 }, (_, index) => Math.min(index, 3_000 - index))],
];

test.each(orders)('every page of a list (%s) is what a full sort would show', (_, items) => {
  const expected = sorted(items);
  for (const start of [0, 20, 1_480, 2_980, 2_990, 3_000]) {
    const page = sortedSlice([...items], ascending, start, start + 20);
    expect(page).toEqual(expected.slice(start, start + 20));
  }
});

test('pages beyond the end and of an empty list are empty', () => {
  expect(sortedSlice([3, 1, 2], ascending, 3, 6)).toEqual([]);
  expect(sortedSlice([], ascending, 0, 20)).toEqual([]);
});

test('a page of 100,000 costs a few comparisons per item', () => {
  const items = scrambled(100_000, 1_000_000_000);
  let comparisons = 0;
  const counting = (a: number, b: number): number => {
    comparisons += 1;
    return a - b;
  };
  expect(sortedSlice([...items], counting, 50_000, 50_020)).toEqual(sorted(items).slice(50_000, 50_020));
  // A full sort takes about 1,700,000.
  expect(comparisons).toBeLessThan(600_000);
});
