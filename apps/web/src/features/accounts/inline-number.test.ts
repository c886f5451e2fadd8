import { expect, test } from 'vitest';
import { readNumber } from './inline-number';

test.each([
  ['10', 10],
  [' 7 ', 7],
  ['0', 0],
  ['1000', 1000],
  ['1001', null],
  ['-1', null],
  ['1.5', null],
  ['1e2', null],
  ['', null],
])('%j typed is %j', (text, value) => {
  expect(readNumber(text, 0, 1000)).toBe(value);
});
