import { type keyRoutes, keySchema, type LimitState } from '@crs/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { adminContext, type AuditNote, usageOf } from '../../../test/admin-context.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { createEvents } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { Keys } from './index.ts';
import { surroundings } from './keys.fixture.ts';
import { keyHandlers } from './keys.routes.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const query = { page: 1, pageSize: 20, sort: '-createdAt' };

let server: TestRedis;
let redis: RedisConnections;
let keys: Keys;
let handlers: Handlers<typeof keyRoutes>;
let asked: { figures: string[][]; inUse: string[][] };
let audited: AuditNote[];
let context: AdminContext;

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
afterEach(() => keys.stop());
beforeEach(async () => {
  await server.flush();
  const clock = { now: () => nowMs };
  const problems: unknown[] = [];
  const onError = (error: unknown): void => void problems.push(error);
  keys = new Keys({
    redis,
    events: createEvents(onError),
    clock,
    pepper: 'p',
    keyPrefix: 'cr_',
    ...surroundings(),
    onError,
  });
  asked = { figures: [], inUse: [] };
  handlers = keyHandlers({
    keys,
    clock,
    figuresOf: async (ids) => {
      asked.figures.push(ids);
      return ids.map((_, index) => usageOf(index + 1));
    },
    limitStates: async (documents) => {
      asked.inUse.push(documents.map(({ id }) => id));
      return documents.map(({ concurrency }) => (concurrency === 0 ? [] : [running(concurrency)]));
    },
    statsOf: async () => ({
      from: new Date(0).toISOString(),
      to: new Date(1).toISOString(),
      rows: [],
      total: {
        ...usageOf(0).total,
        cacheSavingsNanoUsd: 0,
        errorsByClass: { rateLimited: 0, clientError: 0, serverError: 0, noAnswer: 0 },
        latency: { requests: 0, durationMs: null, firstEventMs: null },
      },
    }),
  });
  ({ context, audited } = adminContext());
});

function running(max: number): LimitState {
  return { limit: 'concurrency', every: null, owner: 'key', max, used: 2, held: 0, resetsAt: null };
}

async function create(body: { name: string; concurrency?: number }): Promise<{ id: string; secret: string }> {
  const { key, secret } = await handlers.create({ params: undefined, query: undefined, body }, context);
  return { id: key.id, secret };
}

test('a new key is answered as the contract says, with its secret this once', async () => {
  const body = { name: 'laptop', concurrency: 5, expiration: { afterFirstUse: { days: 1 } } };
  const { key, secret } = await handlers.create({ params: undefined, query: undefined, body }, context);
  expect(keySchema.strict().parse(key)).toMatchObject({
    ...body,
    status: 'not-activated',
    expiresAt: null,
    activatedAt: null,
    lastUsedAt: null,
    usage: usageOf(1),
    limits: [running(5)],
  });
  expect(key.hint.startsWith(secret.slice(0, 7))).toBe(true);
  const read = await handlers.get({ params: { id: key.id }, query: undefined, body: undefined }, context);
  expect(read).toEqual(key);
});

test('first and last use are told as times, and end a key that lives a day after its first use', async () => {
  const body = { name: 'trial', expiration: { afterFirstUse: { days: 1 } } };
  const { key } = await handlers.create({ params: undefined, query: undefined, body }, context);
  await redis.background.hset(redis.keyspace.keyGate(key.id, key.id), { activatedAtMs: nowMs - 1000 });
  await redis.background.zadd(redis.keyspace.keysLastUsed, nowMs, key.id);
  const read = await handlers.get({ params: { id: key.id }, query: undefined, body: undefined }, context);
  expect(read).toMatchObject({
    status: 'active',
    activatedAt: '2026-03-01T11:59:59.000Z',
    expiresAt: '2026-03-02T11:59:59.000Z',
    lastUsedAt: '2026-03-01T12:00:00.000Z',
    limits: [],
  });
});

test('a page asks for its figures and running requests once, not per row', async () => {
  for (const name of ['a', 'b', 'c']) await create({ name });
  asked = { figures: [], inUse: [] };
  const page = await handlers.list(
    { params: undefined, query: { ...query, pageSize: 2, sort: 'name' }, body: undefined },
    context,
  );
  expect(page).toMatchObject({ total: 3, page: 1, pageSize: 2 });
  expect(page.items.map(({ name, usage }) => [name, usage.total.requests])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  const ids = page.items.map(({ id }) => id);
  expect(asked).toEqual({ figures: [ids], inUse: [ids] });
});

test('a key goes to the trash, comes back and goes for good, and each step is in the audit log', async () => {
  const { id } = await create({ name: 'laptop' });
  const params = { id };
  const call = { params, query: undefined, body: undefined };
  const renamed = await handlers.update({ ...call, body: { name: 'desk' } }, context);
  expect(renamed).toMatchObject({ name: 'desk', version: 2 });
  expect(await handlers.replace({ ...call, body: { enabled: false } }, context)).toMatchObject({
    name: 'desk',
    status: 'disabled',
  });
  await handlers.remove(call, context);
  const trash = await handlers.deleted({ params: undefined, query, body: undefined }, context);
  expect(trash.items).toMatchObject([{ id, status: 'deleted', deletedBy: 'root' }]);
  expect(await handlers.restore(call, context)).toMatchObject({ id, status: 'disabled', deletedAt: null });
  await handlers.remove(call, context);
  await handlers.purge(call, context);
  await expect(handlers.get(call, context)).rejects.toMatchObject({ code: 'not_found' });

  expect(audited.map(({ action }) => action)).toEqual([
    'key.create',
    'key.update',
    'key.update',
    'key.delete',
    'key.restore',
    'key.delete',
    'key.purge',
  ]);
  expect(audited[1]).toMatchObject({
    target: { type: 'key', id, name: 'desk' },
    before: { name: 'laptop', version: 1 },
    after: { name: 'desk', version: 2 },
  });
});

test('neither an answer nor the audit log holds the secret or its hash', async () => {
  const { id, secret } = await create({ name: 'laptop' });
  const stored = await redis.background.hkeys(redis.keyspace.keySecrets);
  const answers = [
    await handlers.list({ params: undefined, query, body: undefined }, context),
    await handlers.update({ params: { id }, query: undefined, body: { description: 'x' } }, context),
    audited,
  ];
  const text = JSON.stringify(answers);
  expect(stored).toHaveLength(1);
  expect(text).not.toContain(stored[0]);
  expect(text).not.toContain(secret.slice(10));
});

test('tags are told with the number of their keys', async () => {
  for (const tags of [['team', 'home'], ['team']]) {
    await handlers.create({ params: undefined, query: undefined, body: { name: 'k', tags } }, context);
  }
  expect(await handlers.tags({ params: undefined, query: undefined, body: undefined }, context)).toEqual({
    items: [
      { tag: 'home', keys: 1 },
      { tag: 'team', keys: 2 },
    ],
  });
});
