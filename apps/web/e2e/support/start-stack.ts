// Owns what the browser tests run against: a Redis of their own, the upstream simulator, and the built gateway with the
// built console, all on free ports and throw-away data. What tests need to know of it is in the environment.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { freePort, type Running, startProcess, untilReady } from './processes.ts';
import { publish, type Stack } from './stack.ts';

const root = join(import.meta.dirname, '../../../..');

export default async function startStack(): Promise<() => Promise<void>> {
  const { stack, stop } = await startAnother();
  publish(stack);
  return stop;
}

/** A stack of its own, for a test that breaks it; whoever starts it stops it. */
export async function startAnother(
  environment: Record<string, string> = {},
): Promise<{ stack: Stack; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-browser-'));
  const running: Running[] = [];
  const stop = async () => {
    // The gateway first: it wants to write its last rows.
    for (const process of running.toReversed()) await process.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const [redis, simulatorUrl] = await Promise.all([startRedis(folder, running), startSimulator(running)]);
    const gateway = await startGateway(folder, { redis, simulatorUrl }, running, environment);
    return { stack: { ...gateway, simulatorUrl, redisPid: redis.pid }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface RedisAddress {
  port: number;
  pid: number;
  password: string;
}

async function startRedis(folder: string, running: Running[]): Promise<RedisAddress> {
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password];
  const redis = startProcess('redis-server', [...args, '--save', '', '--appendonly', 'no'], { cwd: folder });
  running.push(redis);
  await untilReady('redis-server', redis, () => isListening(port));
  const { pid } = redis.child;
  if (pid === undefined) throw new Error('redis-server has no process');
  return { port, password, pid };
}

async function startSimulator(running: Running[]): Promise<string> {
  const entry = join(root, 'packages/upstream-simulator/dist/main.js');
  const simulator = startProcess(process.execPath, [entry, '--port', '0'], {});
  running.push(simulator);
  const { stdout } = simulator.child;
  if (stdout === null) throw new Error('the simulator has no output');
  const line = await firstLine(stdout, simulator);
  const value: unknown = JSON.parse(line);
  if (typeof value === 'object' && value !== null && 'url' in value) return String(value.url);
  throw new Error(`The simulator did not say where it listens: ${line}`);
}

/** The simulator in the place of every vendor, their sign-in pages too. */
function vendorsAt(folder: string, base: string): string {
  const path = join(folder, 'endpoints.json');
  const endpoints = {
    claude: { api: base, authorize: `${base}/cai/oauth/authorize`, token: `${base}/v1/oauth/token` },
    gemini: {
      api: base,
      codeAssist: base,
      authorize: `${base}/o/oauth2/v2/auth`,
      token: `${base}/token`,
    },
    openai: { api: base },
    codex: {
      api: `${base}/backend-api/codex`,
      authorize: `${base}/oauth/authorize`,
      token: `${base}/oauth/token`,
    },
    bedrock: { runtime: base },
  };
  writeFileSync(path, JSON.stringify(endpoints));
  return path;
}

async function startGateway(
  folder: string,
  { redis, simulatorUrl }: { redis: RedisAddress; simulatorUrl: string },
  running: Running[],
  environment: Record<string, string>,
): Promise<{ baseUrl: string; adminUsername: string; adminPassword: string }> {
  const port = await freePort();
  const gateway = startProcess(process.execPath, [join(root, 'apps/gateway/dist/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      // Whoever looks for processes that a run left behind knows them by this.
      RELAY_TEST_RUN: process.env['RELAY_TEST_RUN'],
      NODE_ENV: 'production',
      PORT: String(port),
      BIND_HOST: '127.0.0.1',
      DATA_DIR: join(folder, 'data'),
      TIMEZONE: 'Asia/Shanghai',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(redis.port),
      REDIS_PASSWORD: redis.password,
      WEB_ROOT: join(root, 'apps/web/out'),
      ALLOW_PRIVATE_UPSTREAMS: 'true',
      UPSTREAM_ENDPOINTS: vendorsAt(folder, simulatorUrl),
      GEMINI_OAUTH_CLIENT_SECRET: 'secret-of-the-browser-tests',
      // Browsers leave Redis little of a small machine.
      REDIS_COMMAND_TIMEOUT_MS: '5000',
      DRAIN_TIMEOUT_MS: '2000',
      BOOTSTRAP_NOTICE_FD: '3',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  running.push(gateway);
  const baseUrl = `http://127.0.0.1:${port}`;
  const pipe = gateway.child.stdio[3];
  if (!(pipe instanceof Readable)) throw new Error('the gateway has no pipe for its notice');
  const notice = firstLine(pipe, gateway);
  await untilReady('The gateway', gateway, async () => (await fetch(`${baseUrl}/health/ready`)).ok);
  return { baseUrl, ...readNotice(await notice) };
}

function readNotice(line: string): { adminUsername: string; adminPassword: string } {
  const value: unknown = JSON.parse(line);
  if (
    typeof value === 'object' &&
    value !== null &&
    'adminUsername' in value &&
    typeof value.adminUsername === 'string' &&
    'adminPassword' in value &&
    typeof value.adminPassword === 'string'
  ) {
    return { adminUsername: value.adminUsername, adminPassword: value.adminPassword };
  }
  throw new Error('The gateway told no first password.');
}

function firstLine(stream: Readable, running: Running): Promise<string> {
  const lines = createInterface({ input: stream });
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error(`It ended without a word.\n${running.lastOutput()}`)));
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
