import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLineOf } from './processes.ts';

const root = resolve(import.meta.dirname, '../..');
const launcher = join(root, 'scripts/launcher/launch.ts');

interface Started {
  child: ChildProcess;
  output: () => string;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

/** On a busy machine. */
const DEMO_START_MS = 60_000;

let dataDir = '';
let port = 0;
let started: Started[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'relay launcher '));
  port = await freePort();
  started = [];
});

afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test('the first start prints address and password, a later one keeps the data and prints no password', async () => {
  const first = start();
  await untilReady(first);
  expect(first.output()).toContain(`http://127.0.0.1:${port}/web/`);
  const password = /Password\s+(\S+)/u.exec(first.output())?.[1] ?? '';
  expect(password).not.toBe('');
  expect(await signIn(password)).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = start();
  await untilReady(second);
  expect(second.output()).not.toContain('Password');
  expect(await signIn(password)).toBe(200);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it with exit 0 and nothing left running',
  async (signal) => {
    const run = start();
    await untilReady(run);
    const children = childrenOf(dataDir);
    expect(children).toHaveLength(2);
    run.child.kill(signal);
    expect(await run.ended).toBe(0);
    expect(children.map(commandLineOf)).toEqual(['', '']);
  },
);

test('SIGTERM to npm stops everything as well', async () => {
  const run = start('npm', ['start', '--', '--no-build']);
  await untilReady(run);
  const children = childrenOf(dataDir);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  expect(children.map(commandLineOf)).toEqual(['', '']);
});

test('a launcher that is killed leaves neither gateway nor Redis behind', async () => {
  const run = start();
  await untilReady(run);
  const children = childrenOf(dataDir);
  run.child.kill('SIGKILL');
  await run.ended;
  await expect.poll(() => children.map(commandLineOf).join(''), { timeout: 10_000, interval: 100 }).toBe('');
});

test('a gateway that dies ends the start with exit 1, its last lines and Redis stopped', async () => {
  const run = start();
  await untilReady(run);
  const [gateway = 0, redis = 0] = childrenOf(dataDir);
  process.kill(gateway, 'SIGKILL');
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('The gateway ended by itself (SIGKILL)');
  expect(commandLineOf(redis)).toBe('');
});

test('Redis that dies is started again on its data', async () => {
  const run = start();
  await untilReady(run);
  const [, redis = 0] = childrenOf(dataDir);
  process.kill(redis, 'SIGKILL');
  await expect
    .poll(() => childrenOf(dataDir).filter((pid) => pid !== redis), { timeout: 10_000, interval: 100 })
    .toHaveLength(2);
  expect(run.output()).toContain('Redis ended by itself (SIGKILL)');
  expect(run.child.exitCode).toBeNull();
});

test('the command line reaches the Redis of a running start, and none is left behind', async () => {
  const run = start();
  await untilReady(run);
  const { output } = await crsIn(dataDir, 'admin', 'reset-password', '--json');
  const { password } = JSON.parse(output) as { password: string };
  expect(await signIn(password)).toBe(200);
  run.child.kill('SIGTERM');
  await run.ended;
  expect(existsSync(join(dataDir, 'redis.json'))).toBe(false);
});

test('a taken port is named with the way out, and nothing is started', async () => {
  const other = await occupy(port);
  const run = start();
  expect(await run.ended).toBe(1);
  expect(run.output().trim()).toBe(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`);
  await new Promise((resolveClosed) => {
    other.close(resolveClosed);
  });
});

test('a second start on the same data directory is refused while the first one runs', async () => {
  const first = start();
  await untilReady(first);
  port = await freePort();
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`Already running on ${dataDir} (process ${first.child.pid ?? 0}`);
  expect(childrenOf(dataDir)).toHaveLength(2);
});

test('the demo says that it is made up, and has two months of history that the ledger agrees with', async () => {
  const run = start(process.execPath, [launcher, '--no-build', '--demo']);
  await untilReady(run, DEMO_START_MS);
  expect(run.output().split('\n')[0]).toContain('made up');
  const demoDir = /Data\s+(\S+)/u.exec(run.output())?.[1] ?? '';
  expect(demoDir).not.toBe(dataDir);
  // Its traffic goes on meanwhile: what is right may look wrong for a moment.
  let found = '';
  await expect
    .poll(async () => (found = (await crsIn(demoDir, 'ledger', 'verify')).output), {
      timeout: 60_000,
      interval: 500,
    })
    .toContain('Everything agrees with the ledger');
  expect(Number(/(\d+) requests/u.exec(found)?.[1])).toBeGreaterThan(15_000);
  run.child.kill('SIGTERM');
  await run.ended;
  expect(existsSync(demoDir)).toBe(false);
}, 150_000);

test('an unknown option is refused with the usage text', async () => {
  const run = start(process.execPath, [launcher, '--dmeo']);
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('Unknown option: --dmeo');
  expect(run.output()).toContain('Usage: npm start');
});

function start(command = process.execPath, args: readonly string[] = [launcher, '--no-build']): Started {
  const { PATH = '', HOME = '', RELAY_TEST_RUN = '' } = process.env;
  const child = spawn(command, [...args], {
    cwd: root,
    env: { PATH, HOME, RELAY_TEST_RUN, PORT: String(port), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolveEnded) => {
    child.once('close', resolveEnded);
  });
  const run = { child, output: () => output, ended };
  started.push(run);
  return run;
}

async function crsIn(dir: string, ...args: string[]): Promise<{ output: string }> {
  const crs = spawn(process.execPath, [join(root, 'apps/gateway/dist/cli/main.js'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  crs.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await new Promise((resolveClosed) => crs.once('close', resolveClosed));
  return { output };
}

async function untilReady(run: Started, longestMs = 20_000): Promise<void> {
  for (let waitedMs = 0; waitedMs < longestMs; waitedMs += 50) {
    if (/Stop\s+Ctrl-C/u.test(run.output())) return;
    if (run.child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`Not ready:\n${run.output()}`);
}

/** Newest first: gateway, Redis. */
function childrenOf(dir: string): number[] {
  const record: unknown = JSON.parse(readFileSync(join(dir, 'launcher.json'), 'utf8'));
  if (typeof record !== 'object' || record === null || !('children' in record)) return [];
  return (record.children as { pid: number }[]).map(({ pid }) => pid);
}

async function signIn(password: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/auth/admin/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  await response.body?.cancel();
  return response.status;
}

function occupy(taken: number): Promise<Server> {
  return new Promise((resolveListening) => {
    const server = createServer().listen(taken, '127.0.0.1', () => resolveListening(server));
  });
}

async function freePort(): Promise<number> {
  const server = await occupy(0);
  const address = server.address();
  await new Promise((resolveClosed) => {
    server.close(resolveClosed);
  });
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
