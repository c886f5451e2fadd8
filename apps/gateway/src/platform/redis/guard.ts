// Owns how long anybody waits for Redis. Each command has a deadline; the first one that misses it opens the breaker,
// and from then on commands are refused at once, until a probe is answered again.
import type { Command } from 'ioredis';
import { asRedisError, RedisUnavailable } from './unavailable.ts';

const TICK_MS = 25;
const CLOSED = 'the connection was closed';

export interface GuardOptions {
  readonly commandTimeoutMs: number;
  /** Until the first connection stands, commands may wait this long: a start is not an outage. */
  readonly firstConnectTimeoutMs: number;
  /** Refuse at once while Redis is known to be lost. */
  readonly failFast: boolean;
}

export class Guard {
  readonly #options: GuardOptions;
  /** Open commands and when they were given, oldest first. */
  readonly #open = new Map<Command, number>();
  readonly #onOpen: () => void;
  #timer: NodeJS.Timeout | undefined;
  #connectedOnce = false;
  #isOpen = false;
  #isStopped = false;

  /** `onOpen` starts the probing that ends in `close`. */
  constructor(options: GuardOptions, onOpen: () => void) {
    this.#options = options;
    this.#onOpen = onOpen;
  }

  /** True while Redis is known to be lost. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  connected(): void {
    this.#connectedOnce = true;
  }

  /** Redis is lost: refuse from now on. */
  open(): void {
    if (this.#isOpen || this.#isStopped) return;
    this.#isOpen = true;
    this.#onOpen();
  }

  /** Redis answers again. */
  close(): void {
    this.#isOpen = false;
  }

  /** Commands are refused now, for Redis is known to be lost. */
  get isRefusing(): boolean {
    return this.#isOpen && this.#options.failFast;
  }

  /**
   * False: do not send the command. One that is sent again after a reconnect keeps its deadline. `isRefused` where it was
   * judged before, together with others.
   */
  admit(command: Command, isRefused = this.isRefusing && command.name !== 'ping'): boolean {
    // Whoever gave it has his answer: it must not run behind his back.
    if (command.isSettled) return false;
    if (this.#open.has(command)) return true;
    if (this.#isStopped) {
      command.reject(new RedisUnavailable(CLOSED));
      return false;
    }
    if (isRefused) {
      command.reject(new RedisUnavailable('it did not answer lately'));
      return false;
    }
    this.#watch(command);
    return true;
  }

  /** For good: whatever waits or comes is refused. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const command of this.#open.keys()) command.reject(new RedisUnavailable(CLOSED));
    this.#open.clear();
  }

  #watch(command: Command): void {
    const { resolve, reject } = command;
    this.#open.set(command, performance.now());
    command.resolve = (reply) => {
      this.#open.delete(command);
      resolve(reply);
    };
    command.reject = (error) => {
      this.#open.delete(command);
      reject(asRedisError(error));
    };
    this.#timer ??= setTimeout(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    this.#timer = undefined;
    if (this.#hasOverdue()) {
      // A process that was itself too busy to read finds the answers in the next turn of the loop: read before judging.
      setImmediate(() => this.#expire());
    }
    if (this.#open.size > 0) this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }

  #deadlineMs(): number {
    const { commandTimeoutMs, firstConnectTimeoutMs } = this.#options;
    return performance.now() - (this.#connectedOnce ? commandTimeoutMs : firstConnectTimeoutMs);
  }

  #hasOverdue(): boolean {
    for (const since of this.#open.values()) return since <= this.#deadlineMs();
    return false;
  }

  #expire(): void {
    const deadlineMs = this.#deadlineMs();
    for (const [command, since] of this.#open) {
      if (since > deadlineMs) return;
      this.open();
      command.reject(new RedisUnavailable(`no answer within ${Math.round(performance.now() - since)} ms`));
    }
  }
}
