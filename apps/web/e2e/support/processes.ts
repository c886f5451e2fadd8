// Owns the processes of a test run: started with a deadline, ended to the last one.
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_GRACE_MS = 8000;

export interface Running {
  child: ChildProcess;
  /** What it wrote last, for the message of a failed start. */
  lastOutput: () => string;
  stop: () => Promise<void>;
}

/** Starts a program; its output is kept for failures and shown to nobody. */
export function startProcess(command: string, args: readonly string[], options: SpawnOptions): Running {
  const child = spawn(command, [...args], options);
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  child.on('error', (error) => {
    output += error.message;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    child,
    lastOutput: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Waits until `isReady` answers true; rejects with the program's last words when it ends or takes too long. */
export async function untilReady(
  name: string,
  running: Running,
  isReady: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && running.child.exitCode === null) {
    if (await isReady().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`${name} did not get ready.\n${running.lastOutput()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
