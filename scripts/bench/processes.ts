// Starts what a benchmark consists of, each as a process of its own, and reads what they used.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Cumulative, but for the stall: that is the longest since the last reading. */
export interface Reading {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly stallMs: number;
}

export interface Target {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly key: string;
  /** What a whole stream of it holds. */
  readonly streamEnd: string;
  read(): Promise<Reading>;
}

export class Processes {
  readonly #children: ChildProcess[] = [];

  /** A script that tells its port once it listens. */
  async fork(file: URL, args: readonly string[] = []): Promise<{ child: ChildProcess; port: number }> {
    const child = fork(file, args, { execArgv: ['--conditions=development', '--max-semi-space-size=16'] });
    this.#children.push(child);
    const [message] = (await once(child, 'message')) as [{ port: number }];
    return { child, port: message.port };
  }

  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv, output: number): ChildProcess {
    const child = spawn(command, args, { env, stdio: ['ignore', output, output] });
    this.#children.push(child);
    return child;
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await Promise.race([gone, sleep(5000)]);
        child.kill('SIGKILL');
      }),
    );
  }
}

export async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer] = (await answered) as [Answer];
  return answer;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What the gateway says of itself. */
export async function readMetrics(url: string): Promise<Reading> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    residentBytes: value('process_resident_memory_bytes'),
    stallMs: value('nodejs_eventloop_lag_max_seconds') * 1000,
  };
}

/** What Redis has used so far: CPU seconds, commands (those of scripts too), and script calls. */
export async function readRedis(
  port: number,
): Promise<{ cpuSeconds: number; commands: number; scripts: number }> {
  const cpu = await redisInfo(port, 'cpu');
  const stats = await redisInfo(port, 'commandstats');
  const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(cpu)?.[1] ?? 0);
  const calls = [...stats.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)];
  return {
    cpuSeconds: seconds('used_cpu_user') + seconds('used_cpu_sys'),
    commands: calls.reduce((sum, [, , count]) => sum + Number(count), 0),
    scripts: Number(calls.find(([, name]) => name === 'evalsha')?.[2] ?? 0),
  };
}

function redisInfo(port: number, section: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.end(`INFO ${section}\r\n`));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
