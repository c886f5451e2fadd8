// Whatever dies, breaks off or leaves: the counters of the limits are the sums of the ledger, and nothing stays held.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { createLimits } from '../../src/modules/limits/index.ts';
import { chargeLostRequests } from '../../src/relay/lost-requests.ts';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';
import { settingsBeside, type SpawnedGateway, spawnGateway } from '../spawned-gateway.ts';

let gateway: TestGateway;
let dataDir: string;
let spawned: SpawnedGateway | null = null;

beforeEach(async () => {
  gateway = await startTestGateway();
  dataDir = mkdtempSync(join(tmpdir(), 'gateway beside '));
});
afterEach(async () => {
  spawned?.child.kill('SIGKILL');
  spawned = null;
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
});

async function verify(...options: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await runCli(['ledger', 'verify', ...options], {
    loadConfig: () => gateway.gateway.config,
    out: (text) => (out += text),
    err: (text) => (out += text),
  });
  return { code, out };
}

/** What the elected replica does once leases have run out; here a minute is over at once. */
async function afterLeases(): Promise<void> {
  const { services } = gateway.gateway;
  const { calendar, clock, redis } = services;
  const onProblem = (): void => undefined;
  const limits = createLimits(redis, { calendar, clock, graceMs: -120_000, onProblem });
  const { ledger } = services.usage;
  await chargeLostRequests({ ...services, limits, ledger, onProblem });
  limits.close();
  await gateway.settled();
}

async function healthy(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/health`)).status, { timeout: 5000 }).toBe(200);
}

/** Numbers 0..1, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('a mixed run with faults, clients that leave, a frozen Redis and two kills: counters equal the ledger, nothing stays held', async () => {
  for (let account = 0; account < 3; account += 1) await addAccount(gateway);
  const limits = {
    windows: [
      { every: 'minute', count: 5, requests: 10_000, tokens: 100_000_000 },
      { every: 'day', count: 1, usd: 100, models: ['claude-*'] },
    ],
    budgets: [
      { every: 'day', usd: 50 },
      { every: 'week', usd: 50, models: ['claude-sonnet-*'] },
    ],
  } satisfies Parameters<typeof addKey>[1];
  const keys = [
    await addKey(gateway, { ...limits, budgetMode: 'strict', rates: { claude: 1.37 } }),
    await addKey(gateway, { ...limits, budgetMode: 'expected', concurrency: 20 }),
    await addKey(gateway),
  ];
  const { simulator } = gateway;
  simulator.setFault({ rate: 0.08, seed: 1, cut: 3 });
  simulator.setFault({ rate: 0.08, seed: 2, status: 529 });
  simulator.setFault({ rate: 0.07, seed: 3, errorEvent: 4 });
  simulator.setFault({ rate: 0.07, seed: 4, reset: true });
  const env = settingsBeside(gateway, dataDir);
  spawned = await spawnGateway(env);
  const random = randomFrom(7);
  const call = async (): Promise<void> => {
    const key = keys[Math.floor(random() * keys.length)];
    const url = random() < 0.5 ? gateway.url : (spawned?.url ?? gateway.url);
    const stream = random() < 0.8;
    const body = message(`[[pace:${Math.floor(random() * 12)}]] [[deltas:8]]`, { stream });
    const leaves = random() < 0.15 ? { leaveAfterBytes: 1 + Math.floor(random() * 900) } : {};
    const answer = send(url, key?.secret ?? '', { body, ...leaves }).catch(() => null);
    // Whoever leaves before anything came gets no answer here.
    await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 3000))]);
  };
  for (let round = 0; round < 6; round += 1) {
    const calls = Array.from({ length: 40 }, () => call());
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (round === 1 || round === 3) {
      spawned.child.kill('SIGKILL');
      await Promise.all(calls);
      spawned = await spawnGateway(env);
    } else if (round === 4) {
      gateway.redis.freeze();
      await new Promise((resolve) => setTimeout(resolve, 400));
      gateway.redis.thaw();
      await Promise.all([gateway.url, spawned.url].map(healthy));
    }
    await Promise.all(calls);
  }
  spawned.child.kill('SIGTERM');
  await new Promise((resolve) => spawned?.child.once('exit', resolve));
  await gateway.settled();

  const { code, out } = await verify('--json');
  const answer = JSON.parse(out) as { requests: number; attempts: number; countersChecked: number };
  expect({ code, out: code === 0 ? '' : out }).toEqual({ code: 0, out: '' });
  expect(answer.requests).toBeGreaterThan(150);
  expect(answer.countersChecked).toBeGreaterThan(15);

  await afterLeases();
  expect(await verify()).toMatchObject({ code: 0 });
  for (const { id } of keys) {
    // Counting everything again may have kept this process from its own connection for a moment.
    const key = await vi.waitFor(() => gateway.admin.keys.get({ params: { id } }), { timeout: 5000 });
    for (const state of key.limits) expect(state).toMatchObject({ held: 0 });
    const charged = key.limits.filter(({ limit, models }) => limit === 'budget' && models === undefined);
    for (const { used } of charged) expect(used).toBe(key.usage.total.chargedNanoUsd);
  }
}, 60_000);

test('what was tampered with is found and named, and set from the ledger', async () => {
  await addAccount(gateway);
  const { id, secret } = await addKey(gateway, {
    windows: [{ every: 'hour', count: 1, requests: 100 }],
    budgets: [{ every: 'month', usd: 5 }],
  });
  await send(gateway.url, secret, { body: message('hi') });
  await gateway.settled();
  const right = await verify();
  expect([right.code, right.out]).toEqual([0, expect.stringContaining('1 requests, 1 attempts')]);
  const { limits: before, usage } = await gateway.admin.keys.get({ params: { id } });

  const { redis } = gateway.gateway.services;
  const meters = redis.keyspace.limitMeters(id, id);
  await redis.background.hincrby(meters, 'b:month|u', 7);
  await redis.background.hincrby(meters, 'w:hour:1:requests|u', 3);
  await redis.background.hset(meters, 'b:total|h', 5);
  await redis.background.hset(redis.keyspace.figuresTotal('key'), id, '9,9');
  const statistics = await gateway.admin.stats.usage({ query: { groupBy: 'day' } });
  const day = gateway.gateway.services.calendar.dayKey(Date.now());
  const figures = redis.keyspace.figures('day', day, 'all');
  const packed = (await redis.background.hget(figures, '')) ?? '';
  expect(packed).toContain(';');
  await redis.background.hset(figures, '', packed.split(';')[0] ?? '');
  const found = await verify();
  expect(found.code).toBe(1);
  expect(found.out).toContain(`key ${id} b:month: ${usage.total.chargedNanoUsd + 7}, the ledger says`);
  expect(found.out).toContain(`key ${id} w:hour:1:requests: 4, the ledger says 1`);
  expect(found.out).toContain(`key ${id} b:total held: 5, the ledger says 0`);
  expect(found.out).toContain('5 differences');
  const rebuilt = await verify('--rebuild', '--json');
  expect([rebuilt.code, JSON.parse(rebuilt.out)]).toMatchObject([0, { ok: false, rebuilt: true }]);
  expect((await verify()).code).toBe(0);
  const after = await gateway.admin.keys.get({ params: { id } });
  expect([after.limits, after.usage]).toEqual([before, usage]);
  const mended = await gateway.admin.stats.usage({ query: { groupBy: 'day' } });
  expect(mended.total).toEqual(statistics.total);
  expect(mended.total.latency.durationMs?.p95).toBeGreaterThan(0);

  // All of it lost, as after a restore from an old backup.
  await redis.background.del(meters);
  expect((await verify('--rebuild')).code).toBe(0);
  expect((await gateway.admin.keys.get({ params: { id } })).limits).toEqual(before);
}, 30_000);
