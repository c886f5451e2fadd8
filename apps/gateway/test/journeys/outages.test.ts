import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, errorOf, message, newest, rows, send } from '../relay-client.ts';
import { settingsBeside, spawnGateway } from '../spawned-gateway.ts';

let open: { close(): Promise<void> }[] = [];
let folders: string[] = [];
let children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const one of open) await one.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  open = [];
  folders = [];
  children = [];
});

async function start(env: Record<string, string> = {}): Promise<TestGateway> {
  // The deadline of the product: this is what is tested here.
  const gateway = await startTestGateway({ env: { REDIS_COMMAND_TIMEOUT_MS: '240', ...env } });
  open.push(gateway);
  await addAccount(gateway);
  return gateway;
}

test('a connection that never asks anything does not hold up the end', async () => {
  const gateway = await start();
  const replica = await gateway.replica();
  const silent = connect(Number(new URL(replica.url).port), '127.0.0.1');
  const closed = once(silent, 'close');
  await once(silent, 'connect');
  // The connection has been taken by now.
  await fetch(`${replica.url}/health/live`);
  await replica.close();
  await closed;
  expect(silent.destroyed).toBe(true);
});

test.each(['freeze', 'kill'] as const)(
  'Redis lost (%s): 503 with retry-after, fast, running streams go on, and nothing is lost when it is back',
  async (how) => {
    const gateway = await start();
    const { secret } = await addKey(gateway);
    const stream = send(gateway.url, secret, {
      body: message('[[pace:100]] [[deltas:12]]', { stream: true }),
    });
    await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);

    // A killed server comes back empty here, so only the frozen one is asked for its books afterwards.
    if (how === 'freeze') gateway.redis.freeze();
    else await gateway.redis.kill();
    const durations: number[] = [];
    for (let request = 0; request < 20; request += 1) {
      const startedAt = performance.now();
      const answer = await send(gateway.url, secret, { body: message('hi') });
      durations.push(performance.now() - startedAt);
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
      expect(errorOf(answer).error.details?.error_code).toBe('redis_unavailable');
    }
    durations.sort((a, b) => a - b);
    expect(durations[18]).toBeLessThan(300);
    const health = await fetch(`${gateway.url}/health`);
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([503, 'unhealthy']);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    const whole = await stream;
    expect(whole.body.toString()).toContain('message_stop');

    if (how === 'freeze') gateway.redis.thaw();
    else {
      await gateway.redis.restart();
      return;
    }
    await expect
      .poll(async () => (await send(gateway.url, secret, { body: message('hi') })).status, { timeout: 5000 })
      .toBe(200);
    const list = await rows(gateway);
    expect(list.filter(({ outcome }) => outcome === 'ok')).toHaveLength(2);
  },
);

test('draining lets a stream finish and refuses new requests', async () => {
  const gateway = await startTestGateway({ env: { DRAIN_TIMEOUT_MS: '5000' } });
  folders.push(gateway.dataDir);
  await addAccount(gateway);
  const { secret } = await addKey(gateway);
  const stream = send(gateway.url, secret, { body: message('[[pace:80]] [[deltas:10]]', { stream: true }) });
  await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);
  const closing = gateway.gateway.close();
  const refused = await send(gateway.url, secret, { body: message('hi') });
  expect([refused.status, errorOf(refused).error.details?.error_code]).toEqual([503, 'shutting_down']);
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);
  expect((await stream).body.toString()).toContain('message_stop');
  await closing;
  expect(readdirSync(join(gateway.dataDir, 'journal'))).toEqual([]);
  await gateway.simulator.close();
  await gateway.redis.stop();
});

test('a stream that outlasts the drain ends with an error event, and is on the books', async () => {
  const gateway = await start({ DRAIN_TIMEOUT_MS: '300' });
  const { secret } = await addKey(gateway);
  const replica = await gateway.replica();
  const stream = send(replica.url, secret, { body: message('[[pace:200]] [[deltas:60]]', { stream: true }) });
  await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await replica.gateway.close();
  expect((await stream).body.toString()).toMatch(/event: error/u);
  expect(await newest(gateway)).toMatchObject({ outcome: 'failed', attempts: [{ outcome: 'failed' }] });
});

test('a process that is killed in the middle of an answer: the next start charges the attempt by estimate, once', async () => {
  const gateway = await start();
  const { secret } = await addKey(gateway);
  const dataDir = mkdtempSync(join(tmpdir(), 'killed gateway '));
  folders.push(dataDir);
  const env = settingsBeside(gateway, dataDir);
  const first = await spawnGateway(env);
  children.push(first.child);
  const answer = send(first.url, secret, { body: message('[[pace:50]] [[deltas:200]]', { stream: true }) });
  await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  first.child.kill('SIGKILL');
  expect((await answer).isWhole).toBe(false);
  expect(await rows(gateway)).toEqual([]);

  const second = await spawnGateway(env);
  children.push(second.child);
  await expect.poll(async () => (await rows(gateway)).length, { timeout: 5000 }).toBe(1);
  const row = await newest(gateway);
  expect(row).toMatchObject({
    outcome: 'crashed',
    usageSource: 'estimated',
    attempts: [{ outcome: 'crashed' }],
  });
  expect(row.costNanoUsd).toBeGreaterThan(0);
  second.child.kill('SIGTERM');
  await new Promise((resolve) => second.child.once('exit', resolve));
  expect(await rows(gateway)).toHaveLength(1);
  expect(readdirSync(join(dataDir, 'journal'))).toEqual([]);
}, 90_000);
