import { expect, test } from 'vitest';
import type { UsageRow } from '@crs/shared';
import { hasOther, OTHER, spendPoints } from './spend-points';

const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' };

const row = (group: string, costNanoUsd: number) =>
  ({ group, label: group, costNanoUsd, requests: 1 }) as UsageRow;

test('each day is the models told apart and the rest, which is never less than nothing', () => {
  const rows = [row('d1', 10), row('d2', 5)];
  const byDay = { ...range, rows, total: row('', 15) };
  const points = spendPoints({
    byDay,
    models: [
      { name: 'a', rows: [row('d1', 7), row('d2', 3)] },
      { name: 'b', rows: [row('d1', 1), row('d2', 4)] },
    ],
  });
  expect(points).toEqual([
    { category: 'd1', values: { a: 7, b: 1, [OTHER]: 2 } },
    { category: 'd2', values: { a: 3, b: 4, [OTHER]: 0 } },
  ]);
  expect(hasOther(points)).toBe(true);
  expect(
    spendPoints({ byDay: { ...range, rows, total: { ...row('', 0), requests: 0 } }, models: [] }),
  ).toEqual([]);
});
