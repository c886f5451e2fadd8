// What calls cost, worked out by hand from the vendor's price list, to the nano-dollar.
import { expect, test } from 'vitest';
import { recordings } from '../../../test/anthropic-fixtures.ts';
import type { ObservedUsage, PriceConditions } from '../../protocols/protocol.ts';
import { billFor } from './cost.ts';
import { PriceBook } from './book.ts';
import { loadPack } from './index.ts';
import { PriceIndex } from './lookup.ts';
import { UNTOUCHED } from './price-list.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const pack = loadPack();
const pricing = new PriceBook({ pack, state: UNTOUCHED });

type Counts = readonly [
  input: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  cacheRead: number,
  output: number,
  webSearches: number,
];

function usageOf([input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches]: Counts): ObservedUsage {
  return { input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches };
}

/** Words: `fast`, `us`, `batch`. */
function conditionsOf(words: string): PriceConditions {
  return {
    speed: words.includes('fast') ? 'fast' : 'standard',
    inferenceGeo: words.includes('us') ? 'us' : 'global',
    serviceTier: words.includes('batch') ? 'batch' : 'standard',
  };
}

/** Input, writes for 5 minutes and 1 hour, reads, output, web searches; conditions; nano-USD. */
const vectors: readonly (readonly [
  model: string,
  counts: Counts,
  conditions: string,
  costNanoUsd: number,
])[] = [
  ['claude-opus-5-5', [1234, 567, 89, 4321, 765, 0], '', 24_647_200],
  ['claude-opus-5', [1234, 567, 89, 4321, 765, 0], '', 31_889_250],
  ['claude-opus-4-8', [1234, 567, 89, 4321, 765, 0], '', 31_889_250],
  ['claude-opus-4-7', [1234, 567, 89, 4321, 765, 0], '', 31_889_250],
  ['claude-opus-4-6', [1234, 567, 89, 4321, 765, 0], '', 31_889_250],
  ['claude-opus-4-5', [1234, 567, 89, 4321, 765, 0], '', 31_889_250],
  ['claude-opus-4-1', [1234, 567, 89, 4321, 765, 0], '', 95_667_750],
  ['claude-sonnet-5-5', [1234, 567, 89, 4321, 765, 0], '', 12_323_600],
  ['claude-sonnet-5', [1234, 567, 89, 4321, 765, 0], '', 12_755_700],
  ['claude-sonnet-4-6', [1234, 567, 89, 4321, 765, 0], '', 19_133_550],
  ['claude-sonnet-4-5', [1234, 567, 89, 4321, 765, 0], '', 19_133_550],
  ['claude-sonnet-4-20250514', [1234, 567, 89, 4321, 765, 0], '', 19_133_550],
  ['claude-haiku-5-5', [1234, 567, 89, 4321, 765, 0], '', 637_785],
  ['claude-haiku-4-5', [1234, 567, 89, 4321, 765, 0], '', 6_377_850],
  ['claude-fable-5-2', [1234, 567, 89, 4321, 765, 0], '', 48_430_200],
  ['claude-fable-5-1', [1234, 567, 89, 4321, 765, 0], '', 60_537_750],
  ['claude-fable-5', [1234, 567, 89, 4321, 765, 0], '', 63_778_500],
  ['claude-3-haiku-20240307', [1234, 567, 89, 4321, 765, 0], '', 2_098_480],
  ['claude-opus-5-5', [1, 0, 0, 0, 0, 0], '', 4_000],
  ['claude-opus-5-5', [0, 1, 0, 0, 0, 0], '', 5_000],
  ['claude-opus-5-5', [0, 0, 1, 0, 0, 0], '', 8_000],
  ['claude-opus-5-5', [0, 0, 0, 1, 0, 0], '', 200],
  ['claude-opus-5-5', [0, 0, 0, 0, 1, 0], '', 20_000],
  ['claude-opus-5-5', [0, 0, 0, 0, 0, 1], '', 10_000_000],
  ['claude-opus-5-5', [0, 0, 0, 0, 0, 0], '', 0],
  ['claude-opus-5-5', [1000000, 0, 0, 0, 0, 0], '', 4_000_000_000],
  ['claude-opus-5-5', [0, 0, 0, 0, 128000, 0], '', 2_560_000_000],
  ['claude-opus-5-5', [900000, 50000, 50000, 0, 128000, 20], '', 7_010_000_000],
  ['claude-haiku-5-5', [99999, 0, 0, 0, 10, 0], '', 10_004_900],
  ['claude-haiku-5-5', [100000, 0, 0, 0, 10, 0], '', 10_005_000],
  ['claude-haiku-5-5', [100001, 0, 0, 0, 10, 0], '', 50_025_500],
  ['claude-haiku-5-5', [1, 0, 0, 99999, 10, 0], '', 1_005_090],
  ['claude-haiku-5-5', [1, 0, 0, 100000, 10, 0], '', 5_025_500],
  ['claude-haiku-5-5', [1, 50000, 50000, 0, 10, 0], '', 81_275_500],
  ['claude-haiku-5-5', [0, 50000, 50000, 0, 10, 0], '', 16_255_000],
  ['claude-haiku-5-5', [1, 0, 0, 0, 128000, 0], '', 64_000_100],
  ['claude-haiku-5-5', [200000, 1, 2, 3, 4, 5], '', 150_012_775],
  ['claude-sonnet-4-5', [199999, 0, 0, 0, 10, 0], '', 600_147_000],
  ['claude-sonnet-4-5', [200000, 0, 0, 0, 10, 0], '', 600_150_000],
  ['claude-sonnet-4-5', [200001, 0, 0, 0, 10, 0], '', 1_200_231_000],
  ['claude-sonnet-4-5', [1, 100000, 50000, 50000, 7, 0], '', 1_380_163_500],
  ['claude-sonnet-4-5', [0, 100000, 50000, 50000, 7, 0], '', 690_105_000],
  ['claude-sonnet-4-20250514', [1, 100000, 50000, 50000, 7, 0], '', 1_080_163_500],
  ['claude-sonnet-4-6', [500000, 0, 0, 0, 7, 0], '', 1_500_105_000],
  ['claude-sonnet-5-5', [100, 0, 0, 0, 200, 0], '', 2_200_000],
  ['claude-sonnet-5-5', [100, 0, 0, 0, 200, 1], '', 12_200_000],
  ['claude-sonnet-5-5', [100, 0, 0, 0, 200, 3], '', 32_200_000],
  ['claude-sonnet-5-5', [100, 0, 0, 0, 200, 7], '', 72_200_000],
  ['claude-haiku-4-5', [100, 0, 0, 0, 200, 2], '', 21_100_000],
  ['claude-opus-5-5', [1000, 100, 200, 3000, 400, 0], 'fast', 29_400_000],
  ['claude-opus-5', [1000, 100, 200, 3000, 400, 0], 'fast', 38_250_000],
  ['claude-opus-4-8', [1000, 100, 200, 3000, 400, 0], 'fast', 114_750_000],
  ['claude-opus-4-7', [1000, 100, 200, 3000, 400, 0], 'fast', 114_750_000],
  ['claude-opus-4-6', [1000, 100, 200, 3000, 400, 0], 'fast', 114_750_000],
  ['claude-opus-5-5', [1000, 100, 200, 3000, 400, 3], 'fast', 59_400_000],
  ['claude-opus-5-5', [1000, 100, 200, 3000, 400, 3], 'us', 46_170_000],
  ['claude-opus-5-5', [1000, 100, 200, 3000, 400, 3], 'fast us', 62_340_000],
  ['claude-opus-4-8', [17, 0, 0, 0, 3, 0], 'fast us', 1_056_000],
  ['claude-opus-5-5', [1001, 0, 0, 333, 77, 0], 'us', 6_171_660],
  ['claude-sonnet-5-5', [1001, 0, 0, 333, 77, 0], 'us', 3_085_830],
  ['claude-haiku-5-5', [1001, 0, 0, 333, 77, 0], 'us', 156_123],
  ['claude-haiku-4-5', [1001, 0, 0, 333, 77, 0], 'us', 1_419_300],
  ['claude-sonnet-4-5', [1001, 0, 0, 333, 77, 0], 'us', 4_257_900],
  ['claude-fable-5-2', [1001, 0, 0, 333, 77, 0], 'us', 12_270_060],
  ['claude-opus-5-5', [1001, 11, 22, 333, 77, 2], 'batch', 22_920_800],
  ['claude-sonnet-5-5', [1001, 11, 22, 333, 77, 2], 'batch', 21_460_400],
  ['claude-haiku-5-5', [1001, 11, 22, 333, 77, 2], 'batch', 20_073_853],
  ['claude-haiku-4-5', [1001, 11, 22, 333, 77, 2], 'batch', 20_738_525],
  ['claude-haiku-5-5', [1, 0, 0, 0, 0, 0], 'batch', 50],
  ['claude-haiku-5-5', [3, 0, 0, 1, 0, 0], 'batch us', 171],
  ['claude-haiku-5-5', [100001, 0, 0, 0, 1, 0], 'batch us', 27_501_650],
  ['claude-opus-5-5', [1000, 0, 0, 0, 100, 0], 'batch fast us', 6_600_000],
  ['claude-haiku-5-5', [0, 0, 0, 1, 0, 0], 'batch us', 6],
  ['claude-haiku-5-5', [0, 1, 0, 0, 0, 0], 'batch us', 69],
  ['claude-haiku-5-5', [0, 1, 0, 0, 0, 0], '', 125],
  ['claude-haiku-5-5', [0, 0, 0, 3, 0, 0], 'us', 33],
  ['claude-haiku-5-5', [0, 0, 0, 1, 0, 0], 'batch', 5],
];

test.each(vectors)('%s %j %s costs %i', (model, counts, conditions, costNanoUsd) => {
  const { costNanoUsd: cost, price } = pricing.cost({
    atMs: nowMs,
    service: 'claude',
    model,
    servedModel: null,
    usage: usageOf(counts),
    conditions: conditionsOf(conditions),
  });
  expect(cost).toBe(costNanoUsd);
  expect(price).toMatchObject({ packId: pack.id, row: `anthropic/${model}`, isFallback: false });
});

test.each(recordings().map(({ name, expected }) => [name, expected] as const))(
  '%s costs what its protocol says, to the pico-dollar',
  (_name, { model, expected }) => {
    const row = new PriceIndex(pack.rows).find('claude', model, null, nowMs);
    if (row === null) throw new Error(`no row for ${model}`);
    expect(row.key).toBe(expected.cost.price_row);
    const { usage } = expected;
    const { total } = billFor(
      row,
      {
        usage: usageOf([
          usage.input_uncached,
          usage.cache_write_5m,
          usage.cache_write_1h,
          usage.cache_read,
          usage.output,
          0,
        ]),
        conditions: conditionsOf(''),
        atMs: nowMs,
      },
      { webSearchPicoUsd: 0n, fast: { numerator: 1n, denominator: 1n } },
    );
    expect(total).toEqual({ numerator: BigInt(expected.cost.pico_usd), denominator: 1n });
  },
);

test('a large bill stays exact', () => {
  const { costNanoUsd } = pricing.cost({
    atMs: nowMs,
    service: 'claude',
    model: 'claude-opus-5-5',
    servedModel: null,
    usage: usageOf([987_654_321, 0, 0, 123_456_789, 55_555_555, 0]),
    conditions: conditionsOf('us'),
  });
  expect(costNanoUsd).toBe(5_595_061_715_980);
});

test.each([
  // USD 4 a million for input, 0.20 for reads, 5 and 8 for writes.
  ['reads save', [1000, 0, 0, 10_000, 50, 0], '', 10_000 * (4000 - 200)],
  ['writes cost more', [0, 10_000, 1000, 0, 50, 0], '', -10_000 * 1000 - 1000 * 4000],
  ['both, with a surcharge', [7, 100, 0, 900, 1, 0], 'us', Math.round((900 * 3800 - 100 * 1000) * 1.1)],
  ['nothing without a cache', [1000, 0, 0, 0, 50, 3], 'fast', 0],
] as const)('what a cache saves: %s', (_, counts, conditions, cacheSavingsNanoUsd) => {
  const input = {
    atMs: nowMs,
    service: 'claude',
    model: 'claude-opus-5-5',
    servedModel: null,
    conditions: conditionsOf(conditions),
  } as const;
  const bill = pricing.cost({ ...input, usage: usageOf(counts) });
  expect(bill.cacheSavingsNanoUsd).toBe(cacheSavingsNanoUsd);
  const [plain, write5m, write1h, read, output, searches] = counts;
  const uncached = pricing.cost({
    ...input,
    usage: usageOf([plain + write5m + write1h + read, 0, 0, 0, output, searches]),
  });
  expect(uncached.costNanoUsd - bill.costNanoUsd).toBe(cacheSavingsNanoUsd);
});
