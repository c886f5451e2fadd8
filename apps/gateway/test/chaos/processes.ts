// Owns the processes of a chaos run: gateways that can be killed and started again under their address, and the
// simulator.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CountFilter, FaultRule, LoginRenewal, SimulatorOptions } from '@crs/upstream-simulator';
import { freePort } from '../redis.ts';
import type { Answers, Arrival, Question, Reply } from './simulator-process.ts';

const SOURCES = ['--conditions=development'];
const READY_WITHIN_MS = 60_000;
const START_TRIES = 10;

/** None outlives this process. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export interface SimulatorProcess {
  readonly url: string;
  count(filter?: CountFilter): Promise<number>;
  arrivals(): Promise<readonly Arrival[]>;
  /** Questions with refresh tokens. */
  renewals(): Promise<readonly LoginRenewal[]>;
  /** Ends every access token that a login gave. */
  endTokens(): Promise<void>;
  setFault(rule: FaultRule): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startSimulatorProcess(options: SimulatorOptions = {}): Promise<SimulatorProcess> {
  const program = fileURLToPath(new URL('./simulator-process.ts', import.meta.url));
  const child = fork(program, [JSON.stringify(options)], { execArgv: SOURCES });
  const waiting = new Map<number, (reply: Reply) => void>();
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.on('message', (message: { url: string } | { id: number; reply: Reply }) => {
      if ('url' in message) resolve(message.url);
      else waiting.get(message.id)?.(message.reply);
    });
  });
  let lastId = 0;
  const ask = async <T extends Question['type']>(
    question: Extract<Question, { type: T }>,
  ): Promise<Answers[T]> => {
    const id = (lastId += 1);
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, question });
    });
    waiting.delete(id);
    return reply as Answers[T];
  };
  return {
    url,
    count: (filter = {}) => ask({ type: 'count', filter }),
    arrivals: () => ask({ type: 'arrivals' }),
    renewals: () => ask({ type: 'renewals' }),
    endTokens: async () => void (await ask({ type: 'end-tokens' })),
    setFault: async (rule) => void (await ask({ type: 'set-fault', rule })),
    reset: async () => void (await ask({ type: 'reset' })),
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

export class GatewayProcess {
  readonly name: string;
  readonly url: string;
  readonly dataDir: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #program: string;
  #child: ChildProcess | null = null;
  #readyChild: ChildProcess | null = null;

  constructor(
    name: string,
    options: { port: number; dataDir: string; env: Readonly<Record<string, string>>; program: string },
  ) {
    this.name = name;
    this.url = `http://127.0.0.1:${options.port}`;
    this.dataDir = options.dataDir;
    this.#program = options.program;
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      ...options.env,
      PORT: String(options.port),
      DATA_DIR: options.dataDir,
    };
    mkdirSync(options.dataDir, { recursive: true });
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** It has been ready since its last start, and was not told to end. */
  get isServing(): boolean {
    return this.#child !== null && this.#readyChild === this.#child;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Process ids of its workers. */
  get workers(): number[] {
    if (this.pid === 0) return [];
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8')
      .split(' ')
      .filter((pid) => pid !== '')
      .map(Number);
  }

  /** Resolves when it is ready. Someone else's connection may sit on its port for a moment. */
  async start(): Promise<void> {
    for (let left = START_TRIES; left > 0; left -= 1) {
      if (await this.#tryToStart()) return;
      await sleep(300);
    }
    throw new Error(`${this.name} did not start: ${this.log().slice(-3).join('\n')}`);
  }

  async #tryToStart(): Promise<boolean> {
    const output = openSync(join(this.dataDir, 'output.log'), 'a');
    const args = this.#program.endsWith('.ts') ? [...SOURCES, this.#program] : [this.#program];
    const child = spawn(process.execPath, args, {
      env: this.#env,
      cwd: this.dataDir,
      stdio: ['ignore', output, output],
    });
    this.#child = child;
    children.add(child);
    child.once('exit', () => {
      children.delete(child);
      if (this.#child === child) this.#child = null;
    });
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline && this.#child === child) {
      if (await this.isReady()) {
        this.#readyChild = child;
        return true;
      }
      await sleep(25);
    }
    return false;
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(1000) }).catch(
      () => null,
    );
    return answer?.status === 200;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM; resolves with its exit code. */
  async terminate(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    const ended = once(child, 'exit');
    this.#readyChild = null;
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** What it said, of all its starts. */
  log(): string[] {
    return readFileSync(join(this.dataDir, 'output.log'), 'utf8').split('\n');
  }

  /** Journal files left on disk. */
  journals(): string[] {
    return readdirSync(join(this.dataDir, 'journal'));
  }
}

export async function newGatewayProcess(
  name: string,
  options: { dataDir: string; env: Readonly<Record<string, string>>; program: string },
): Promise<GatewayProcess> {
  return new GatewayProcess(name, { ...options, port: await freePort() });
}
