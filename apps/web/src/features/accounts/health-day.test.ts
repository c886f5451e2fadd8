import { expect, test } from 'vitest';
import { type Quarter, sumOfDay, toneOfQuarter } from './health-day';

const quarter = (fields: Partial<Quarter>): Quarter => ({
  at: '2026-03-01T12:00:00.000Z',
  requests: 0,
  failures: 0,
  status: 'ready',
  ...fields,
});

test.each([
  ['idle', {}],
  ['ok', { requests: 4 }],
  ['warn', { requests: 4, failures: 1 }],
  ['bad', { requests: 4, failures: 2 }],
  ['warn', { status: 'cooling' }],
  ['bad', { status: 'needs-login' }],
  ['off', { status: 'disabled' }],
  ['ok', { status: 'disabled', requests: 3 }],
  ['unknown', { status: null }],
] as const)('a quarter is %s: %j', (tone, fields) => {
  expect(toneOfQuarter(quarter(fields))).toBe(tone);
});

test('a day is summed up', () => {
  const day = [quarter({ requests: 2 }), quarter({ requests: 3, failures: 1 }), quarter({ status: null })];
  expect(sumOfDay(day)).toEqual({ requests: 5, failures: 1 });
});
