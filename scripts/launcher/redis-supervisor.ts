// Keeps the launcher's own Redis running: one that dies is started again on the same port, so that the gateway, which
// answers 503 meanwhile, finds it again. Redis that keeps dying ends the start.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './processes.ts';
import { LaunchError, say } from './progress.ts';
import { chooseRedisAddress, type RedisAddress, startRedis } from './redis-server.ts';
import type { Environment, LaunchSettings } from './settings.ts';
import type { Stack } from './stack.ts';

const STOP_GRACE_MS = 10_000;
const RESTART_DELAY_MS = 1000;
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

export class RedisSupervisor {
  readonly #binary: string;
  readonly #settings: LaunchSettings;
  readonly #address: RedisAddress;
  readonly #stack: Stack;
  readonly #signal: AbortSignal;
  readonly #giveUp: (reason: string) => void;
  #restarts: number[] = [];
  /** Rejects when Redis cannot be kept running. */
  readonly failed: Promise<never>;

  private constructor(
    binary: string,
    settings: LaunchSettings,
    address: RedisAddress,
    stack: Stack,
    signal: AbortSignal,
  ) {
    this.#binary = binary;
    this.#settings = settings;
    this.#address = address;
    this.#stack = stack;
    this.#signal = signal;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.failed = promise;
    this.#giveUp = (reason) => reject(new LaunchError(reason));
  }

  /** Resolves when Redis answers. */
  static async start(
    binary: string,
    settings: LaunchSettings,
    stack: Stack,
    signal: AbortSignal,
  ): Promise<RedisSupervisor> {
    const supervisor = new RedisSupervisor(binary, settings, await chooseRedisAddress(), stack, signal);
    await supervisor.#run();
    supervisor.#leaveAddress();
    return supervisor;
  }

  get environment(): Environment {
    return {
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(this.#address.port),
      REDIS_PASSWORD: this.#address.password,
    };
  }

  /** For `pnpm crs`, which has no other way to learn port and password. Gone with the start. */
  #leaveAddress(): void {
    const file = join(this.#settings.dataDir, 'redis.json');
    writeFileSync(file, JSON.stringify(this.#address), { mode: 0o600 });
    this.#signal.addEventListener('abort', () => rmSync(file, { force: true }));
  }

  async #run(): Promise<void> {
    const log = join(this.#settings.logDir, 'redis.log');
    const running = await startRedis(
      this.#binary,
      this.#settings.dataDir,
      log,
      this.#address,
      this.#signal,
      (started) => this.#stack.add('redis', started, STOP_GRACE_MS, 'redis-server'),
    );
    void this.#watchOver(running);
  }

  async #watchOver(running: Running): Promise<void> {
    const { code, signal } = await running.ended;
    if (this.#signal.aborted) return;
    this.#stack.remove(running);
    await this.#restart(`Redis ended by itself (${signal ?? `code ${String(code)}`})`);
  }

  async #restart(reason: string): Promise<void> {
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < RESTART_WINDOW_MS), now];
    if (this.#restarts.length > MAX_RESTARTS) {
      this.#giveUp(`${reason} ${this.#restarts.length} times within a minute.`);
      return;
    }
    say(`${reason}; starting it again`);
    await sleep(RESTART_DELAY_MS);
    if (this.#signal.aborted) return;
    try {
      await this.#run();
    } catch (error) {
      this.#giveUp(error instanceof Error ? error.message : String(error));
    }
  }
}
