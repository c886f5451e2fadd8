import { expect, test } from 'vitest';
import { lossOf } from './loss';

const field = (value: number | null) => ({
  default: value,
  source: 'default' as const,
  environment: null,
  changedAt: null,
  changedBy: null,
});
const now = {
  version: 1,
  requestDays: 30,
  auditDays: 365,
  trashDays: null,
  fields: { requestDays: field(20), auditDays: field(365), trashDays: field(null) },
};

test('a shorter retention throws away what is older; a longer one nothing', () => {
  expect(lossOf('retention', now, { requestDays: 7 })).toEqual([{ field: 'requestDays', days: 7 }]);
  expect(lossOf('retention', now, { requestDays: 60 })).toBeNull();
});

test('a trash that was never emptied loses what is older', () => {
  expect(lossOf('retention', now, { trashDays: 90 })).toEqual([{ field: 'trashDays', days: 90 }]);
});

test('going back to a shorter default is a loss as well', () => {
  expect(lossOf('retention', now, { requestDays: null })).toEqual([{ field: 'requestDays', days: 20 }]);
  expect(lossOf('retention', now, { trashDays: null })).toBeNull();
});

test('other sections throw nothing away', () => {
  expect(lossOf('security', now, { requestDays: 7 })).toBeNull();
});
