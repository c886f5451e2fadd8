import { expect, test } from 'vitest';
import { errorShare } from './account-figures';
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

test('the share of errors counts attempts, and is unknown without any', () => {
  expect(errorShare({ attempts: 8, errors: 2 })).toBe(0.25);
  expect(errorShare({ attempts: 0, errors: 0 })).toBeNull();
});
