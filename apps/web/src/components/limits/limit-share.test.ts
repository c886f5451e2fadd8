import type { LimitState } from '@crs/shared';
import { expect, test } from 'vitest';
import { limitId, shareOf, tightest } from './limit-share';

const state = (patch: Partial<LimitState>): LimitState => ({
  limit: 'budget',
  every: 'day',
  owner: 'key',
  max: 100,
  used: 0,
  held: 0,
  resetsAt: null,
  ...patch,
});

test('what is reserved counts like what is used', () => {
  expect(shareOf(state({ used: 40, held: 20 }))).toBe(0.6);
  expect(shareOf(state({ max: 0 }))).toBe(1);
});

test('the tightest limit is the one nearest to its end', () => {
  const near = state({ every: 'month', used: 90 });
  expect(tightest([state({ used: 80 }), near, state({ limit: 'tokens', used: 10 })])).toBe(near);
  expect(tightest([])).toBeNull();
});

test('requests at once count only where nothing else is limited', () => {
  const running = state({ limit: 'concurrency', every: null, used: 100 });
  const budget = state({ used: 1 });
  expect(tightest([running, budget])).toBe(budget);
  expect(tightest([running])).toBe(running);
});

test('limits that differ in their models are two', () => {
  expect(limitId(state({ models: ['a'] }))).not.toBe(limitId(state({ models: ['b'] })));
});
