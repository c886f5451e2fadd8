import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { StickySessions } from './index.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let server: TestRedis;
let redis: RedisConnections;
let nowMs = Date.parse('2026-03-01T12:00:00.000Z');

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
afterEach(() => server.flush());

function sessions(renewalThresholdMs = 0): StickySessions {
  return new StickySessions({
    redis,
    clock: { now: () => nowMs },
    rules: { ttlMs: HOUR_MS, renewalThresholdMs },
    onError: (error) => expect.unreachable(String(error)),
  });
}

/** As Redis has it now; settles what was not waited for. */
async function stored(key: string): Promise<string | null> {
  return redis.background.get(key);
}

test('a session is one of its key: the same words of another key name another one', () => {
  const sticky = sessions();
  const names = [
    sticky.keyOf('owner', 'key-1', 'words'),
    sticky.keyOf('owner', 'key-2', 'words'),
    sticky.keyOf('owner', 'key-1', 'other words'),
  ];
  expect(new Set(names).size).toBe(3);
  for (const name of names) {
    expect(name).toContain('{owner}');
    expect(name).not.toContain('words');
  }
});

test('a session of nobody goes to whoever delivers first, another one moves', async () => {
  const [here, there] = [sessions(), sessions()];
  const key = here.keyOf('k', 'k', 's');
  here.delivered(key, 'a', null);
  there.delivered(key, 'b', null);
  expect(await stored(key)).toBe('a');
  there.delivered(key, 'b', 'a');
  expect(await stored(key)).toBe('b');
});

test('the stay slides with each use, once a second at most', async () => {
  const sticky = sessions();
  const key = sticky.keyOf('k', 'k', 's');
  sticky.delivered(key, 'a', null);
  await redis.background.pexpire(key, MINUTE_MS);
  nowMs += 900;
  sticky.delivered(key, 'a', 'a');
  expect(await redis.background.pttl(key)).toBeLessThanOrEqual(MINUTE_MS);
  nowMs += 200;
  sticky.delivered(key, 'a', 'a');
  expect(await redis.background.pttl(key)).toBeGreaterThan(59 * MINUTE_MS);
});

test('with a threshold it is written again only when little of it is left', async () => {
  const sticky = sessions(10 * MINUTE_MS);
  const key = sticky.keyOf('k', 'k', 's');
  sticky.delivered(key, 'a', null);
  await redis.background.pexpire(key, MINUTE_MS);
  nowMs += 45 * MINUTE_MS;
  sticky.delivered(key, 'a', 'a');
  expect(await redis.background.pttl(key)).toBeLessThanOrEqual(MINUTE_MS);
  nowMs += 6 * MINUTE_MS;
  sticky.delivered(key, 'a', 'a');
  expect(await redis.background.pttl(key)).toBeGreaterThan(59 * MINUTE_MS);
});

test('what was chosen is remembered for those beside it, and forgotten when nothing is delivered', () => {
  const sticky = sessions();
  const key = sticky.keyOf('k', 'k', 's');
  expect(sticky.remembered(key)).toBeNull();
  sticky.chosen(key, 'a');
  expect(sticky.remembered(key)).toBe('a');
  nowMs += 2 * MINUTE_MS;
  expect(sticky.remembered(key)).toBeNull();
});
