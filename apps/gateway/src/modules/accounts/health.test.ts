import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { noRestRules } from '../../../test/rest-rules.ts';
import { createEvents, type EventMap } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import type { UpstreamFailure } from '../../providers/provider.ts';
import { accountDocument } from '../../../test/account-document.ts';
import { SharedHealth } from './health.ts';
import { HealthRepository } from './health-repository.ts';

const MINUTE = 60_000;
const account = accountDocument({ id: 'a1', name: 'first' });
const limited: UpstreamFailure = {
  reason: 'rate_limited',
  fault: 'account',
  retry: 'other',
  coolDownMs: MINUTE,
  coolDownScope: 'family',
  accountState: null,
  message: 'slow down',
};

interface TestReplica {
  health: SharedHealth;
  redis: RedisConnections;
  told: EventMap['account.status'][];
  errors: unknown[];
  known: Map<string, { document: typeof account; defect: string | null }>;
}

/** Accounts that replicas only learn of when they look. */
const elsewhere: TestReplica['known'] = new Map();

let server: TestRedis;
let replicas: TestReplica[] = [];
let nowMs = Date.parse('2026-03-01T12:00:00.000Z');

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server.stop();
});
afterEach(async () => {
  server.thaw();
  for (const { health, redis } of replicas) {
    await health.stop();
    await redis.close();
  }
  replicas = [];
  elsewhere.clear();
  await server.flush();
});

async function replica(): Promise<TestReplica> {
  const redis = openRedis(redisConfig(server, 240));
  await redis.whenUp(5000);
  const told: EventMap['account.status'][] = [];
  const errors: unknown[] = [];
  const events = createEvents((error) => errors.push(error));
  events.on('account.status', (event) => told.push(event));
  const known: TestReplica['known'] = new Map([['a1', { document: account, defect: null }]]);
  const health = new SharedHealth({
    repository: new HealthRepository(redis, `replica-${replicas.length}`),
    events,
    clock: { now: () => nowMs },
    find: (id) => known.get(id),
    refresh: async () => {
      for (const [id, added] of elsewhere) known.set(id, added);
    },
    quotaRest: () => null,
    pauseRest: () => null,
    onChange: () => undefined,
    restRules: noRestRules,
    onError: (error) => errors.push(error),
  });
  await health.start();
  const opened = { health, redis, told, errors, known };
  replicas.push(opened);
  return opened;
}

test('what one replica learns holds on it at once and on the others soon', async () => {
  const [here, there] = [await replica(), await replica()];
  here.health.failed(account, 'opus', limited, nowMs);
  const rest = { status: 'limited', reason: 'slow down', untilMs: nowMs + MINUTE };
  expect(here.health.blockedUntil('a1', 'opus', nowMs)).toEqual(rest);
  await expect.poll(() => there.health.blockedUntil('a1', 'opus', nowMs)).toEqual(rest);
  expect(there.health.blockedUntil('a1', 'sonnet', nowMs)).toBeNull();
});

test('different things learnt at the same time do not overwrite each other', async () => {
  const [here, there] = [await replica(), await replica()];
  here.health.failed(account, 'opus', limited, nowMs);
  there.health.failed(account, 'sonnet', limited, nowMs);
  for (const { health } of [here, there]) {
    await expect.poll(() => Object.keys(health.state('a1').families).sort()).toEqual(['opus', 'sonnet']);
  }
});

test('quota windows change with every answer, and are shared now and then', async () => {
  const [here, there] = [await replica(), await replica()];
  for (let count = 1; count <= 50; count += 1) {
    here.health.windows('a1', [{ name: 'tokens', utilization: count / 100, resetsAtMs: nowMs + count }]);
  }
  expect(here.health.state('a1').windows).toMatchObject([{ utilization: 0.5 }]);
  await here.health.flush();
  expect(await here.redis.background.exists(here.redis.keyspace.accountHealth)).toBe(0);
  await expect
    .poll(() => there.health.state('a1').windows, { timeout: 5000 })
    .toEqual([{ name: 'tokens', utilization: 0.5, resetsAtMs: nowMs + 50 }]);
});

test('a full window is told at once', async () => {
  const here = await replica();
  here.health.windows('a1', [{ name: '5h', utilization: 1, resetsAtMs: null }]);
  expect(here.told).toMatchObject([{ from: 'ready', to: 'limited' }]);
});

test('a process that starts later knows what was learnt', async () => {
  const here = await replica();
  here.health.failed(account, 'opus', { ...limited, accountState: 'needs-login' }, nowMs);
  await here.health.flush();
  const later = await replica();
  expect(later.health.blockedUntil('a1', 'haiku', nowMs)).toEqual({
    status: 'needs-login',
    reason: 'slow down',
    untilMs: null,
  });
});

test('a healthy account costs nothing in Redis, however much it delivers', async () => {
  const here = await replica();
  for (let count = 0; count < 100; count += 1) here.health.delivered('a1', 'opus', nowMs);
  await here.health.flush();
  expect(await here.redis.background.exists(here.redis.keyspace.accountHealth)).toBe(0);
});

test('a reset frees the account on every replica and leaves nothing behind', async () => {
  const [here, there] = [await replica(), await replica()];
  here.health.failed(
    account,
    'opus',
    { ...limited, accountState: 'blocked', coolDownScope: 'account' },
    nowMs,
  );
  await expect.poll(() => there.health.blockedUntil('a1', 'opus', nowMs)?.status).toBe('blocked');
  there.health.reset('a1');
  await there.health.flush();
  await expect.poll(() => here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
  expect(await here.redis.background.exists(here.redis.keyspace.accountHealth)).toBe(0);
});

test('while Redis does not answer, health is judged from memory and written when it is back', async () => {
  const here = await replica();
  server.freeze();
  here.health.failed(account, 'opus', limited, nowMs);
  expect(here.health.blockedUntil('a1', 'opus', nowMs)?.status).toBe('limited');
  server.thaw();
  await expect
    .poll(() => here.redis.background.hkeys(here.redis.keyspace.accountHealth))
    .toEqual(['a1|family:opus']);
});

test('a write that fails is repeated, and does not bring back what changed meanwhile', async () => {
  const here = await replica();
  const { accountHealth } = here.redis.keyspace;
  await here.redis.background.set(accountHealth, 'in the way');
  here.health.failed(account, 'opus', limited, nowMs);
  await here.health.flush();
  expect(here.errors).toHaveLength(1);
  here.health.failed(account, 'opus', { ...limited, coolDownMs: 2 * MINUTE }, nowMs);
  await here.redis.background.del(accountHealth);
  await expect
    .poll(() => here.redis.background.hget(accountHealth, 'a1|family:opus'), { timeout: 3000 })
    .toContain(String(nowMs + 2 * MINUTE));
});

test('a full read loses nothing that is learnt while it runs', async () => {
  const here = await replica();
  const reading = here.health.sync();
  here.health.failed(account, 'opus', limited, nowMs);
  await reading;
  expect(here.health.blockedUntil('a1', 'opus', nowMs)?.status).toBe('limited');
});

test('a change of status is told once, its end too, by the replica that saw it begin', async () => {
  const [here, there] = [await replica(), await replica()];
  here.health.failed(account, 'opus', limited, nowMs);
  here.health.failed(account, 'opus', limited, nowMs);
  await expect.poll(() => there.health.blockedUntil('a1', 'opus', nowMs)).not.toBeNull();
  nowMs += MINUTE;
  await here.health.sync();
  await there.health.sync();
  const names = { accountId: 'a1', name: 'first', kind: 'claude-console' };
  expect(here.told).toEqual([
    { ...names, from: 'ready', to: 'limited', reason: 'opus: slow down' },
    { ...names, from: 'limited', to: 'ready', reason: null },
  ]);
  expect(there.told).toEqual([]);
});

test('rests that ended are cleared away, and so is what is left of deleted accounts', async () => {
  const here = await replica();
  here.health.failed(account, 'opus', limited, nowMs);
  await here.health.flush();
  await here.redis.background.hset(here.redis.keyspace.accountHealth, {
    'gone|streak': '2',
    'a1|rest': 'damaged',
  });
  nowMs += 3 * MINUTE;
  await here.health.sync();
  await here.health.flush();
  expect(await here.redis.background.hkeys(here.redis.keyspace.accountHealth)).toEqual(['a1|rest']);
  expect(here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
});

test('what another replica learnt of a new account is not taken for remains of a deleted one', async () => {
  const here = await replica();
  elsewhere.set('new', { document: accountDocument({ id: 'new' }), defect: null });
  await here.redis.background.hset(here.redis.keyspace.accountHealth, { 'new|streak': '2' });
  await here.health.sync();
  await here.health.flush();
  expect(here.health.state('new').streak).toBe(2);
  expect(await here.redis.background.hkeys(here.redis.keyspace.accountHealth)).toEqual(['new|streak']);
});

test('an account that is not known is not tried', async () => {
  const here = await replica();
  here.known.clear();
  expect(here.health.blockedUntil('a1', 'opus', nowMs)).toMatchObject({ status: 'disabled', untilMs: null });
});

test('load is counted while requests run, each taken back once', async () => {
  const { health } = await replica();
  const [first, second] = [health.enter('a1'), health.enter('a1')];
  expect(health.inFlight('a1')).toBe(2);
  first();
  first();
  expect(health.inFlight('a1')).toBe(1);
  second();
  expect(health.inFlight('a1')).toBe(0);
});

describe('the breaker', () => {
  const broken: UpstreamFailure = { ...limited, reason: 'unreachable', fault: 'network', coolDownMs: null };

  /** Opened by `here`, known to `there`, and over. */
  async function halfOpen(): Promise<[here: TestReplica, there: TestReplica]> {
    const [here, there] = [await replica(), await replica()];
    for (let count = 0; count < 3; count += 1) here.health.failed(account, 'opus', broken, nowMs);
    await expect.poll(() => there.health.blockedUntil('a1', 'opus', nowMs)?.status).toBe('cooling');
    nowMs += MINUTE;
    return [here, there];
  }

  test('half open lets one request of all replicas try the account, until its outcome is known', async () => {
    const [here, there] = await halfOpen();
    expect([here.health.isHalfOpen('a1', nowMs), there.health.isHalfOpen('a1', nowMs)]).toEqual([true, true]);
    const probes = await Promise.all([
      here.health.probe('a1', nowMs),
      here.health.probe('a1', nowMs),
      there.health.probe('a1', nowMs),
      there.health.probe('a1', nowMs),
    ]);
    expect(probes.filter((probe) => probe !== null)).toHaveLength(1);
    for (const { health } of [here, there]) {
      expect(health.blockedUntil('a1', 'opus', nowMs)).toMatchObject({
        status: 'cooling',
        untilMs: nowMs + 2000,
      });
    }
    here.health.delivered('a1', 'opus', nowMs);
    for (const { health } of [here, there]) {
      await expect.poll(() => health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
      await expect.poll(() => health.isHalfOpen('a1', nowMs)).toBe(false);
    }
  });

  test('a probe that told nothing leaves the account to the next one', async () => {
    const [here, there] = await halfOpen();
    const end = await here.health.probe('a1', nowMs);
    end?.();
    expect(here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
    await expect.poll(() => here.redis.background.exists(here.redis.keyspace.accountProbe('a1'))).toBe(0);
    expect(await there.health.probe('a1', nowMs)).not.toBeNull();
  });

  test('a probe that failed rests the account for longer, everywhere', async () => {
    const [here, there] = await halfOpen();
    await here.health.probe('a1', nowMs);
    here.health.failed(account, 'opus', broken, nowMs);
    for (const { health } of [here, there]) {
      await expect.poll(() => health.blockedUntil('a1', 'opus', nowMs)?.untilMs).toBe(nowMs + MINUTE);
    }
  });

  test('nobody tries it while Redis does not answer, and nothing breaks', async () => {
    const [here] = await halfOpen();
    server.freeze();
    expect(await here.health.probe('a1', nowMs)).toBeNull();
    server.thaw();
    expect(here.errors).toHaveLength(1);
  });

  test('opens when half of the latest requests fail, though never three in a row', async () => {
    const here = await replica();
    const results = [true, false, true, true, false];
    for (const isFailure of results) {
      expect(here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
      if (isFailure) here.health.failed(account, 'opus', broken, nowMs);
      else here.health.delivered('a1', 'opus', nowMs);
    }
    expect(here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
    here.health.failed(account, 'opus', broken, nowMs);
    expect(here.health.blockedUntil('a1', 'opus', nowMs)?.reason).toContain('half of the latest');
  });

  test('does not open for a few failures among many deliveries', async () => {
    const here = await replica();
    for (let count = 0; count < 20; count += 1) here.health.delivered('a1', 'opus', nowMs);
    for (let count = 0; count < 10; count += 1) {
      here.health.failed(account, 'opus', broken, nowMs);
      here.health.delivered('a1', 'opus', nowMs);
    }
    expect(here.health.blockedUntil('a1', 'opus', nowMs)).toBeNull();
  });
});

test('the load of an account fades within minutes', async () => {
  const { health } = await replica();
  for (let count = 0; count < 10; count += 1) health.enter('a1')();
  expect(health.load('a1', nowMs)).toEqual({ inFlight: 0, recent: 10 });
  expect(health.load('a1', nowMs + MINUTE).recent).toBeCloseTo(3.68, 2);
  expect(health.load('a1', nowMs + 10 * MINUTE).recent).toBeLessThan(0.01);
});
