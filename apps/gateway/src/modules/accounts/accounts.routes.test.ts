import { accountKindSchema, accountSchema, type accountRoutes } from '@crs/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { adminContext, type AuditNote, usageOf } from '../../../test/admin-context.ts';
import { providersAt } from '../../../test/providers.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { noRestRules } from '../../../test/rest-rules.ts';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { SecretBox } from '../../platform/crypto/index.ts';
import { createEvents } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import type { UpstreamFailure } from '../../providers/provider.ts';
import { accountHandlers } from './accounts.routes.ts';
import { Accounts, type SendOnce } from './index.ts';

const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
const query = { page: 1, pageSize: 20, sort: 'priority' };
const params = { kind: 'claude-console' };
const secret = 'sk-ant-api03-secret';

let server: TestRedis;
let redis: RedisConnections;
let accounts: Accounts;
let handlers: Handlers<typeof accountRoutes>;
let context: AdminContext;
let audited: AuditNote[];
let send: SendOnce;
/** Account -> names of the keys bound to it. */
let boundKeys: Record<string, string[]>;

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
afterEach(() => accounts.stop());
beforeEach(async () => {
  await server.flush();
  boundKeys = {};
  const clock = { now: () => START_MS };
  const onError = (error: unknown): void => expect.unreachable(String(error));
  accounts = new Accounts({
    redis,
    events: createEvents(onError),
    clock,
    secrets: new SecretBox('k'.repeat(32)),
    providers: providersAt('https://api.example'),
    allowPrivateUpstreams: true,
    restRules: noRestRules,
    calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
    groupsExist: async (ids) => ids.map((id) => id === 'group-1'),
    spentToday: async (ids) => ids.map(() => 0),
    lookup: async () => [],
    send: (request, options) => send(request, options),
    onError,
  });
  await accounts.start();
  handlers = accountHandlers({
    accounts,
    clock,
    figuresOf: async (ids) => ids.map((_, index) => usageOf(index + 1)),
    keysBoundTo: async (ids) => ids.map((id) => boundKeys[id] ?? []),
    bindsOf: async () => [{ groupId: 'group-1' }],
    quartersOf: async (_, startsMs) => startsMs.map(() => ({ attempts: 4, failures: 1 })),
  });
  ({ context, audited } = adminContext());
});

async function create(
  body: Record<string, unknown> & { name: string },
): Promise<{ kind: string; id: string }> {
  const full = { settings: {}, credential: { apiKey: secret }, ...body };
  const { id } = await handlers.create({ params, query: undefined, body: full }, context);
  return { ...params, id };
}

test('an account is answered as the contract says, and never with its credential', async () => {
  const at = await create({
    name: 'first',
    models: { allow: [], map: {} },
    expiresAt: '2027-01-01T01:00:00+01:00',
  });
  const call = { params: at, query: undefined, body: undefined };
  const answers = [
    await handlers.get(call, context),
    await handlers.update({ ...call, body: { credential: { apiKey: `${secret}-2` } } }, context),
    await handlers.replace({ ...call, body: { name: 'renamed' } }, context),
    await handlers.reset(call, context),
  ];
  for (const answer of answers) accountSchema.strict().parse(answer);
  expect(answers[0]).toMatchObject({
    kind: 'claude-console',
    name: 'first',
    status: 'ready',
    reason: null,
    until: null,
    families: {},
    windows: [],
    inFlight: 0,
    usage: usageOf(1),
    lastUsedAt: null,
    expiresAt: '2027-01-01T00:00:00.000Z',
    settings: { baseUrl: 'https://api.example', auth: 'x-api-key' },
  });
  const text = JSON.stringify([answers, audited]);
  expect(text).not.toContain(secret);
  expect(text).not.toContain('v2.');
});

test('health is told in words and times', async () => {
  const at = await create({ name: 'first' });
  const failure: UpstreamFailure = {
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    coolDownMs: 60_000,
    coolDownScope: 'family',
    accountState: null,
    message: 'slow down',
  };
  accounts.health.failed({ id: at.id }, 'opus', failure, START_MS);
  accounts.health.windows(at.id, [
    { name: '5h', utilization: 0.5, resetsAtMs: START_MS + 1000 },
    { name: '7d', utilization: 0.9, resetsAtMs: START_MS - 1000 },
  ]);
  const leave = accounts.health.enter(at.id);
  await redis.background.zadd(redis.keyspace.accountsLastUsed, START_MS, at.id);
  const answer = await handlers.get({ params: at, query: undefined, body: undefined }, context);
  leave();
  const until = '2026-03-01T12:01:00.000Z';
  expect(answer).toMatchObject({
    status: 'limited',
    reason: 'opus: slow down',
    until,
    families: { opus: { until, reason: 'slow down' } },
    windows: [
      { name: '5h', utilization: 0.5, resetsAt: '2026-03-01T12:00:01.000Z' },
      { name: '7d', utilization: null, resetsAt: null },
    ],
    inFlight: 1,
    lastUsedAt: '2026-03-01T12:00:00.000Z',
  });
});

test('lists search, filter, sort and cut; a kind has a list of its own', async () => {
  await create({ name: 'Bravo', priority: 2, settings: { baseUrl: 'https://bravo.example' } });
  await create({ name: 'alpha', priority: 2, enabled: false });
  await create({ name: 'charlie', priority: 1, description: 'the last' });
  const login = { name: 'delta', priority: 9, credential: { accessToken: 'sk-ant-oat01-x' } };
  await handlers.create({ params: { kind: 'claude' }, query: undefined, body: login }, context);

  const list = async (fields: object): Promise<string[]> => {
    const page = await handlers.list(
      { params: undefined, query: { ...query, ...fields }, body: undefined },
      context,
    );
    return page.items.map(({ name }) => name);
  };
  expect(await list({})).toEqual(['charlie', 'alpha', 'Bravo', 'delta']);
  expect(await list({ sort: '-priority' })).toEqual(['delta', 'alpha', 'Bravo', 'charlie']);
  expect(await list({ sort: '-name' })).toEqual(['delta', 'charlie', 'Bravo', 'alpha']);
  expect(await list({ search: 'BRAVO.example' })).toEqual(['Bravo']);
  expect(await list({ search: 'last' })).toEqual(['charlie']);
  expect(await list({ kind: 'claude' })).toEqual(['delta']);
  expect(await list({ enabled: false })).toEqual(['alpha']);
  expect(await list({ status: 'disabled' })).toEqual(['alpha']);
  expect(await list({ page: 2, pageSize: 3 })).toEqual(['delta']);
  for (const sort of ['createdAt', 'kind', 'status', 'lastUsedAt'])
    expect(await list({ sort })).toHaveLength(4);
  const ofKind = await handlers.listKind({ params: { kind: 'claude' }, query, body: undefined }, context);
  expect(ofKind).toMatchObject({ total: 1, items: [{ name: 'delta', usage: usageOf(1) }] });
  const unknown = handlers.listKind({ params: { kind: 'nothing' }, query, body: undefined }, context);
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
});

test('kinds come with what a form needs: fields, required ones, defaults', async () => {
  const { items } = await handlers.kinds({ params: undefined, query: undefined, body: undefined }, context);
  for (const item of items) accountKindSchema.strict().parse(item);
  const kind = items.find((item) => item.kind === 'claude-console');
  expect(kind).toMatchObject({
    service: 'claude',
    dialects: ['anthropic'],
    settingsSchema: {
      type: 'object',
      properties: {
        baseUrl: { type: 'string', format: 'uri', default: 'https://api.example', title: 'Base URL' },
        auth: { enum: ['x-api-key', 'bearer'], default: 'x-api-key' },
      },
    },
    credentialSchema: { type: 'object', required: ['apiKey'], properties: { apiKey: { type: 'string' } } },
  });
  expect(kind?.settingsSchema['required']).toBeUndefined();
});

test('the connection test answers what the upstream said', async () => {
  const at = await create({ name: 'first' });
  send = async () => ({
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ type: 'message', content: [{ type: 'text', text: ' Hello ' }] })),
  });
  const call = { params: at, query: undefined, body: { model: 'claude-x' } };
  expect(await handlers.test(call, context)).toEqual({
    ok: true,
    status: 200,
    latencyMs: 0,
    model: 'claude-x',
    reply: 'Hello',
  });
  send = () => Promise.reject(Object.assign(new Error('no complete answer'), { code: 'ETIMEDOUT' }));
  expect(await handlers.test(call, context)).toMatchObject({
    ok: false,
    status: 0,
    error: { code: 'timeout' },
  });
});

test('every act is in the audit log, with before and after', async () => {
  const at = await create({ name: 'first' });
  const call = { params: at, query: undefined, body: undefined };
  await handlers.update({ ...call, body: { name: 'second', credential: { apiKey: 'x' } } }, context);
  await handlers.reset(call, context);
  await handlers.remove(call, context);
  await expect(handlers.get(call, context)).rejects.toMatchObject({ code: 'not_found' });
  expect(audited.map(({ action }) => action)).toEqual([
    'account.create',
    'account.update',
    'account.reset',
    'account.delete',
  ]);
  expect(audited[1]).toMatchObject({
    target: { type: 'account', id: at.id, name: 'second' },
    before: { name: 'first', version: 1 },
    after: { name: 'second', version: 2, credential: 'changed' },
  });
});

test('an account that keys are bound to is not deleted, and they are counted and named', async () => {
  const at = await create({ name: 'first' });
  const call = { params: at, query: undefined, body: undefined };
  boundKeys[at.id] = Array.from({ length: 12 }, (_, index) => `key ${index + 1}`);
  expect((await handlers.get(call, context)).boundKeys).toBe(12);
  const remove = async (): Promise<void> => handlers.remove(call, context);
  const refusal: unknown = await remove().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'in_use' });
  expect(String(refusal)).toMatch(/"key 1", .*"key 10" and 2 more/);
  boundKeys = {};
  await handlers.remove(call, context);
  await expect(handlers.get(call, context)).rejects.toMatchObject({ code: 'not_found' });
});

test('a subscription is told where the settings name it', async () => {
  const body = {
    name: 'login',
    settings: { subscription: 'pro' },
    credential: { accessToken: 'sk-ant-oat01-x' },
  };
  const account = await handlers.create({ params: { kind: 'claude' }, query: undefined, body }, context);
  expect(account).toMatchObject({ subscription: 'pro', shared: true, groupIds: [], dailyUsd: null });
  const opus = accounts.find(account.id)?.lacks('claude-opus-4-1');
  expect(opus).toBe('a pro subscription has Opus 4.5 and later only');
});
