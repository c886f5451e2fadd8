import { expect, test } from 'vitest';
import { batchSet, emptyBatch } from './batch-values';

test('only the chosen fields are sent; an empty quota is none, an empty number is refused', () => {
  expect(batchSet(emptyBatch, ['dailyUsd', 'proxy'])).toEqual({ dailyUsd: null, proxy: null });
  expect(batchSet({ ...emptyBatch, priority: ' 7 ' }, ['priority'])).toEqual({ priority: 7 });
  expect(batchSet({ ...emptyBatch, weight: '' }, ['weight'])).toEqual({ weight: Number.NaN });
});
