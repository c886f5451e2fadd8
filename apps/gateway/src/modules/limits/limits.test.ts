import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { createLimits, type Limits, type Reservation } from './index.ts';

let server: TestRedis;
let replicas: { redis: RedisConnections; limits: Limits }[] = [];

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server.stop();
});
afterEach(async () => {
  for (const { redis, limits } of replicas) {
    limits.close();
    await redis.close();
  }
  replicas = [];
  await server.flush();
});

async function replica(leaseMs?: number): Promise<{ redis: RedisConnections; limits: Limits }> {
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  const limits = createLimits(redis, {
    onProblem: () => undefined,
    ...(leaseMs === undefined ? {} : { leaseMs }),
  });
  const opened = { redis, limits };
  replicas.push(opened);
  return opened;
}

async function gate(redis: RedisConnections, fields: Record<string, string>): Promise<void> {
  await redis.background.hset(redis.keyspace.keyGate('k'), { version: '1', state: 'active', ...fields });
}

const key = { id: 'k', version: 1, concurrency: 0 };

test.each([
  [{ state: 'disabled' }, 'disabled'],
  [{ state: 'deleted' }, 'deleted'],
  [{ expiresAtMs: String(Date.now() - 1) }, 'expired'],
  [{ afterFirstUseMs: '1000', activatedAtMs: String(Date.now() - 2000) }, 'expired'],
])('a key whose gate says %j is refused as %s', async (fields, reason) => {
  const { redis, limits } = await replica();
  await gate(redis, fields);
  expect(await limits.admit(key, 'r')).toEqual({ type: 'refused', reason });
});

test('a purged key is refused, and a changed one is stale', async () => {
  const { redis, limits } = await replica();
  expect(await limits.admit(key, 'r')).toEqual({ type: 'refused', reason: 'missing' });
  await gate(redis, { version: '2' });
  expect(await limits.admit(key, 'r')).toEqual({ type: 'stale' });
});

test('the first use activates a key that lives from its first use, once', async () => {
  const { redis, limits } = await replica();
  await gate(redis, { afterFirstUseMs: '60000' });
  await limits.admit(key, 'r1');
  const first = await redis.background.hget(redis.keyspace.keyGate('k'), 'activatedAtMs');
  expect(Math.abs(Number(first) - Date.now())).toBeLessThan(5000);
  await sleep(5);
  await limits.admit(key, 'r2');
  expect(await redis.background.hget(redis.keyspace.keyGate('k'), 'activatedAtMs')).toBe(first);
});

test('of 60 calls from three replicas at a key with room for 7 exactly 7 are admitted, and room comes back', async () => {
  const three = [await replica(), await replica(), await replica()];
  const [first] = three;
  if (first === undefined) throw new Error('no replica');
  await gate(first.redis, {});
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      (three[index % 3] ?? first).limits.admit({ ...key, concurrency: 7 }, `r${index}`),
    ),
  );
  const reserved = answers.flatMap((answer) => (answer.type === 'reserved' ? [answer.reservation] : []));
  expect(reserved).toHaveLength(7);
  expect(await first.limits.concurrencyInUse(['k', 'other'])).toEqual([7, 0]);
  for (const reservation of reserved) {
    reservation.release();
    reservation.release();
  }
  await expect.poll(() => first.limits.concurrencyInUse(['k'])).toEqual([0]);
});

test('a lease is prolonged while its request runs, and runs out when its process is gone', async () => {
  const alive = await replica(300);
  await gate(alive.redis, {});
  const admission = await alive.limits.admit({ ...key, concurrency: 1 }, 'r1');
  expect(admission.type).toBe('reserved');
  await sleep(700);
  expect(await alive.limits.admit({ ...key, concurrency: 1 }, 'r2')).toEqual({
    type: 'refused',
    reason: 'concurrency',
  });
  // The process ends: nobody prolongs any more.
  alive.limits.close();
  await sleep(400);
  expect((await alive.limits.admit({ ...key, concurrency: 1 }, 'r3')).type).toBe('reserved');
});

test('an account admits as many as it allows over all replicas', async () => {
  const one = await replica();
  const other = await replica();
  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? one : other).limits.enterAccount('a', 3, `t${index}`),
    ),
  );
  const places = taken.filter((place): place is Reservation => place !== null);
  expect(places).toHaveLength(3);
  places[0]?.release();
  await expect.poll(() => one.limits.enterAccount('a', 3, 'later')).not.toBeNull();
});

test('an admission is one command, and neither KEYS nor SCAN is ever sent', async () => {
  const { redis, limits } = await replica();
  await gate(redis, {});
  await limits.admit(key, 'warm');
  await redis.background.config('RESETSTAT');
  for (let index = 0; index < 10; index += 1) await limits.admit({ ...key, concurrency: 50 }, `r${index}`);
  const stats = await redis.background.info('commandstats');
  expect(/cmdstat_evalsha:calls=(\d+)/u.exec(stats)?.[1]).toBe('10');
  expect(stats).not.toMatch(/cmdstat_(keys|scan)/u);
});
