import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

const START_MS = 1_000_000_000_000;

/** Retries granted to so many that ask, at that time. */
function granted(budget: RetryBudget, asked: number, atMs: number): number {
  return Array.from({ length: asked }, () => budget.retry(atMs)).filter(Boolean).length;
}

test('retries add a fifth to the requests of the last ten seconds', () => {
  const budget = new RetryBudget();
  for (let second = 0; second < 10; second += 1) {
    for (let request = 0; request < 200; request += 1) budget.request(START_MS + second * 1000);
  }
  expect(granted(budget, 5000, START_MS + 9000)).toBe(400);
  expect(granted(budget, 10, START_MS + 9999)).toBe(0);
});

test('a quiet gateway may always retry, ten times a second', () => {
  const budget = new RetryBudget();
  budget.request(START_MS);
  expect(granted(budget, 500, START_MS)).toBe(100);
});

test('what is older than ten seconds counts no more', () => {
  const budget = new RetryBudget();
  for (let request = 0; request < 2000; request += 1) budget.request(START_MS);
  expect(granted(budget, 300, START_MS)).toBe(300);
  expect(granted(budget, 500, START_MS + 9000)).toBe(100);
  expect(granted(budget, 500, START_MS + 10_000)).toBe(0);
  expect(granted(budget, 500, START_MS + 19_000)).toBe(100);
});
