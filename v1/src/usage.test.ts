import { expect, test } from 'vitest';
import { records } from '../test/fixtures.ts';
import { nanoUsdOf } from './money.ts';
import { modelCosts, usageCounters } from './usage.ts';

const id = '7a6376a5-7423-4ca9-ae7d-d442cbcca9c6';

test('lifetime and bucket hashes read alike', () => {
  expect(usageCounters.parse(records.get(`usage:${id}`))).toEqual({
    requests: 8,
    inputTokens: 9400,
    outputTokens: 2550,
    cacheCreateTokens: 21_000,
    cacheReadTokens: 140_000,
    ephemeral5mTokens: 14_000,
    ephemeral1hTokens: 7000,
    longContextInputTokens: 0,
    longContextOutputTokens: 0,
    longContextRequests: 0,
    isSplitRecorded: true,
  });
  expect(usageCounters.parse(records.get(`usage:daily:${id}:2026-11-21`))).toMatchObject({
    requests: 2,
    inputTokens: 2200,
    outputTokens: 450,
    isSplitRecorded: true,
  });
  expect(
    usageCounters.parse(records.get('account_usage:5b4fb465-1779-4a24-8224-95f9508dc271')).requests,
  ).toBe(8);
});

test('the oldest records are split as v1 showed them, and say so', () => {
  expect(usageCounters.parse({ tokens: '101', requests: '1' })).toMatchObject({
    inputTokens: 30,
    outputTokens: 71,
    isSplitRecorded: false,
  });
});

test('a counter that is no number is refused by name', () => {
  expect(usageCounters.safeParse({ totalInputTokens: 'x' }).error?.issues[0]?.path).toEqual(['inputTokens']);
});

test('costs of a model are whole micro-dollars, or absent', () => {
  const model = records.get(`usage:${id}:model:alltime:claude-sonnet-4-20250514`);
  expect(modelCosts.parse(model)).toEqual({ realCostMicro: 198_450, ratedCostMicro: 297_675 });
  expect(modelCosts.parse({ inputTokens: '1' })).toEqual({ realCostMicro: null, ratedCostMicro: null });
});

test.each([
  ['0.331425', 331_425_000],
  ['0.020999999999999998', 21_000_000],
  ['0.0000000004', 0],
  ['0.0000000005', 1],
  ['12', 12_000_000_000],
  ['-0.5', -500_000_000],
  ['1e-7', null],
  ['', null],
])('%s US dollars are %s nano-USD', (amount, nano) => {
  expect(nanoUsdOf(amount)).toBe(nano);
});

test('the recorded totals are exact', () => {
  expect(nanoUsdOf(records.get(`usage:cost:total:${id}`) as string)).toBe(331_425_000);
  expect(nanoUsdOf(records.get(`usage:cost:real:total:${id}`) as string)).toBe(220_950_000);
});
