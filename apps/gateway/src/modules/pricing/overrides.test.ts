// What calls cost and are charged under an administrator's own prices, worked out by hand, to the nano-dollar.
import { timesRate } from '@crs/shared';
import { expect, test } from 'vitest';
import { modelPrices, priceHistory } from './answer.ts';
import { PriceBook } from './book.ts';
import type { StoredOverride, StoredPrices } from './document.ts';
import { loadPack } from './index.ts';
import { UNTOUCHED } from './price-list.ts';

const pack = loadPack();
const START = '2026-11-21T12:00:00.000Z';

interface Given {
  readonly id?: string;
  readonly provider?: StoredOverride['provider'];
  readonly model?: string;
  readonly from?: string;
  readonly prices: StoredPrices;
  readonly tiers?: StoredOverride['tiers'];
}

function bookOf(...given: Given[]): PriceBook {
  const overrides = given.map(
    ({ id, provider = 'anthropic', model = 'claude-opus-5-5', from = START, prices, tiers }, index) => ({
      id: id ?? `o${index}`,
      provider,
      model,
      fromMs: Date.parse(from),
      prices,
      tiers: tiers ?? null,
      note: '',
      createdAt: START,
      createdBy: 'root',
      sinceVersion: 1,
      withdrawn: null,
    }),
  );
  return new PriceBook({ pack, state: { ...UNTOUCHED, version: 1, overrides } });
}

type Counts = readonly [
  input: number,
  write5m: number,
  write1h: number,
  read: number,
  output: number,
  searches: number,
];
interface Call {
  readonly at?: string;
  readonly model?: string;
  readonly service?: 'claude' | 'gemini' | 'openai';
  /** `batch`, `fast`, `us`, `priority`. */
  readonly words?: string;
}

function costOf(
  book: PriceBook,
  counts: Counts,
  { at = START, model = 'claude-opus-5-5', service = 'claude', words = '' }: Call = {},
) {
  const [input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches] = counts;
  return book.cost({
    service,
    model,
    servedModel: null,
    usage: { input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches },
    conditions: {
      speed: words.includes('fast') ? 'fast' : null,
      inferenceGeo: words.includes('us') ? 'us' : null,
      serviceTier: words.includes('batch') ? 'batch' : words.includes('priority') ? 'priority' : null,
    },
    atMs: Date.parse(at),
  });
}

const MIXED: Counts = [1234, 567, 89, 4321, 765, 0];
/** USD 3.2, 16, 4, 6.4, 0.16 per million tokens: a fifth off Opus 5.5. */
const fifthOff = {
  input: 3_200_000,
  output: 16_000_000,
  cacheWrite5m: 4_000_000,
  cacheWrite1h: 6_400_000,
  cacheRead: 160_000,
};
const tiered: Given = {
  prices: { input: 1_000_000, output: 2_000_000, cacheRead: 100_001 },
  tiers: [
    { aboveTokens: 1000, prices: { input: 1_500_000 } },
    { aboveTokens: 5000, prices: { input: 3_000_000, output: 4_000_000, cacheRead: 300_003 } },
  ],
};

test.each<[name: string, overrides: Given[], counts: Counts, call: Call, costNanoUsd: number]>([
  // 1234*3200 + 567*4000 + 89*6400 + 4321*160 + 765*16000 nano-USD.
  ['every price', [{ prices: fifthOff }], MIXED, {}, 19_717_760],
  [
    'a millisecond before it begins',
    [{ prices: fifthOff }],
    MIXED,
    { at: '2026-11-21T11:59:59.999Z' },
    24_647_200,
  ],
  // Only output: 1234*4000 + 567*5000 + 89*8000 + 4321*200 + 765*1000.001.
  ['one price, the others as listed', [{ prices: { output: 1_000_001 } }], MIXED, {}, 10_112_201],
  ['half up at the nano-dollar', [{ prices: { input: 500 } }], [1, 0, 0, 0, 0, 0], {}, 1],
  ['below half a nano-dollar', [{ prices: { input: 499 } }], [1, 0, 0, 0, 0, 0], {}, 0],
  ['free of charge', [{ prices: { input: 0, output: 0 } }], [5000, 0, 0, 0, 5000, 0], {}, 0],
  ['searches stay those of the list', [{ prices: fifthOff }], [10, 0, 0, 0, 10, 3], {}, 30_192_000],
  ['half for a batch', [{ prices: fifthOff }], MIXED, { words: 'batch' }, 9_858_880],
  // 19,717,760 * 2 * 1.1.
  ['fast and in the US', [{ prices: fifthOff }], MIXED, { words: 'fast us' }, 43_379_072],
  ['at the first threshold', [tiered], [400, 0, 0, 600, 10, 0], {}, 480_001],
  ['just above it', [tiered], [401, 0, 0, 600, 10, 0], {}, 681_501],
  ['above the second', [tiered], [4001, 0, 0, 1000, 7, 0], {}, 12_331_003],
  // Haiku 5.5 costs five times as much above 100,000; the list's own tier stays: input 0.5, output 2.5 there.
  [
    'tiers of the list where none are given',
    [{ model: 'claude-haiku-5-5', prices: { input: 50_000 } }],
    [100_001, 0, 0, 0, 10, 0],
    { model: 'claude-haiku-5-5' },
    50_025_500,
  ],
  [
    'no tiers where they are taken away',
    [{ model: 'claude-haiku-5-5', prices: { input: 50_000 }, tiers: [] }],
    [100_001, 0, 0, 0, 10, 0],
    { model: 'claude-haiku-5-5' },
    5_005_050,
  ],
  [
    'the latest that has begun',
    [
      { prices: { input: 1_000_000 }, from: '2026-11-01T00:00:00Z' },
      { prices: { input: 2_000_000 }, from: '2026-11-10T00:00:00Z' },
      { prices: { input: 9_000_000 }, from: '2026-12-01T00:00:00Z' },
    ],
    [1000, 0, 0, 0, 0, 0],
    {},
    2_000_000,
  ],
  [
    'back to the list from a time on',
    [{ prices: { input: 1_000_000 }, from: '2026-11-01T00:00:00Z' }, { prices: {} }],
    [1000, 0, 0, 0, 0, 0],
    {},
    4_000_000,
  ],
  // The list's price of sonnet's reads changed on 7 October; what is not overridden still has its dates.
  [
    'dated prices of the list go on below it',
    [{ model: 'claude-sonnet-5-5', prices: { input: 1_000_000 }, from: '2026-01-01T00:00:00Z' }],
    [1000, 0, 0, 1_000_000, 0, 0],
    { model: 'claude-sonnet-5-5', at: '2026-10-06T23:59:59.999Z' },
    201_000_000,
  ],
  [
    'a model that the list does not know',
    [{ model: 'claude-opus-9', prices: { input: 7_000_000, output: 8_000_000 } }],
    [100, 10, 10, 10, 100, 0],
    { model: 'claude-opus-9' },
    // Cache tokens without a price are input.
    1_710_000,
  ],
  [
    'the same before its price begins: the dearest of its family',
    [{ model: 'claude-opus-9', prices: { input: 7_000_000, output: 8_000_000 } }],
    [1000, 0, 0, 0, 1000, 0],
    { model: 'claude-opus-9', at: '2026-11-21T11:59:59.999Z' },
    90_000_000,
  ],
  [
    'a spelling of it',
    [{ model: 'claude-opus-9', prices: { input: 7_000_000, output: 8_000_000 } }],
    [1000, 0, 0, 0, 0, 0],
    { model: 'claude-opus-9-20270101[1m]' },
    7_000_000,
  ],
  // gpt-5.5 sells priority at prices of its own; those stay.
  [
    'service tiers with prices of their own stay the list’s',
    [{ provider: 'openai', model: 'gpt-5.5', prices: { input: 1_000_000 } }],
    [1000, 0, 0, 0, 0, 0],
    { model: 'gpt-5.5', service: 'openai', words: 'priority' },
    10_000_000,
  ],
])('%s', (_name, overrides, counts, call, costNanoUsd) => {
  const book = bookOf(...overrides);
  const { costNanoUsd: cost, price } = costOf(book, counts, call);
  expect(cost).toBe(costNanoUsd);
  expect(price.packId).toBe(`${pack.id}+1`);
  const [input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches] = counts;
  const usage = { input, cacheWrite5m, cacheWrite1h, cacheRead, output };
  const lines = book.lines({ usage, webSearches, costNanoUsd, price }, Date.parse(call.at ?? START));
  expect(lines.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(cost);
});

test.each([
  [19_717_760, 1.25, 0.8, 19_717_760],
  [19_717_760, 1.1, 1, 21_689_536],
  [1, 0.5, 1, 1],
  // 0.4999995: rounded once, not after each rate.
  [1, 0.999_999, 0.5, 0],
  [1_000_000_007, 1.000_001, 1.000_001, 1_000_002_007],
  [123_456_789, 0, 1, 0],
  [1_234_567_890_123, 1.123_456, 987.654_321, 1369859460329247],
])('%i nano-dollars at the rates %d and %d are charged as %i', (cost, key, service, charged) => {
  expect(timesRate(cost, key, service)).toBe(charged);
});

test('a model that a newer pack no longer has is never free because only part of its price was set', () => {
  const without = { ...pack, rows: pack.rows.filter(({ key }) => key !== 'anthropic/claude-opus-5-5') };
  const override = bookOf({ prices: { output: 1_000_000 } }).state.overrides;
  const book = new PriceBook({ pack: without, state: { ...UNTOUCHED, version: 2, overrides: override } });
  const { costNanoUsd, price } = costOf(book, [1000, 0, 0, 0, 1000, 0]);
  expect(price.isFallback).toBe(true);
  expect(costNanoUsd).toBe(90_000_000);
});

test('the answer has what holds and what the list says, tiers with all their prices', () => {
  const book = bookOf(tiered);
  const found = modelPrices(book, Date.parse(START)).find(({ id, provider }) => {
    return id === 'claude-opus-5-5' && provider === 'anthropic';
  });
  expect(found).toEqual({
    id: 'claude-opus-5-5',
    provider: 'anthropic',
    usdPerMTok: { input: 1, output: 2, cacheWrite5m: 5, cacheWrite1h: 8, cacheRead: 0.100_001 },
    tiers: [
      {
        aboveInputTokens: 1000,
        usdPerMTok: { input: 1.5, output: 2, cacheWrite5m: 5, cacheWrite1h: 8, cacheRead: 0.100_001 },
      },
      {
        aboveInputTokens: 5000,
        usdPerMTok: { input: 3, output: 4, cacheWrite5m: 5, cacheWrite1h: 8, cacheRead: 0.300_003 },
      },
    ],
    overrideId: 'o0',
    listed: {
      usdPerMTok: { input: 4, output: 20, cacheWrite5m: 5, cacheWrite1h: 8, cacheRead: 0.2 },
      tiers: [],
    },
  });
});

test('the history has the dates of the list and of overrides, one after the other', () => {
  const book = bookOf({
    model: 'claude-sonnet-5-5',
    prices: { input: 1_000_000 },
    from: '2026-11-01T00:00:00Z',
  });
  const history = priceHistory(book, null, { provider: 'anthropic', model: 'claude-sonnet-5-5' });
  expect(
    history?.periods.map(({ from, to, source, usdPerMTok: { input, cacheRead } }) => [
      from,
      to,
      source,
      input,
      cacheRead,
    ]),
  ).toEqual([
    [null, '2026-10-07T00:00:00.000Z', 'list', 2, 0.2],
    ['2026-10-07T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 'list', 2, 0.1],
    ['2026-11-01T00:00:00.000Z', null, 'override', 1, 0.1],
  ]);
  expect(priceHistory(book, null, { provider: 'openai', model: 'claude-sonnet-5-5' })).toBeNull();
});
