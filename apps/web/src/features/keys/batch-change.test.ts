import { expect, test } from 'vitest';
import { batchChange, emptyValues, partsBody } from './key-values';

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
