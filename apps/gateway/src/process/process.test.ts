// What whoever starts the gateway relies on: signals, exit codes, workers.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('./fixtures/worker.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string | null>;
}

let dir: string;
const started: Started[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'crs-process-'));
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(dir, { recursive: true });
});

async function start(env: Record<string, string> = {}, expected = 1): Promise<Started> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const child = spawn(process.execPath, ['--conditions=development', fixture], {
    cwd: dir,
    env: { PATH: process.env['PATH'], PORT: String(port), DRAIN_TIMEOUT_MS: '3000', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const run = { child, port, output: () => output, ended };
  started.push(run);
  await expect.poll(() => listening(run).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(expected);
  return run;
}

function listening({ output }: Started): string[] {
  return [...output().matchAll(/listening (\d+)/g)].map(([, pid = '']) => pid);
}

async function get({ port }: Started, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  return response.text();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('no port');
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets a running request finish and exits 0', async (signal) => {
  const run = await start();
  const slow = get(run, '/slow');
  await new Promise((resolve) => setTimeout(resolve, 100));
  run.child.kill(signal);
  expect(await slow).toMatch(/^\d+$/);
  expect(await run.ended).toBe(0);
});

test('a second signal ends it at once', async () => {
  const run = await start();
  const slow = get(run, '/slow').catch(() => 'cut');
  await new Promise((resolve) => setTimeout(resolve, 100));
  run.child.kill('SIGTERM');
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(await slow).toBe('cut');
});

test('an error nobody caught is logged, and the process ends in order with exit 1', async () => {
  const run = await start();
  await get(run, '/crash');
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('fatal: unhandled rejection');
  expect(run.output()).toContain('crashed on demand');
  expect(run.output()).toContain('closed');
});

test('an end that fails is exit 1', async () => {
  const run = await start();
  await get(run, '/fail-close');
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('close failed');
});

test('a taken port is one clear line and exit 1', async () => {
  const first = await start();
  const second = await start({ PORT: String(first.port) }, 0);
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(
    new RegExp(`^Port ${first.port} is taken. Choose another: PORT=${first.port + 1}\\nclosed \\d+\\n$`),
  );
});

test('workers share the port, one that is killed is replaced, their figures are one, and all end together', async () => {
  const run = await start({ WORKERS: '2' }, 2);
  const pids = new Set(await Promise.all(Array.from({ length: 8 }, () => get(run, '/'))));
  expect(pids).toEqual(new Set(listening(run)));
  expect(await get(run, '/metrics')).toContain('crs_cost_usd_total 8');
  await get(run, '/kill').catch(() => 'cut');
  await expect.poll(() => listening(run).length, { timeout: 15_000 }).toBe(3);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  expect([...run.output().matchAll(/closed \d+/g)]).toHaveLength(2);
});

test('a signal to the whole group does not count twice for the workers', async () => {
  const run = await start({ WORKERS: '2' }, 2);
  const slow = get(run, '/slow');
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const pid of listening(run)) process.kill(Number(pid), 'SIGINT');
  run.child.kill('SIGINT');
  expect(await slow).toMatch(/^\d+$/);
  expect(await run.ended).toBe(0);
});

test('workers end when their primary was killed', async () => {
  const run = await start({ WORKERS: '2' }, 2);
  const pids = listening(run).map(Number);
  run.child.kill('SIGKILL');
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);
});

test('workers that cannot start are not tried for ever', async () => {
  const run = await start({ WORKERS: '3', FAIL_START: '1' }, 0);
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('cannot start');
  expect(run.output()).toContain('Workers die while starting (code 1)');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
