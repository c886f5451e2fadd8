// The Redis that the launcher runs when the operator names none: loopback, a password of its own, append-only.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type Running, watch } from './processes.ts';
import { LaunchError } from './progress.ts';

const READY_TIMEOUT_MS = 60_000;

export interface RedisAddress {
  port: number;
  password: string;
}

export async function chooseRedisAddress(): Promise<RedisAddress> {
  return { port: await freeLoopbackPort(), password: randomBytes(24).toString('hex') };
}

/**
 * Starts Redis on the data directory and waits until it answers (or `signal` aborts). `onStarted` hears of the process before it is ready, so
 * that nobody loses sight of it.
 */
export async function startRedis(
  binary: string,
  dataDir: string,
  logFile: string,
  address: RedisAddress,
  signal: AbortSignal,
  onStarted: (running: Running) => void,
): Promise<Running> {
  const dir = join(dataDir, 'redis');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary, ['-'], { cwd: dir, detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  const running = await watch(child);
  onStarted(running);
  // The settings go through a pipe: on the command line every local user could read the password.
  child.stdin?.end(configuration(dir, address));
  await untilAnswering(running, address, logFile, signal);
  return running;
}

function configuration(dir: string, { port, password }: RedisAddress): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    `dir "${dir.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    '',
  ].join('\n');
}

async function untilAnswering(
  running: Running,
  address: RedisAddress,
  logFile: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!hasEnded(running) && Date.now() < deadline) {
    if (signal.aborted || (await answersPing(address))) return;
    await sleep(50);
  }
  throw new LaunchError(
    `Redis did not start (log: ${logFile}):\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')}`,
  );
}

/** False while the port is closed or Redis still loads its data. */
function answersPing({ port, password }: RedisAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('+PONG')) finish(true);
      else if (answer.includes('-')) finish(false);
    });
  });
}

function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('No free loopback port.'));
      });
    });
  });
}
