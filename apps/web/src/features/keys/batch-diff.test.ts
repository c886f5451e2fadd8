import { expect, test } from 'vitest';
import type { BatchResult } from '@crs/shared';
import { countChanges } from './batch-diff';
import { batchChange, emptyValues, partsBody } from './key-values';

const result = (changes: { field: string; before: unknown; after: unknown }[]) => ({
  id: 'k',
  name: 'k',
  outcome: 'changed' as const,
  version: 1,
  changes,
  error: null,
});

test('the same change of several keys is told once, with their number', () => {
  const five = { field: 'budgets', before: [{ every: 'day', usd: 5 }], after: [{ every: 'day', usd: 10 }] };
  const none = { ...five, before: [] };
  const answer: BatchResult = {
    dryRun: true,
    changed: 3,
    unchanged: 0,
    failed: 0,
    results: [result([none]), result([five]), result([five])],
  };
  expect(countChanges(answer)).toEqual([
    { ...five, keys: 2 },
    { ...none, keys: 1 },
  ]);
});

test('only the fields of the chosen parts are sent', () => {
  expect(
    partsBody({ ...emptyValues, name: 'not this', clients: ['claude_code'] }, ['access', 'load']),
  ).toEqual({
    clients: ['claude_code'],
    ipAllow: [],
    concurrency: 0,
    queue: null,
  });
});

test('budgets are laid over those of each key, or take their place', () => {
  const values = { ...emptyValues, budgets: [{ every: 'day' as const, usd: '10', models: [] }] };
  const budgets = [{ every: 'day', usd: 10 }];
  expect(batchChange(values, ['budgets', 'windows'], true)).toEqual({
    set: { windows: [] },
    setBudgets: budgets,
  });
  expect(batchChange(values, ['budgets'], false)).toEqual({
    set: { budgets, budgetMode: 'expected', weeklyReset: { day: 1, hour: 0 } },
  });
});
