// What a list of keys is narrowed by beyond its text: times and figures, at their edges.
import { expect, test } from 'vitest';
import type { FigureName } from './key-figures.ts';
import { filterOf, type KeyFacts, type KeyFilters, needsOf } from './key-query.ts';
import type { KeySummary } from './key-summary.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 6, 10, 12);

interface Given {
  readonly lastUse?: number;
  readonly createdAtMs?: number;
  readonly updatedAtMs?: number;
  readonly figures?: Partial<Record<FigureName, number>>;
}

function fits(
  query: KeyFilters,
  { lastUse = 0, createdAtMs = 0, updatedAtMs = 0, figures = {} }: Given,
): boolean {
  const facts: KeyFacts = {
    nowMs: NOW_MS,
    figures: {
      lastUse: () => lastUse,
      figure: (_id, name) => figures[name] ?? 0,
      budgetShare: () => null,
    },
    expiryOf: () => null,
    statusOf: () => 'active',
  };
  const key: KeySummary = {
    id: 'key-1',
    version: 1,
    userId: null,
    name: 'Key',
    sortName: 'key',
    text: 'key',
    tags: [],
    enabled: true,
    boundTo: [],
    budgets: [],
    weeklyReset: { day: 1, hour: 0 },
    createdAtMs,
    updatedAtMs,
    deletedAtMs: null,
    expiresAtMs: null,
    afterFirstUseMs: null,
  };
  return filterOf(query, facts)(key);
}

test('a use of just so many days ago is within them; one before it is longer ago, and so is none at all', () => {
  const edge = NOW_MS - 7 * DAY_MS;
  expect(fits({ usedWithinDays: 7 }, { lastUse: edge })).toBe(true);
  expect(fits({ usedWithinDays: 7 }, { lastUse: edge - 1 })).toBe(false);
  expect(fits({ unusedForDays: 7 }, { lastUse: edge })).toBe(false);
  expect(fits({ unusedForDays: 7 }, { lastUse: edge - 1 })).toBe(true);
  expect(fits({ unusedForDays: 7 }, {})).toBe(true);
  expect(fits({ usedWithinDays: 7 }, {})).toBe(false);
});

test('keys are found by when they were made and changed', () => {
  const times = { createdAtMs: NOW_MS - 30 * DAY_MS, updatedAtMs: NOW_MS - DAY_MS };
  expect(fits({ createdWithinDays: 30 }, times)).toBe(true);
  expect(fits({ createdWithinDays: 29 }, times)).toBe(false);
  expect(fits({ updatedWithinDays: 1 }, times)).toBe(true);
});

test('least figures are inclusive, money to the nano-dollar', () => {
  const figures = { spendToday: 250_000_001, requestsTotal: 12 };
  expect(fits({ minSpendTodayUsd: '0.250000001' }, { figures })).toBe(true);
  expect(fits({ minSpendTodayUsd: '0.250000002' }, { figures })).toBe(false);
  expect(fits({ minRequestsTotal: 12, minSpendTotalUsd: '0' }, { figures })).toBe(true);
  expect(fits({ minTokensToday: 1 }, { figures })).toBe(false);
});

test('what a filter looks at is brought up to date first', () => {
  expect(needsOf({ sort: 'name', minTokensToday: 1 })).toMatchObject({ figures: true, uses: true });
  expect(needsOf({ sort: 'name', unusedForDays: 1 })).toMatchObject({ figures: false, uses: true });
  expect(needsOf({ sort: 'name', createdWithinDays: 1 })).toMatchObject({ uses: false });
});
