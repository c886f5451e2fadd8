import { expect, test } from 'vitest';
import { readBudget, readEffort, writeBudget, writeEffort } from './effort.ts';

test.each([
  ['minimal', 'low', 1024, 'low'],
  ['low', 'low', 2048, 'low'],
  ['medium', 'medium', 8192, 'medium'],
  ['high', 'high', 16_384, 'high'],
  ['xhigh', 'xhigh', 24_576, 'xhigh'],
  ['max', 'max', 32_000, 'max'],
] as const)('%s is said %s or %i tokens, and read back', (level, effort, tokens, fromEffort) => {
  expect(writeEffort(level)).toBe(effort);
  expect(writeBudget(level)).toBe(tokens);
  expect(readEffort(effort)).toBe(fromEffort);
  // No budget is too much for xhigh: what models take at most differs.
  expect(readBudget(tokens)).toBe(level === 'max' ? 'xhigh' : level);
});

test.each([
  [1, 'minimal'],
  [1025, 'low'],
  [4096, 'low'],
  [4097, 'medium'],
  [12_288, 'medium'],
  [12_289, 'high'],
  [20_480, 'high'],
  [20_481, 'xhigh'],
  [128_000, 'xhigh'],
])('a budget of %i tokens is %s', (tokens, level) => {
  expect(readBudget(tokens)).toBe(level);
});

test('a word that is no level is none', () => {
  expect(readEffort('off')).toBeNull();
  expect(readEffort('gigantic')).toBeNull();
});
