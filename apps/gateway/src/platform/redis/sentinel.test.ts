// What the gateway relies on when a master dies and a Sentinel promotes its replica.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { startTestSentinel, type TestSentinel } from '../../../test/sentinel.ts';
import { openRedis, type RedisConnections } from './connections.ts';
import { RedisUnavailable } from './unavailable.ts';

let master: TestRedis;
let replica: TestRedis;
let sentinel: TestSentinel;
let redis: RedisConnections;

beforeAll(async () => {
  master = await startTestRedis([], { mayReplicate: true });
  replica = await startTestRedis(['--replicaof', `127.0.0.1 ${master.port}`], { mayReplicate: true });
  // One that never finished its first copy would be promoted empty.
  const client = replica.client();
  while (!(await client.info('replication')).includes('master_link_status:up')) await sleep(50);
  sentinel = await startTestSentinel(master.port, 1);
  redis = openRedis({
    server: {
      type: 'sentinel',
      sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
      masterName: 'mymaster',
      sentinelPassword: null,
    },
    username: null,
    password: null,
    db: 0,
    tls: false,
    keyPrefix: 't:',
    // On a busy machine a promoted server may take its time; what is not there at all fails at once.
    commandTimeoutMs: 900,
  });
  await redis.whenUp(30_000);
});
afterAll(async () => {
  await redis.close();
  await sentinel.stop();
  await Promise.all([master.stop(), replica.stop()]);
});

test('requests fail fast while there is no master, and go on with the promoted one; patient work is not lost', async () => {
  // On one connection: what it has written itself is all that it waits for.
  await redis.background.set('kept', '1');
  expect(await redis.background.wait(1, 5000)).toBe(1);
  let reconnects = 0;
  redis.onReconnect(() => {
    reconnects += 1;
  });
  await master.kill();
  const patient = redis.background.set('patient', '1');
  const startedAt = performance.now();
  await expect(redis.commands.get('kept')).rejects.toBeInstanceOf(RedisUnavailable);
  expect(performance.now() - startedAt).toBeLessThan(1000);

  await expect.poll(async () => sentinel.master(), { timeout: 15_000 }).toBe(replica.port);
  await redis.whenUp(30_000);
  expect(await patient).toBe('OK');
  expect(await redis.commands.mget('kept', 'patient')).toEqual(['1', '1']);
  expect(await redis.commands.set('written', '1')).toBe('OK');
  expect(reconnects).toBeGreaterThanOrEqual(1);
}, 60_000);
