// What the gateway relies on when Redis is well, lost, frozen or restarted.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { createEvents } from '../events.ts';
import type { RedisConfig } from './connect.ts';
import { openRedis, type RedisConnections } from './connections.ts';
import { createKeyspace } from './keyspace.ts';
import { forwardNotices } from './notices.ts';
import { defineScript } from './script.ts';
import { RedisUnavailable } from './unavailable.ts';

let server: TestRedis;
const opened: RedisConnections[] = [];

beforeAll(async () => {
  server = await startTestRedis();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connections) => connections.close()));
  await server.flush();
});
afterAll(async () => {
  await server.stop();
});

function open(
  over: Partial<RedisConfig> = {},
  options: Parameters<typeof openRedis>[1] = {},
): RedisConnections {
  const single = { type: 'single', host: '127.0.0.1', port: server.port } as const;
  const config = {
    server: single,
    username: null,
    password: null,
    db: 0,
    tls: false,
    keyPrefix: 't:',
    ...over,
  };
  const connections = openRedis(config, options);
  opened.push(connections);
  return connections;
}

/** Milliseconds until a command fails as lost Redis. */
async function failure(connections: RedisConnections): Promise<number> {
  const startedAt = performance.now();
  await expect(connections.commands.get('any')).rejects.toBeInstanceOf(RedisUnavailable);
  return performance.now() - startedAt;
}

test('commands given before the connection stands are answered', async () => {
  const { commands } = open();
  expect(await commands.set('a', '1')).toBe('OK');
  expect(await Promise.all([commands.get('a'), commands.incr('a')])).toEqual(['1', 2]);
});

test('a frozen Redis fails a command within 300 ms, the next ones at once, and is found again when it thaws', {
  retry: 2,
}, async () => {
  const connections = open();
  await connections.whenUp(5000);
  server.freeze();
  try {
    expect(await failure(connections)).toBeLessThan(300);
    expect(connections.status()).toEqual({ up: false, latencyMs: null });
    // Also while heartbeats and probes are under way.
    for (let request = 0; request < 30; request += 1) {
      expect(await failure(connections)).toBeLessThan(50);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  } finally {
    server.thaw();
  }
  await connections.whenUp(5000);
  expect(await connections.commands.get('any')).toBeNull();
});

test('every answer stays with its command where heartbeats and requests meet a frozen Redis at the same time', async () => {
  const connections = open();
  await connections.whenUp(5000);
  const { commands } = connections;
  await commands.mset('a', '1', 'b', '2', 'c', '3');
  server.freeze();
  await failure(connections);
  const heartbeat = commands.ping();
  await expect(commands.get('a')).rejects.toBeInstanceOf(RedisUnavailable);
  const together = await commands.pipeline().ping().get('a').exec();
  expect(together?.map(([error]) => error)).toEqual([
    expect.any(RedisUnavailable),
    expect.any(RedisUnavailable),
  ]);
  server.thaw();
  await connections.whenUp(5000);
  expect(await heartbeat).toBe('PONG');
  for (let round = 0; round < 5; round += 1) {
    expect(await commands.get('a')).toBe('1');
    expect(await Promise.all([commands.get('b'), commands.get('c')])).toEqual(['2', '3']);
  }
});

test('commands that nobody waits for any more are not run when a killed Redis returns', async () => {
  const connections = open();
  await connections.whenUp(5000);
  await server.kill();
  await expect(connections.commands.set('late', '1')).rejects.toBeInstanceOf(RedisUnavailable);
  await expect(connections.commands.set('later', '1')).rejects.toBeInstanceOf(RedisUnavailable);
  // Work that may wait is done once Redis is there again.
  const patient = connections.background.set('patient', '1');
  await server.restart();
  expect(await patient).toBe('OK');
  await connections.whenUp(5000);
  expect(await connections.commands.mget('late', 'later', 'patient')).toEqual([null, null, '1']);
});

test('a loss is noticed without any traffic', async () => {
  const seen: boolean[] = [];
  const connections = open({}, { onStatus: (up) => seen.push(up) });
  await connections.whenUp(5000);
  await expect.poll(() => connections.status().latencyMs, { timeout: 5000 }).toBeGreaterThanOrEqual(0);
  server.freeze();
  await expect.poll(() => connections.status().up, { timeout: 5000 }).toBe(false);
  server.thaw();
  await expect.poll(() => connections.status().up, { timeout: 5000 }).toBe(true);
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([true, false, true]);
});

test('a process too busy to read for longer than the deadline does not take Redis for lost', async () => {
  const connections = open();
  await connections.whenUp(5000);
  const answer = connections.commands.get('any');
  await new Promise((resolve) => setImmediate(resolve));
  for (const endMs = performance.now() + 400; performance.now() < endMs; );
  expect(await answer).toBeNull();
  expect(connections.status().up).toBe(true);
});

test('errors of commands themselves stay what they are', async () => {
  const { commands } = open();
  await commands.set('text', 'x');
  await expect(commands.incr('text')).rejects.toThrow('not an integer');
  await expect(commands.incr('text')).rejects.not.toBeInstanceOf(RedisUnavailable);
});

test('a password is presented, and a wrong one fails', async () => {
  const locked = await startTestRedis(['--requirepass', 'right']);
  try {
    const at = { server: { type: 'single', host: '127.0.0.1', port: locked.port } as const };
    expect(await open({ ...at, password: 'right' }).commands.ping()).toBe('PONG');
    await expect(open({ ...at, password: 'wrong' }).whenUp(500)).rejects.toBeInstanceOf(RedisUnavailable);
  } finally {
    await locked.stop();
  }
});

test('closing lets answers under way arrive, and refuses what comes after', async () => {
  const connections = open();
  const under = connections.commands.set('a', '1');
  await connections.whenUp(5000);
  await connections.close();
  expect(await under).toBe('OK');
  await expect(connections.commands.get('a')).rejects.toBeInstanceOf(RedisUnavailable);
});

test('closed before it ever stood, a connection leaves nothing behind that keeps the process', async () => {
  const gone = await startTestRedis();
  await gone.stop();
  const program = new URL('./fixtures/close.ts', import.meta.url);
  const args = ['--conditions=development', fileURLToPath(program), String(gone.port)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
  expect(stdout).toBe('refused');
});

test('the same connection error is told once, not at every dial', async () => {
  const gone = await startTestRedis();
  await gone.stop();
  const errors: string[] = [];
  const at = { server: { type: 'single', host: '127.0.0.1', port: gone.port } as const };
  await expect(open(at, { onError: ({ message }) => errors.push(message) }).whenUp(400)).rejects.toThrow(
    'no connection',
  );
  expect(errors).toEqual([`connect ECONNREFUSED 127.0.0.1:${gone.port}`]);
});

test('a script runs by digest, and again after the server forgot it', async () => {
  const { commands } = open();
  const echo = defineScript(new URL('./fixtures/echo.lua', import.meta.url));
  expect(await echo.run(commands, ['k'], ['a', 2])).toEqual(['k', 'a', '2']);
  await commands.script('FLUSH');
  expect(await echo.run(commands, ['k'], ['b', 3])).toEqual(['k', 'b', '3']);
});

test('a change notice of any replica becomes an event', async () => {
  const [here, there] = [open(), open()];
  await Promise.all([here.whenUp(5000), there.whenUp(5000)]);
  const events = createEvents((error) => expect.unreachable(String(error)));
  const seen: string[] = [];
  forwardNotices(here.notices, events);
  for (const noun of ['key', 'account', 'user'] as const) {
    events.on(`${noun}.changed`, ({ id }) => seen.push(`${noun} ${id}`));
  }
  // The subscription stands a moment after the connection does.
  await expect
    .poll(async () => there.commands.publish(there.keyspace.notices, 'key:a:1'), { timeout: 5000 })
    .toBeGreaterThanOrEqual(2);
  await there.commands.publish(there.keyspace.notices, 'account:b');
  await there.commands.publish(there.keyspace.notices, 'user:c');
  await there.commands.publish(there.keyspace.notices, 'nonsense');
  await expect.poll(() => [...new Set(seen)]).toEqual(['key a:1', 'account b', 'user c']);
});

test('notices come again after a listening connection went silent, and after one was cut', async () => {
  const connections = open();
  await connections.whenUp(5000);
  const seen: string[] = [];
  connections.notices.on('key', (id) => seen.push(id));
  const tell = async (id: string): Promise<boolean> => {
    await connections.commands.publish(connections.keyspace.notices, `key:${id}`).catch(() => 0);
    return seen.includes(id);
  };
  await expect.poll(async () => tell('before'), { timeout: 5000 }).toBe(true);
  expect(await connections.subscriber.ping()).toBe('PONG');
  await server.client().call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await expect.poll(async () => tell('after a cut'), { timeout: 5000 }).toBe(true);
  // Its bytes go nowhere, as when a host vanishes: nothing but silence tells.
  connections.subscriber.stream.removeAllListeners('data').resume();
  await expect.poll(async () => tell('after silence'), { timeout: 12_000, interval: 200 }).toBe(true);
});

test('names are built from the table', () => {
  const keyspace = createKeyspace('x:');
  expect(keyspace.notices).toBe('x:notices');
  expect(keyspace.keyGate('1', '2')).toBe('x:key:{1}:gate:2');
  expect(keyspace.document('key', '1')).toBe('x:doc:key:1');
});
