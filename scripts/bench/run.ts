// `pnpm bench`: the gateway beside a bare proxy of the same parts, in the same run, on an upstream that costs nothing.
// Absolute figures are those of the machine and of whatever else it does; the ratios are what counts.
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedisServer } from '../launcher/redis-binary.ts';
import { ask, freePort, Processes, type Reading, readMetrics, readRedis, type Target } from './processes.ts';
import {
  conversions,
  type LoadOrder,
  type LoadResult,
  openStreams,
  type Scenario,
  scenarios,
} from './scenarios.ts';

const ROOT = join(import.meta.dirname, '../..');
const UPSTREAM_KEY = 'sk-ant-bench';
const PASSWORD = 'a-password-for-the-bench';
const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 2 : 5;
const seconds = isQuick ? 0.8 : 2;
const warmSeconds = isQuick ? 1.2 : 8;

interface Turn extends LoadResult {
  readonly cpuMicros: number;
  readonly stallMs: number;
  readonly redisMicros: number;
  readonly redisCommands: number;
  readonly redisScripts: number;
}

const processes = new Processes();
const dir = mkdtempSync(join(tmpdir(), 'crs-bench-'));
try {
  await bench();
} finally {
  await processes.stop();
  rmSync(dir, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const here = (name: string): URL => new URL(name, import.meta.url);
  const upstream = await processes.fork(here('upstream.ts'));
  const upstreamUrl = `http://127.0.0.1:${upstream.port}`;
  const loader = await processes.fork(here('load.ts'));
  const redisPort = await freePort();
  const redis = await findRedisServer(ROOT, process.env['PATH'] ?? '', new AbortController().signal);
  const log = openSync(join(dir, 'output.log'), 'a');
  const noSaving = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
  processes.start(redis, ['--port', String(redisPort), '--dir', dir, ...noSaving], process.env, log);

  const anchorProcess = await processes.fork(new URL('../../apps/gateway/bench/anchor.ts', import.meta.url), [
    upstreamUrl,
    UPSTREAM_KEY,
  ]);
  const anchor: Target = {
    name: 'anchor',
    port: anchorProcess.port,
    path: '/v1/messages',
    key: 'none',
    streamEnd: 'message_stop',
    read: () => ask<Reading>(anchorProcess.child, {}),
  };
  const gateway = await startGateway(redisPort, upstreamUrl, log);
  const load = (order: LoadOrder): Promise<LoadResult> => ask<LoadResult>(loader.child, order);
  const targets = [anchor, gateway];

  const idle = await gateway.read();
  console.log(`gateway idle: ${megabytes(idle.residentBytes)} MB resident\n`);
  // First, while neither has grown: what a process once had it keeps.
  await weighStreams(targets, load);
  console.log(
    '| load | CPU/request, x anchor (goal) | us: anchor, gateway | requests/s, x anchor | added p50, p99 ms | Redis us, commands, scripts a request | longest stall ms: anchor, gateway | bad |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const scenario of scenarios) {
    const turns = await takeTurns(targets, scenario, load, redisPort);
    const cells = cellsOf(scenario, turns.get(anchor) ?? [], turns.get(gateway) ?? []);
    console.log(`| ${[scenario.name, ...cells].join(' | ')} |`);
  }
  await compareConversion(gateway, load, redisPort);
  const after = await gateway.read();
  console.log(`\ngateway after all of it: ${megabytes(after.residentBytes)} MB resident`);
}

/** What it costs that a client speaks another dialect than the account: the gateway beside itself. */
async function compareConversion(
  native: Target,
  load: (order: LoadOrder) => Promise<LoadResult>,
  redisPort: number,
): Promise<void> {
  const converted: Target = {
    ...native,
    name: 'converted',
    path: '/api/v1/chat/completions',
    streamEnd: '[DONE]',
  };
  console.log(
    '\n| Chat Completions on a Claude account, beside Messages on it | CPU/request, x native (goal) | us: native, converted | added p50, p99 ms | bad |',
  );
  console.log('|---|---|---|---|---|');
  for (const scenario of conversions) {
    const turns = await takeTurns([native, converted], scenario, load, redisPort);
    const [cpu, micros, , added, , , bad] = cellsOf(
      scenario,
      turns.get(native) ?? [],
      turns.get(converted) ?? [],
    );
    console.log(`| ${[scenario.name, cpu, micros, added, bad].join(' | ')} |`);
  }
}

/** After a warm-up, the order turned each round: what a neighbour takes, it takes from both. */
async function takeTurns(
  targets: readonly Target[],
  scenario: Scenario,
  load: (order: LoadOrder) => Promise<LoadResult>,
  redisPort: number,
): Promise<Map<Target, Turn[]>> {
  for (const target of targets) await load(orderOf(target, scenario, warmSeconds / 2));
  const turns = new Map<Target, Turn[]>(targets.map((target) => [target, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? targets : targets.toReversed();
    for (const target of order) turns.get(target)?.push(await turn(target, scenario, load, redisPort));
  }
  return turns;
}

async function startGateway(redisPort: number, upstreamUrl: string, log: number): Promise<Target> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  processes.start(
    process.execPath,
    ['--max-semi-space-size=16', join(ROOT, 'apps/gateway/dist/main.js')],
    {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      DATA_DIR: join(dir, 'data'),
      LOG_DIR: join(dir, 'logs'),
      ADMIN_PASSWORD: PASSWORD,
      ALLOW_PRIVATE_UPSTREAMS: 'true',
    },
    log,
  );
  await untilReady(url);
  const { token } = await post<{ token: string }>(`${url}/api/v2/auth/admin/login`, null, {
    username: 'admin',
    password: PASSWORD,
  });
  await post(`${url}/api/v2/accounts/claude-console`, token, {
    name: 'bench',
    settings: { baseUrl: upstreamUrl },
    credential: { apiKey: UPSTREAM_KEY },
  });
  // Everything on: four limits that no run reaches.
  const { secret } = await post<{ secret: string }>(`${url}/api/v2/keys`, token, {
    name: 'bench',
    concurrency: 5000,
    windows: [
      { every: 'minute', requests: 100_000_000 },
      { every: 'hour', tokens: 1_000_000_000_000 },
    ],
    budgets: [{ every: 'month', usd: 1_000_000 }],
  });
  return {
    name: 'gateway',
    port,
    path: '/api/v1/messages',
    key: secret,
    streamEnd: 'message_stop',
    read: () => readMetrics(url),
  };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      if ((await fetch(`${url}/health/ready`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  throw new Error('the gateway was not ready within 30 s; is it built (pnpm build)?');
}

async function post<Answer>(url: string, token: string | null, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}

function orderOf(target: Target, scenario: Scenario, duration: number): LoadOrder {
  const { port, path, key } = target;
  const { connections, bodyBytes, stream, gapMs } = scenario;
  const { streamEnd } = target;
  return { port, path, key, connections, bodyBytes, stream, gapMs, streamEnd, seconds: duration };
}

async function turn(
  target: Target,
  scenario: Scenario,
  load: (order: LoadOrder) => Promise<LoadResult>,
  redisPort: number,
): Promise<Turn> {
  const before = { target: await target.read(), redis: await readRedis(redisPort) };
  const result = await load(orderOf(target, scenario, seconds));
  // The last rows are delivered a moment later, and they are part of the cost.
  await sleep(150);
  const after = { target: await target.read(), redis: await readRedis(redisPort) };
  const perRequest = (total: number): number => total / Math.max(1, result.ok);
  return {
    ...result,
    cpuMicros: perRequest((after.target.cpuSeconds - before.target.cpuSeconds) * 1e6),
    stallMs: after.target.stallMs,
    redisMicros: perRequest((after.redis.cpuSeconds - before.redis.cpuSeconds) * 1e6),
    redisCommands: perRequest(after.redis.commands - before.redis.commands),
    redisScripts: perRequest(after.redis.scripts - before.redis.scripts),
  };
}

/** CPU ratio, CPU, requests a second, added latency, Redis, stalls, bad answers. */
function cellsOf(scenario: Scenario, anchor: readonly Turn[], gateway: readonly Turn[]): string[] {
  const of = (turns: readonly Turn[], read: (turn: Turn) => number): number => median(turns.map(read));
  const ratio = (read: (turn: Turn) => number): number =>
    median(gateway.map((one, round) => read(one) / read(anchor[round] ?? one)));
  const bad = [...anchor, ...gateway].reduce((sum, one) => sum + one.bad, 0);
  const added = (read: (turn: Turn) => number): string => (of(gateway, read) - of(anchor, read)).toFixed(2);
  return [
    `${ratio((one) => one.cpuMicros).toFixed(2)}${scenario.goal === null ? '' : ` (${scenario.goal})`}`,
    `${of(anchor, (one) => one.cpuMicros).toFixed(0)}, ${of(gateway, (one) => one.cpuMicros).toFixed(0)}`,
    ratio((one) => one.perSecond).toFixed(2),
    `${added((one) => one.p50Ms)}, ${added((one) => one.p99Ms)}`,
    `${of(gateway, (one) => one.redisMicros).toFixed(0)}, ${of(gateway, (one) => one.redisCommands).toFixed(1)}, ${of(gateway, (one) => one.redisScripts).toFixed(2)}`,
    `${of(anchor, (one) => one.stallMs).toFixed(0)}, ${of(gateway, (one) => one.stallMs).toFixed(0)}`,
    String(bad),
  ];
}

/** Memory of streams that are open at the same time: resident size with them less without. */
async function weighStreams(
  targets: readonly Target[],
  load: (order: LoadOrder) => Promise<LoadResult>,
): Promise<void> {
  const { connections, bodyBytes, gapMs } = openStreams;
  for (const target of targets) {
    const { port, path, key, streamEnd } = target;
    await load({
      port,
      path,
      key,
      streamEnd,
      connections: 20,
      bodyBytes,
      gapMs: 1,
      stream: true,
      seconds: 0.1,
    });
    const before = await target.read();
    const running = load({
      port,
      path,
      key,
      streamEnd,
      connections,
      bodyBytes,
      gapMs,
      stream: true,
      seconds: 0.1,
    });
    await sleep(1500);
    const held = await target.read();
    const { bad } = await running;
    const kilobytes = Math.max(0, held.residentBytes - before.residentBytes) / connections / 1000;
    console.log(
      `${target.name}: ${kilobytes.toFixed(0)} kB resident for each of ${connections} open streams, ${bad} bad\n`,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
