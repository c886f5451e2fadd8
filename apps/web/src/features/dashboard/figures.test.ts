import type { UsageRow } from '@crs/shared';
import { expect, test } from 'vitest';
import { allTokens, errorShare, growth } from './figures';

function row(group: string, requests = 1): UsageRow {
  return {
    group,
    label: '',
    requests,
    attempts: requests,
    errors: 0,
    input: 5,
    cacheWrite5m: 10,
    cacheWrite1h: 20,
    cacheRead: 40,
    output: 80,
    costNanoUsd: 1,
    chargedNanoUsd: 1,
    cacheSavingsNanoUsd: 0,
    errorsByClass: { rateLimited: 0, clientError: 0, serverError: 0, noAnswer: 0 },
    latency: { requests: 0, durationMs: null, firstEventMs: null },
  };
}

test('growth is a share of what was before, and unknown when there was nothing', () => {
  expect(growth(150, 100)).toBe(0.5);
  expect(growth(0, 40)).toBe(-1);
  expect(growth(10, 0)).toBeNull();
});

test('the error share needs requests', () => {
  expect(errorShare({ ...row('x', 8), errors: 2 })).toBe(0.25);
  expect(errorShare(row('x', 0))).toBeNull();
});

test('all five buckets make up the tokens', () => {
  expect(allTokens(row('x'))).toBe(155);
});
