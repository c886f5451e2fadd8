// What administrators rely on: a change is whole or not at all, holds on every replica, and nothing that was ever in
// force is forgotten.
import { pricingRoutes, pricingSchema } from '@crs/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { adminContext, type AuditNote } from '../../../test/admin-context.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { parseInput } from '../../entry/validate.ts';
import { ProblemError } from '../../platform/problem.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { loadPack, parsePack, Pricing } from './index.ts';
import { pricingHandlers } from './pricing.routes.ts';

const START_MS = Date.parse('2026-11-25T12:00:00.000Z');
const bundled = loadPack();
const newer = parsePack(
  bundled.text
    .replace('"generated": "2026-11-21"', '"generated": "2026-12-01"')
    .replace('"input":4,', '"input":5,'),
);

let server: TestRedis;
let redis: RedisConnections;
let nowMs: number;
let pricing: Pricing;
let replica: Pricing;
let handlers: Handlers<typeof pricingRoutes>;
let context: AdminContext;
let audited: AuditNote[];

function open(pack = bundled): Pricing {
  return new Pricing({
    redis,
    clock: { now: () => nowMs },
    bundled: pack,
    onError: (error) => expect.unreachable(String(error)),
  });
}

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
beforeEach(async () => {
  await server.flush();
  nowMs = START_MS;
  pricing = open();
  replica = open();
  await pricing.start();
  await replica.start();
  handlers = pricingHandlers({ pricing });
  ({ context, audited } = adminContext());
});
afterEach(async () => {
  await pricing.stop();
  await replica.stop();
});

async function put(body: unknown) {
  const input = parseInput(pricingRoutes.replace, { params: {}, query: {}, body });
  return pricingSchema.parse(
    await handlers.replace({ params: undefined, query: undefined, body: input.body as never }, context),
  );
}

async function refusal(body: unknown): Promise<{ code: string; errors: unknown }> {
  try {
    await put(body);
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.code, errors: error.errors };
    throw error;
  }
  throw new Error('not refused');
}

const opus = { model: 'claude-opus-5-5', usdPerMTok: { input: '3.000001', output: 15.5 } };

test('prices are answered with their pack before anybody has changed any', async () => {
  const answer = pricingSchema.parse(await pricing.get());
  expect(answer).toMatchObject({
    version: 0,
    pack: { id: bundled.id, date: '2026-11-21', source: 'bundled' },
    priceListId: bundled.id,
    overrides: [],
    rates: { claude: 1, gemini: 1, openai: 1 },
    unknownModels: [],
  });
  expect(answer.models).toHaveLength(bundled.rows.length);
});

test('an override holds at once, here and on another replica, and is on the audit trail', async () => {
  const answer = await put({ overrides: [opus], rates: { claude: 1.25 } });
  expect(answer).toMatchObject({ version: 1, updatedBy: 'root', rates: { claude: 1.25, gemini: 1 } });
  expect(answer.overrides).toEqual([
    {
      id: expect.any(String) as string,
      model: 'claude-opus-5-5',
      provider: 'anthropic',
      from: '2026-11-25T12:00:00.000Z',
      usdPerMTok: { input: 3.000_001, output: 15.5 },
      tiers: null,
      note: '',
      createdAt: '2026-11-25T12:00:00.000Z',
      createdBy: 'root',
    },
  ]);
  await vi.waitFor(() => expect(replica.current().id).toBe(`${bundled.id}+1`), 5000);
  expect(replica.current().rate('claude')).toBe(1.25);
  expect(audited).toEqual([
    {
      action: 'pricing.update',
      target: { type: 'pricing', id: 'prices', name: 'prices' },
      before: { pack: bundled.id, rates: { claude: 1, gemini: 1, openai: 1 }, overrides: {} },
      after: {
        pack: bundled.id,
        rates: { claude: 1.25, gemini: 1, openai: 1 },
        overrides: {
          'anthropic/claude-opus-5-5 from 2026-11-25T12:00:00.000Z': {
            usdPerMTok: { input: 3.000_001, output: 15.5 },
            tiers: null,
            note: '',
          },
        },
      },
    },
  ]);
});

test('what was answered can be sent back, and changes nothing', async () => {
  const first = await put({ overrides: [opus] });
  const again = await put({ version: 1, overrides: first.overrides, rates: first.rates });
  expect(again).toEqual(first);
  expect(audited).toHaveLength(1);
});

test('a book that was in hand does not change, and every version can be had again', async () => {
  const before = pricing.current();
  await put({ overrides: [opus] });
  const second = pricing.current();
  nowMs += 1000;
  await put({ overrides: [] });
  const call = {
    service: 'claude',
    model: 'claude-opus-5-5',
    servedModel: null,
    usage: { input: 1_000_000, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, webSearches: 0 },
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    atMs: nowMs,
  } as const;
  const costs = [before, second, pricing.current(), pricing.book(second.id), replica.book(before.id)];
  expect(costs.map((book) => book.cost(call).costNanoUsd)).toEqual([
    4_000_000_000, 3_000_001_000, 4_000_000_000, 3_000_001_000, 4_000_000_000,
  ]);
  // One that nobody has made yet is not remembered as something else.
  const third = `${bundled.id}+3`;
  expect(pricing.book(third)).toBe(pricing.current());
  const history = await pricing.history({ provider: 'anthropic', model: 'claude-opus-5-5' });
  expect(history.periods).toHaveLength(1);
  expect(history.withdrawn).toMatchObject([
    { usdPerMTok: { input: 3.000_001 }, withdrawnAt: '2026-11-25T12:00:01.000Z', withdrawnBy: 'root' },
  ]);
  await put({ rates: { claude: 2 } });
  expect(pricing.book(third).rate('claude')).toBe(2);
});

test('a change on an old version is refused; of two at once one wins and the other is told', async () => {
  await put({ rates: { openai: 2 } });
  expect(await refusal({ version: 0, rates: { openai: 3 } })).toMatchObject({ code: 'conflict' });
  const results = await Promise.allSettled(
    [3, 4].map((openai, index) =>
      (index === 0 ? pricing : replica).update({ version: 1, rates: { openai } }, 'root'),
    ),
  );
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await pricing.get()).version).toBe(2);
});

test('changes without a version, at the same time, all happen', async () => {
  await Promise.all([
    pricing.update({ rates: { claude: 2 } }, 'a'),
    replica.update({ rates: { gemini: 3 } }, 'b'),
  ]);
  expect((await pricing.get()).rates).toEqual({ claude: 2, gemini: 3, openai: 1 });
});

test.each<[name: string, body: object, path: string]>([
  [
    'a negative price',
    { overrides: [{ ...opus, usdPerMTok: { input: -1 } }] },
    'overrides.0.usdPerMTok.input',
  ],
  [
    'seven places',
    { overrides: [{ ...opus, usdPerMTok: { input: '0.0000001' } }] },
    'overrides.0.usdPerMTok.input',
  ],
  [
    'a price beyond all',
    { overrides: [{ ...opus, usdPerMTok: { input: 1_000_000.5 } }] },
    'overrides.0.usdPerMTok.input',
  ],
  ['words', { overrides: [{ ...opus, usdPerMTok: { input: '3 USD' } }] }, 'overrides.0.usdPerMTok.input'],
  [
    'a bucket that is none',
    { overrides: [{ ...opus, usdPerMTok: { cache: 1 } }] },
    'overrides.0.usdPerMTok.cache',
  ],
  ['no time', { overrides: [{ ...opus, from: 'tomorrow' }] }, 'overrides.0.from'],
  ['a time out of reach', { overrides: [{ ...opus, from: '2099-01-01T00:00:00Z' }] }, 'overrides.0.from'],
  ['two from one time', { overrides: [opus, opus] }, 'overrides.1.from'],
  ['a model without a list', { overrides: [{ ...opus, model: 'brand-new' }] }, 'overrides.0.provider'],
  [
    'half a price for an unlisted model',
    { overrides: [{ provider: 'openai', model: 'brand-new', usdPerMTok: { input: 1 } }] },
    'overrides.0.usdPerMTok.output',
  ],
  [
    'a tier twice',
    {
      overrides: [
        {
          ...opus,
          tiers: [
            { aboveInputTokens: 5, usdPerMTok: { input: 1 } },
            { aboveInputTokens: 5, usdPerMTok: { input: 2 } },
          ],
        },
      ],
    },
    'overrides.0.tiers.1.aboveInputTokens',
  ],
  [
    'an empty tier',
    { overrides: [{ ...opus, tiers: [{ aboveInputTokens: 5, usdPerMTok: {} }] }] },
    'overrides.0.tiers.0.usdPerMTok',
  ],
  ['a negative rate', { rates: { claude: -1 } }, 'rates.claude'],
  ['a service that is none', { rates: { mistral: 1 } }, 'rates.mistral'],
  ['a field that is none', { prices: {} }, 'prices'],
])('%s is refused with its field', async (_name, body, path) => {
  const { code, errors } = await refusal(body);
  expect(code).toBe('validation_failed');
  expect(errors).toContainEqual({ path, message: expect.any(String) as string });
  expect((await pricing.get()).version).toBe(0);
});

test('a newer pack comes into force everywhere, an older one is refused, and what each said stays known', async () => {
  const { answer } = await pricing.install(newer, 'crs prices update');
  expect(answer.pack).toEqual({
    id: newer.id,
    date: '2026-12-01',
    source: 'installed',
    installedAt: '2026-11-25T12:00:00.000Z',
    installedBy: 'crs prices update',
  });
  await vi.waitFor(() => expect(replica.current().pack.id).toBe(newer.id), 5000);
  expect(replica.book(bundled.id).pack.id).toBe(bundled.id);
  // A gateway that ships with the newer one, and has never seen the older.
  const upgraded = open(newer);
  await upgraded.start();
  expect(upgraded.book(bundled.id).pack.id).toBe(bundled.id);
  await expect(upgraded.install(bundled, 'crs prices update')).rejects.toThrow(/newer one, of 2026-12-01/);
  await upgraded.stop();
});

test('models without a price are counted over replicas and restarts, until they have one', async () => {
  const row = 'anthropic/claude-opus-4-1';
  pricing.noteUnlisted('claude', 'claude-opus-9', row, START_MS);
  pricing.noteUnlisted('claude', 'claude-opus-9', row, START_MS + 5);
  replica.noteUnlisted('claude', 'claude-opus-9', 'anthropic/claude-opus-4', START_MS + 3);
  pricing.noteUnlisted('claude', 'claude-opus-5-5', row, START_MS);
  await replica.stop();
  expect((await pricing.get()).unknownModels).toEqual([
    {
      service: 'claude',
      model: 'claude-opus-9',
      firstSeenAt: '2026-11-25T12:00:00.000Z',
      lastSeenAt: '2026-11-25T12:00:00.005Z',
      requests: 3,
      chargedAs: row,
    },
  ]);
  const answer = await put({
    overrides: [{ model: 'claude-opus-9', provider: 'anthropic', usdPerMTok: { input: 1, output: 2 } }],
  });
  expect(answer.unknownModels).toEqual([]);
});

test('the list of unknown models has an end; the one not seen for longest makes room', async () => {
  for (let index = 0; index < 300; index += 1) {
    pricing.noteUnlisted('gemini', `nobody-${index}`, 'gemini/gemini-3-pro', START_MS + index);
    if (index % 100 === 99) await pricing.unknownModels();
  }
  const seen = await pricing.unknownModels();
  expect(seen).toHaveLength(200);
  expect(seen[0]?.model).toBe('nobody-299');
  expect(seen.at(-1)?.model).toBe('nobody-100');
});
