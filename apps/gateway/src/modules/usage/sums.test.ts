import { describe, expect, test } from 'vitest';
import { addSums, emptySums, packSums, toFigures, unpackSums } from './sums.ts';

describe('packed figures', () => {
  test('come back as they were, up to the last safe integer', () => {
    const sums = { ...emptySums(), requests: 3, failedAttempts: 1, chargedNanoUsd: Number.MAX_SAFE_INTEGER };
    expect(unpackSums(packSums(sums))).toEqual(sums);
    expect(unpackSums(packSums(emptySums()))).toEqual(emptySums());
    expect(packSums({ ...emptySums(), requests: 7 })).toBe('7');
    const lost = { ...emptySums(), cacheSavingsNanoUsd: -5 };
    expect(unpackSums(packSums(lost))).toEqual(lost);
    expect(unpackSums(null)).toEqual(emptySums());
  });

  test('text that is not packed figures is refused, not read as zero', () => {
    for (const text of [
      '',
      'x',
      '1,,2',
      '1.5',
      '9007199254740993',
      `${'0,'.repeat(18)}1`,
      '1,',
      '-',
      '1;',
      '1;A;',
      '1;;?',
    ]) {
      expect(() => unpackSums(text), text).toThrow(/not packed figures/);
    }
  });
});

describe('adding', () => {
  test('is exact just below 2^53, and says so where it cannot be', () => {
    const target = { ...emptySums(), costNanoUsd: Number.MAX_SAFE_INTEGER - 2 };
    expect(addSums(target, { ...emptySums(), costNanoUsd: 2, requests: 1 })).toBe(true);
    expect(target.costNanoUsd).toBe(Number.MAX_SAFE_INTEGER);
    expect(addSums(target, { ...emptySums(), costNanoUsd: 1, requests: 1 })).toBe(false);
    expect(target).toMatchObject({ costNanoUsd: Number.MAX_SAFE_INTEGER, requests: 2 });
  });
});

test('errors are failed requests, or failed attempts where figures are about accounts', () => {
  const sums = { ...emptySums(), failedRequests: 1, failedAttempts: 4 };
  expect(toFigures(sums, 'requests').errors).toBe(1);
  expect(toFigures(sums, 'attempts').errors).toBe(4);
});
