import { expect, test } from 'vitest';
import type { BatchResult } from '@crs/shared';
import { countChanges } from './batch-diff';

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
    { ...five, count: 2 },
    { ...none, count: 1 },
  ]);
});
