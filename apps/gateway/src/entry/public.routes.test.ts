// What anybody may ask: health by what the gateway needs, figures for this machine or with the token, the way to the console.
import fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createMetrics } from '../platform/metrics.ts';
import { mountPublicRoutes, type PublicRoutesOptions } from './public.routes.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function start(
  options: Partial<PublicRoutesOptions> = {},
  trustProxy = false,
): Promise<FastifyInstance> {
  const app = fastify({ genReqId: () => 'req_1', trustProxy });
  apps.push(app);
  await mountPublicRoutes(app, {
    log: { error: (fault: unknown) => expect.unreachable(String(fault)) },
    version: '9.9.9',
    clock: { now: () => 65_500 },
    startedAtMs: 5000,
    components: () => ({ redis: { status: 'healthy', latencyMs: 0.4 } }),
    isAccepting: () => true,
    metrics: createMetrics(),
    metricsToken: null,
    ...options,
  });
  return app;
}

const lost = () => ({ redis: { status: 'unhealthy', latencyMs: null } }) as const;

test('health names version, uptime in seconds and every component', async () => {
  const answer = await (await start()).inject('/health');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    status: 'healthy',
    service: 'claude-relay-service',
    version: '9.9.9',
    uptime: 60,
    components: { redis: { status: 'healthy', latencyMs: 0.4 } },
  });
  expect(answer.headers).toMatchObject({ 'x-request-id': 'req_1', 'cache-control': 'no-store' });
});

test('a lost component is 503 in the same document, and not ready; the process is alive', async () => {
  const app = await start({ components: lost });
  const health = await app.inject('/health');
  expect(health.statusCode).toBe(503);
  expect(health.json()).toMatchObject({
    status: 'unhealthy',
    components: { redis: { status: 'unhealthy', latencyMs: null } },
  });
  const ready = await app.inject('/health/ready');
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'not ready', reason: 'unhealthy' }]);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('a draining gateway is healthy and not ready', async () => {
  let isAccepting = true;
  const app = await start({ isAccepting: () => isAccepting });
  expect((await app.inject('/health/ready')).statusCode).toBe(200);
  isAccepting = false;
  expect((await app.inject('/health/ready')).json()).toEqual({ status: 'not ready', reason: 'draining' });
  expect((await app.inject('/health')).statusCode).toBe(200);
});

test.each<[string, number, InjectOptions, boolean?]>([
  ['from this machine', 200, { remoteAddress: '127.0.0.1', headers: { host: 'localhost:3000' } }],
  ['from this machine, version 6', 200, { remoteAddress: '::1', headers: { host: '[::1]:3000' } }],
  ['from elsewhere', 403, { remoteAddress: '203.0.113.9', headers: { host: 'localhost:3000' } }],
  [
    'from elsewhere, said to be local',
    403,
    { remoteAddress: '203.0.113.9', headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } },
    true,
  ],
  [
    'through a proxy on this machine',
    403,
    { remoteAddress: '127.0.0.1', headers: { host: 'localhost', 'x-forwarded-for': '203.0.113.9' } },
  ],
  [
    'through a proxy on this machine that is trusted',
    403,
    { remoteAddress: '127.0.0.1', headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } },
    true,
  ],
  [
    'through a proxy that keeps the host',
    403,
    { remoteAddress: '127.0.0.1', headers: { host: 'relay.example' } },
  ],
])('without a token figures are for this machine: %s', async (_, status, options, trustProxy) => {
  const app = await start({}, trustProxy);
  expect((await app.inject({ url: '/metrics', ...options })).statusCode).toBe(status);
});

test('with a token figures are for whoever has it, and for nobody else, local or not', async () => {
  const app = await start({ metricsToken: 'figures' });
  const ask = async (authorization?: string) =>
    app.inject({ url: '/metrics', ...(authorization === undefined ? {} : { headers: { authorization } }) });
  expect((await ask()).statusCode).toBe(401);
  expect((await ask('Bearer figure')).statusCode).toBe(401);
  expect((await ask('figures')).statusCode).toBe(401);
  const answer = await ask('Bearer figures');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(answer.body).toContain('# TYPE crs_relay_in_flight gauge');
});

test.each(['/', '/admin-next', '/admin-next/', '/admin-next/api-stats?tab=1'])(
  '%s leads to the console',
  async (url) => {
    const answer = await (await start()).inject(url);
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/web/']);
  },
);

test('an address that is nobody’s is a problem that names its request', async () => {
  const answer = await (await start()).inject('/nowhere?key=cr_secret');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': 'req_1',
  });
  expect(answer.json()).toMatchObject({
    status: 404,
    code: 'not_found',
    detail: 'There is nothing at /nowhere.',
  });
});
