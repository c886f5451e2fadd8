import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ObservedUsage, PriceConditions } from '../../protocols/protocol.ts';
import { type CostInput, PriceBook } from './book.ts';
import { loadPack, parsePack } from './index.ts';
import { UNTOUCHED } from './price-list.ts';

const pack = loadPack();
const nowMs = Date.parse('2026-11-21T12:00:00Z');
const book = new PriceBook({ pack, state: UNTOUCHED });
const plain: PriceConditions = { serviceTier: null, speed: null, inferenceGeo: null };
const noUsage: ObservedUsage = {
  input: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  output: 0,
  webSearches: 0,
};

function priced(input: Partial<CostInput> & { usage?: ObservedUsage }) {
  return book.cost({
    atMs: nowMs,
    service: 'claude',
    model: 'claude-opus-5-5',
    servedModel: null,
    usage: { ...noUsage, input: 1_000_000 },
    conditions: plain,
    ...input,
  });
}

test.each([
  ['claude-opus-5-5', 'anthropic/claude-opus-5-5'],
  ['Claude-Opus-5-5', 'anthropic/claude-opus-5-5'],
  ['claude-opus-5-5[1m]', 'anthropic/claude-opus-5-5'],
  ['claude-opus-5-5-20261122', 'anthropic/claude-opus-5-5'],
  ['claude-opus-4-8@20260601', 'anthropic/claude-opus-4-8'],
  ['claude-haiku-4-5-20251001', 'anthropic/claude-haiku-4-5-20251001'],
  ['claude-sonnet-4-5-20250929[1m]', 'anthropic/claude-sonnet-4-5-20250929'],
  ['claude-sonnet-4-5-latest', 'anthropic/claude-sonnet-4-5'],
  ['claude-3-5-sonnet-latest', 'anthropic/claude-3-5-sonnet-20241022'],
  ['claude-3-5-sonnet', 'anthropic/claude-3-5-sonnet-20241022'],
  ['claude-sonnet-4-0', 'anthropic/claude-sonnet-4-20250514'],
  ['anthropic/claude-opus-5', 'anthropic/claude-opus-5'],
  ['us.anthropic.claude-opus-5-5', 'bedrock/anthropic.claude-opus-5-5'],
])('%s is priced as %s', (model, row) => {
  const { price } = priced({ model });
  expect(price.isFallback).toBe(false);
  expect(price.row).toBe(row);
});

test('what was served is priced, not what was asked', () => {
  expect(priced({ model: 'claude-opus-5-5', servedModel: 'claude-haiku-4-5' }).price.row).toBe(
    'anthropic/claude-haiku-4-5',
  );
  expect(priced({ model: 'claude-opus-5-5', servedModel: 'some-host-name' }).price.row).toBe(
    'anthropic/claude-opus-5-5',
  );
  expect(priced({ model: 'my-alias', servedModel: 'claude-opus-5' }).price).toMatchObject({
    row: 'anthropic/claude-opus-5',
    isFallback: false,
  });
});

test('an unlisted model is charged as the dearest of its family, and flagged', () => {
  // Of the Opus rows the older ones are dearest: 15 USD in, 75 out.
  const { costNanoUsd, price } = priced({
    model: 'claude-opus-9',
    usage: { ...noUsage, input: 1000, output: 1000 },
  });
  expect(costNanoUsd).toBe(90_000_000);
  expect(price.isFallback).toBe(true);
  // The dearest for this very call: with the surcharge of fast answers, newer rows cost more (5 x 6, 25 x 6).
  const fast = priced({
    model: 'claude-opus-9',
    conditions: { ...plain, speed: 'fast' },
    usage: { ...noUsage, input: 1000, output: 1000 },
  });
  expect(fast.costNanoUsd).toBe(540_000_000);
  // A prompt just above the threshold of the haiku that has one.
  const haiku = priced({ model: 'claude-haiku-9', usage: { ...noUsage, cacheRead: 100_001 } });
  expect(haiku.costNanoUsd).toBe(10_000_100);
});

test('a model of no known family is charged as the dearest of its service', () => {
  const { costNanoUsd, price } = priced({ model: 'brand-new', usage: { ...noUsage, output: 1_000_000 } });
  expect(price).toMatchObject({ isFallback: true });
  const most = Math.max(
    ...pack.rows.filter(({ provider }) => provider === 'anthropic').map(({ base }) => Number(base.output)),
  );
  expect(costNanoUsd).toBe(most * 1000);
});

test.each([
  ['2026-10-06T23:59:59.999Z', 200_000_000],
  ['2026-10-07T00:00:00.000Z', 100_000_000],
])('prices have dates: a million reads of sonnet 5.5 at %s cost %i', (at, costNanoUsd) => {
  const usage = { ...noUsage, cacheRead: 1_000_000 };
  expect(priced({ model: 'claude-sonnet-5-5', usage, atMs: Date.parse(at) }).costNanoUsd).toBe(costNanoUsd);
});

test.each([
  ['2026-12-31T23:59:59.999Z', 750_000_000],
  ['2027-01-01T00:00:00.000Z', 1_500_000_000],
])('a price that is announced holds from its day: %s', (at, costNanoUsd) => {
  expect(
    priced({ service: 'gemini', model: 'models/gemini-3.8-flash', atMs: Date.parse(at) }).costNanoUsd,
  ).toBe(costNanoUsd);
});

test('service tiers with prices of their own replace the list price, and say so', () => {
  const row = pack.rows.find(
    ({ provider, tiers, serviceTiers }) =>
      provider === 'openai' &&
      tiers.length === 0 &&
      serviceTiers.get('priority')?.prices.input !== undefined &&
      serviceTiers.get('priority')?.multiplier === null,
  );
  if (row === undefined) throw new Error('the pack has no such row');
  const input = row.serviceTiers.get('priority')?.prices.input ?? 0n;
  expect(input).toBeGreaterThan(row.base.input ?? 0n);
  for (const serviceTier of ['priority', 'fast']) {
    const { costNanoUsd, price } = priced({
      service: 'openai',
      model: row.id,
      conditions: { ...plain, serviceTier },
    });
    expect(costNanoUsd).toBe(Number(input) * 1000);
    expect(price.multipliers).toEqual(['priority x1']);
  }
});

test('a tier that a row does not sell changes nothing', () => {
  expect(priced({ conditions: { ...plain, serviceTier: 'priority' } })).toMatchObject({
    costNanoUsd: 4_000_000_000,
    price: { multipliers: [] },
  });
});

test('fast answers of a model whose surcharge is not known are charged at the dearest known, flagged', () => {
  const { costNanoUsd, price } = priced({
    model: 'claude-fable-5-2',
    conditions: { ...plain, speed: 'fast' },
  });
  expect(costNanoUsd).toBe(48_000_000_000);
  expect(price).toMatchObject({
    row: 'anthropic/claude-fable-5-2',
    isFallback: true,
    multipliers: ['fast x6'],
  });
});

test('tokens without a price of their own are charged as input', () => {
  const usage = { ...noUsage, cacheWrite5m: 1000, cacheWrite1h: 1000 };
  // gpt-5.5: no price for cache writes, 5 USD in.
  expect(priced({ service: 'openai', model: 'gpt-5.5', usage }).costNanoUsd).toBe(10_000_000);
});

test.each([
  [
    {
      ...noUsage,
      input: 1234,
      cacheWrite5m: 567,
      cacheWrite1h: 89,
      cacheRead: 4321,
      output: 765,
      webSearches: 3,
    },
    { speed: 'fast', inferenceGeo: 'us', serviceTier: 'batch' },
  ],
  [
    { ...noUsage, input: 1, cacheRead: 1, output: 1 },
    { speed: null, inferenceGeo: 'us', serviceTier: 'batch' },
  ],
  [{ ...noUsage, output: 7 }, plain],
  [noUsage, plain],
])('lines add up to the cost: %j under %j', (usage, conditions) => {
  const { costNanoUsd, price } = book.cost({
    atMs: nowMs,
    service: 'claude',
    model: 'claude-opus-5-5',
    servedModel: null,
    usage,
    conditions,
  });
  const { webSearches, ...tokens } = usage;
  const lines = book.lines({ usage: tokens, webSearches, costNanoUsd, price }, nowMs);
  expect(lines.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(costNanoUsd);
  expect(lines.map(({ tokens: count }) => count)).toEqual(Object.values(usage).filter((count) => count > 0));
  // Each line is tokens times price, but for the nano-dollar that rounding moves.
  for (const line of lines) {
    expect(Math.abs(line.costNanoUsd - line.tokens * Number(line.usdPerMTok) * 1000)).toBeLessThanOrEqual(1);
  }
});

test('a line shows the price with its multipliers, of the tier that held', () => {
  const usage = { ...noUsage, input: 150_000, output: 10 };
  const conditions = { ...plain, inferenceGeo: 'us' };
  const { costNanoUsd, price } = book.cost({
    atMs: nowMs,
    service: 'claude',
    model: 'claude-haiku-5-5',
    servedModel: null,
    usage,
    conditions,
  });
  expect(price.multipliers).toEqual(['inference_geo_us x1.1']);
  expect(book.lines({ usage, webSearches: 0, costNanoUsd, price }, nowMs)).toEqual([
    { bucket: 'input', tokens: 150_000, usdPerMTok: '0.55', costNanoUsd: 82_500_000 },
    { bucket: 'output', tokens: 10, usdPerMTok: '2.75', costNanoUsd: 27_500 },
  ]);
});

test('lines of a cost from another pack still add up to what was charged', () => {
  const stored = {
    usage: { ...noUsage, input: 10, output: 10 },
    webSearches: 0,
    costNanoUsd: 1_000_001,
  };
  const price = { packId: 'older', row: 'anthropic/claude-opus-5-5', isFallback: false, multipliers: [] };
  const costs = book.lines({ ...stored, price }, nowMs).map(({ costNanoUsd }) => costNanoUsd);
  expect(costs).toEqual([166_666, 833_335]);
  expect(book.lines({ ...stored, price: { ...price, row: null } }, nowMs)).toEqual([]);
  expect(book.lines({ ...stored, price: { ...price, row: 'anthropic/gone' } }, nowMs)).toEqual([]);
});

test('the model list has what can be asked for today, newest first', () => {
  const models = book.models('claude', nowMs);
  const ids = models.map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual([
    'claude-mythos-5-2',
    'claude-fable-5-2',
    'claude-haiku-5-5',
    'claude-sonnet-5-5',
  ]);
  for (const ended of [
    'claude-3-5-sonnet-20241022',
    'claude-opus-4-1',
    'claude-4-opus-20250514',
    'claude-opus-4-20250514',
  ]) {
    expect(ids).not.toContain(ended);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(models.find(({ id }) => id === 'claude-opus-5-5')).toEqual({
    id: 'claude-opus-5-5',
    displayName: 'Claude Opus 5.5',
    createdAt: '2026-09-22T00:00:00Z',
    maxInputTokens: 1_000_000,
    maxOutputTokens: 128_000,
  });
  expect(models.find(({ id }) => id === 'claude-haiku-4-5-20251001')).toMatchObject({
    displayName: 'Claude Haiku 4.5',
    createdAt: '2025-10-01T00:00:00Z',
  });
  expect(models.find(({ id }) => id === 'claude-3-haiku-20240307')).toMatchObject({
    displayName: 'Claude Haiku 3',
  });
});

test('a model leaves the list on the day it ends', () => {
  const at = (iso: string) => book.models('claude', Date.parse(iso)).map(({ id }) => id);
  expect(at('2026-08-04T23:59:59Z')).toContain('claude-opus-4-1-20250805');
  expect(at('2026-08-05T00:00:00Z')).not.toContain('claude-opus-4-1-20250805');
});

test('each service lists its own models', () => {
  expect(book.models('openai', nowMs).every(({ id }) => !id.startsWith('claude'))).toBe(true);
  expect(book.models('gemini', nowMs).map(({ id }) => id)).toContain('gemini-3.8-flash');
});

const text = readFileSync(new URL('./model-prices.json', import.meta.url), 'utf8');

test('every listed price is a whole number of pico-dollars a token', () => {
  const { models } = JSON.parse(text) as { models: Record<string, unknown>[] };
  for (const model of models) {
    for (const field of [
      'input',
      'output',
      'cache_read',
      'cache_write_5m',
      'cache_write_1h',
      'cache_write',
    ]) {
      const pico = Number(model[field] ?? 0) * 1e6;
      expect(Math.abs(pico - Math.round(pico)), `${String(model['id'])} ${field}`).toBeLessThan(1e-6);
    }
  }
});

test('the pack is known by its day and its content', () => {
  expect(pack.id).toMatch(/^2026-11-21-[0-9a-f]{8}$/);
  expect(parsePack(text.replace('"input":4,', '"input":5,')).id).not.toBe(pack.id);
});

test.each([
  ['another currency', /currency/, '"currency": "USD"', '"currency": "EUR"'],
  ['prices per something else', /unit/, '"per_million_tokens"', '"per_token"'],
  ['a negative price', /input/, '"input":0.8', '"input":-0.8'],
  ['a price that is text', /output/, '"output":4,', '"output":"4",'],
  ['a model twice', /twice/, '"id":"claude-3-5-sonnet-20240620"', '"id":"claude-3-5-haiku-20241022"'],
])('a pack with %s is refused', (_name, problem, from, to) => {
  const broken = text.replace(from, to);
  expect(broken).not.toBe(text);
  expect(() => parsePack(broken)).toThrow(problem);
});

test('what Bedrock and Azure sell is priced by their own lists, with their surcharge for one part of the world', () => {
  const usage = {
    input: 1_000_000,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: 0,
    webSearches: 0,
  };
  const conditions = { serviceTier: null, speed: null, inferenceGeo: null };
  const sold = (
    service: 'claude' | 'openai',
    model: string,
    list: 'azure' | 'bedrock',
    isRegional: boolean,
  ) => {
    const { costNanoUsd, price } = book.cost({
      atMs: nowMs,
      service,
      model,
      servedModel: null,
      usage,
      conditions,
      market: { list, isRegional },
    });
    const sum = book.lines({ usage, webSearches: 0, costNanoUsd, price }, nowMs);
    expect(sum.reduce((total, line) => total + line.costNanoUsd, 0)).toBe(costNanoUsd);
    return { usd: costNanoUsd / 1e9, row: price.row };
  };
  expect(sold('claude', 'anthropic.claude-opus-5-5', 'bedrock', false)).toEqual({
    usd: 4,
    row: 'bedrock/anthropic.claude-opus-5-5',
  });
  expect(sold('claude', 'eu.anthropic.claude-opus-5-5', 'bedrock', true).usd).toBe(4.4);
  expect(sold('openai', 'gpt-4.1-2025-04-14', 'azure', false).row).toBe('azure/gpt-4.1-2025-04-14');
  // A model that they do not list costs what its own vendor asks.
  expect(sold('openai', 'gpt-6-luna', 'azure', false).row).toMatch(/gpt-6-luna$/);
});
