import { keyCreateBody, windowSchema, windowSpans as contractSpans } from '@crs/shared';
import { budgetModes as contractModes, budgetPeriods as contractPeriods } from '@crs/shared';
import { expect, test } from 'vitest';
import {
  budgetModes,
  budgetPeriods,
  budgetPresets,
  emptyBudget,
  emptyLimits,
  emptyWindow,
  isAmount,
  isUsd,
  limitBody,
  windowPresets,
  windowProblem,
  windowSpans,
  windowValuesOf,
} from './limit-values';

test('the words are those of the contract', () => {
  expect(windowSpans).toEqual(contractSpans);
  expect(budgetPeriods).toEqual(contractPeriods);
  expect(budgetModes.toSorted()).toEqual([...contractModes].toSorted());
});

test('every preset is a limit that the contract takes', () => {
  const windows = windowPresets.map(windowValuesOf);
  expect(windows.map(windowProblem)).toEqual(windowPresets.map(() => null));
  const budgets = budgetPresets.map(({ every, usd }) => ({ every, usd: String(usd), models: [] }));
  const body = limitBody({ ...emptyLimits, windows, budgets });
  expect(body).toMatchObject({ windows: windowPresets, budgets: budgetPresets });
  expect(keyCreateBody.safeParse({ name: 'A', ...body }).success).toBe(true);
});

test('an amount is a whole number of one or more', () => {
  expect(['1', ' 30 ', '0', '-1', '1.5', '', '1e3'].map(isAmount)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('dollars are more than nothing and can be counted to the nano-dollar', () => {
  expect(['5', '0.000000001', '9000000'].map(isUsd)).toEqual([true, true, true]);
  expect(['', '0', '-1', '1e2', '0.0000000001', '9000001', 'x'].some(isUsd)).toBe(false);
});

test.each([
  [{}, 'empty'],
  [{ requests: '5', count: '0' }, 'count'],
  [{ requests: '5', count: '1001' }, 'count'],
  [{ requests: '1.5' }, 'requests'],
  [{ tokens: 'many' }, 'tokens'],
  [{ usd: '0' }, 'usd'],
  [{ tokens: '100' }, null],
] as const)('a window of %j', (patch, problem) => {
  const row = { ...emptyWindow, ...patch };
  expect(windowProblem(row)).toBe(problem);
  const [body] = limitBody({ ...emptyLimits, windows: [row] }).windows;
  expect(windowSchema.safeParse(body).success).toBe(problem === null);
});

test('a queue that is switched off, empty rates and empty models are not sent', () => {
  const body = limitBody({ ...emptyLimits, budgets: [{ ...emptyBudget, usd: '3' }] });
  expect(body).toMatchObject({ queue: null, rates: {}, budgets: [{ every: 'day', usd: 3 }] });
  expect(body.budgets[0]).not.toHaveProperty('models');
});

test('an empty number is refused by the contract and never sent as zero', () => {
  const queue = { enabled: true, size: '', waitSeconds: '5' };
  const body = limitBody({ ...emptyLimits, queue, budgets: [{ ...emptyBudget }] });
  const result = keyCreateBody.safeParse({ name: 'A', ...body });
  expect(result.error?.issues.map(({ path }) => path.join('.')).toSorted()).toEqual([
    'budgets.0.usd',
    'queue.size',
  ]);
});
