// Owns the processes of an installation with several workers: one port, each worker started again when it dies.
import cluster, { type Worker } from 'node:cluster';
import type { Config } from '../config/index.ts';
import { answerMetrics } from '../platform/cluster-metrics.ts';
import { printError } from './print.ts';
import { STOP_MESSAGE } from './stop-message.ts';

const BACK_OFF_MS = { first: 500, longest: 30_000 };
/** So many deaths in a row before a worker ever listened: it will not get better by itself. */
const HOPELESS_STARTS = 5;
const LAST_WRITES_MS = 7000;

/** Runs until a signal; ends the process itself. */
export function supervise(config: Config): void {
  new Supervisor(config).start();
}

class Supervisor {
  readonly #config: Config;
  readonly #workers = new Set<Worker>();
  #failedStarts = 0;
  #exitCode: number | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  start(): void {
    const { bootstrapNoticeFd, workers } = this.#config;
    const notice = bootstrapNoticeFd === null ? [] : [bootstrapNoticeFd];
    cluster.setupPrimary({ stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...notice] });
    answerMetrics();
    for (let index = 0; index < workers; index += 1) this.#fork();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stop(0));
  }

  #fork(): void {
    if (this.#exitCode !== undefined) return;
    // The channel to the primary takes the place of the descriptor that was given to this process.
    const worker = cluster.fork({ BOOTSTRAP_NOTICE_FD: this.#config.bootstrapNoticeFd === null ? '' : '4' });
    this.#workers.add(worker);
    let hasListened = false;
    worker.on('message', (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('type' in message)) return;
      if (message.type !== 'listening') return;
      hasListened = true;
      this.#failedStarts = 0;
    });
    // Without it a worker that dies while it is spoken to would take the primary along.
    worker.on('error', printError);
    worker.on('exit', (code, signal) => this.#died(worker, signal ?? `code ${code}`, hasListened));
  }

  #died(worker: Worker, how: string, hasListened: boolean): void {
    this.#workers.delete(worker);
    if (this.#exitCode !== undefined) {
      if (this.#workers.size === 0) process.exit(this.#exitCode);
      return;
    }
    if (!hasListened) this.#failedStarts += 1;
    if (this.#failedStarts >= HOPELESS_STARTS) {
      printError(`Workers die while starting (${how}); see above why.`);
      return this.#stop(1);
    }
    const waitMs = Math.min(
      BACK_OFF_MS.first * 2 ** Math.max(0, this.#failedStarts - 1),
      BACK_OFF_MS.longest,
    );
    printError(`Worker ${worker.process.pid} ended (${how}); another one starts in ${waitMs} ms.`);
    setTimeout(() => this.#fork(), waitMs);
  }

  #stop(code: number): void {
    const isSecond = this.#exitCode !== undefined;
    this.#exitCode ??= code;
    if (this.#workers.size === 0) process.exit(this.#exitCode);
    if (isSecond) return this.#kill(130);
    for (const worker of this.#workers) if (worker.isConnected()) worker.send(STOP_MESSAGE);
    setTimeout(() => this.#kill(1), this.#config.drainTimeoutMs + LAST_WRITES_MS).unref();
  }

  #kill(code: number): void {
    for (const worker of this.#workers) worker.process.kill('SIGKILL');
    process.exit(code);
  }
}
