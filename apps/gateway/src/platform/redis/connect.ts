// Owns one connection to Redis: plain, by URL, over TLS, or through Sentinels, and what becomes of commands when the
// server is lost, frozen or failing over.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Redis, type RedisOptions } from 'ioredis';
import { Guard, type GuardOptions } from './guard.ts';

export interface RedisConfig {
  readonly server:
    | { readonly type: 'single'; readonly host: string; readonly port: number }
    | {
        readonly type: 'sentinel';
        readonly sentinels: readonly { readonly host: string; readonly port: number }[];
        readonly masterName: string;
        readonly sentinelPassword: string | null;
      };
  readonly username: string | null;
  readonly password: string | null;
  readonly db: number;
  readonly tls: boolean;
  readonly keyPrefix: string;
  /** How long a request waits for Redis before it is taken for lost; 240 ms unless given. */
  readonly commandTimeoutMs?: number;
}

export interface ConnectOptions {
  /** Shown by CLIENT LIST. */
  readonly name?: string;
  readonly commandTimeoutMs?: number;
  readonly failFast?: boolean;
  /** Connection errors; the caller sees failed commands anyway. */
  onError?(error: Error): void;
}

type DriverOptions = Omit<RedisOptions, 'replyMapping'>;

const REQUEST_COMMAND_TIMEOUT_MS = 240;
const FIRST_CONNECT_TIMEOUT_MS = 5000;
const PROBE_MS = 100;
/** After so long without an answer the socket may be dead: dial anew, by way of the Sentinels where there are some. */
const REDIAL_MS = 2000;
const LAST_ANSWERS_MS = 1000;

/** What the driver says by itself to set up a connection, and to end it: it passes whatever the state. */
const SET_UP = new Set(['hello', 'auth', 'select', 'client', 'info', 'readonly', 'subscribe', 'quit']);

/** For the request path unless the options say otherwise: fails within a quarter of a second, then at once. */
export function connectRedis(config: RedisConfig, options: ConnectOptions = {}): GuardedRedis {
  const redis = new GuardedRedis(driverOptions(config, options), {
    commandTimeoutMs: options.commandTimeoutMs ?? config.commandTimeoutMs ?? REQUEST_COMMAND_TIMEOUT_MS,
    firstConnectTimeoutMs: FIRST_CONNECT_TIMEOUT_MS,
    failFast: options.failFast ?? true,
  });
  redis.on('error', (error: Error) => options.onError?.(error));
  return redis;
}

export class GuardedRedis extends Redis {
  readonly #guard: Guard;
  /** Whether a pipeline was refused, by the stream that the driver makes for it. */
  readonly #refusals = new WeakMap<object, boolean>();
  #probe: NodeJS.Timeout | undefined;
  #lostAtMs = 0;
  #isGathering = false;
  /** What still wants to send something with this turn's write. */
  #lastCalls: (() => void)[] = [];

  constructor(driver: DriverOptions, guard: GuardOptions) {
    super(driver);
    this.#guard = new Guard(guard, () => this.#startProbing());
    this.on('ready', () => {
      this.#guard.connected();
      this.#guard.close();
      // From here on a command without a connection fails; it does not wait to be run when nobody expects it any more.
      if (guard.failFast) this.options.enableOfflineQueue = false;
    });
    this.on('end', () => this.#stop());
    this.connect().catch(() => {
      // The error event tells of it, and the driver dials again.
    });
  }

  /** False from the first command that got no answer, until one gets it again. */
  get isUp(): boolean {
    return this.status === 'ready' && !this.#guard.isOpen;
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    // The driver connects in its own constructor at the earliest; the guard stands by then.
    const isSent =
      SET_UP.has(command.name) ||
      (stream !== undefined && 'isPipeline' in stream
        ? this.#admitInPipeline(command, stream)
        : this.#guard.admit(command));
    if (!isSent) return command.promise;
    this.#gather();
    return super.sendCommand(command, stream);
  }

  /**
   * The driver writes a pipeline once all of its commands were handed to it, and expects an answer for each: one that is
   * held back among others would leave those unwritten, and every later answer to the wrong command.
   */
  #admitInPipeline(command: Command, stream: NonNullable<Parameters<Redis['sendCommand']>[1]>): boolean {
    const isRefused = this.#refusals.get(stream) ?? this.#guard.isRefusing;
    this.#refusals.set(stream, isRefused);
    if (this.#guard.admit(command, isRefused)) return true;
    // Settled while it waited to be sent again: counted, with nothing to write.
    if (!isRefused && this.stream?.writable) stream.write('');
    return false;
  }

  /** Called once, before what is sent in this turn of the event loop is written: its commands leave in the same write. */
  beforeWrite(send: () => void): void {
    this.#lastCalls.push(send);
    this.#gather();
  }

  /**
   * Commands of one turn of the event loop leave in one write. The driver's own way to do so keeps what it sent alive
   * until memory is collected as a whole, which costs more than the write it saves.
   */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { stream } = this;
    stream?.cork();
    setImmediate(() => {
      const calls = this.#lastCalls;
      this.#lastCalls = [];
      for (const send of calls) send();
      this.#isGathering = false;
      stream?.uncork();
    });
  }

  /** A ping outside the automatic pipeline, where requests would have to wait for its answer. */
  async askAlive(): Promise<void> {
    const ping = new Command('ping', [], { replyEncoding: 'utf8' });
    this.sendCommand(ping);
    await ping.promise;
  }

  /** Answers that are under way still arrive, for a second at most; what comes after is refused. */
  async shutDown(): Promise<void> {
    if (this.isUp) {
      const patience = new AbortController();
      this.once('end', () => patience.abort());
      this.quit().catch(() => {
        // Lost while saying goodbye.
      });
      await sleep(LAST_ANSWERS_MS, undefined, { signal: patience.signal }).catch(() => {
        // It ended before that.
      });
    }
    // Between two connections there is nothing whose end could be waited for.
    this.disconnect();
    this.#stop();
  }

  #startProbing(): void {
    this.#lostAtMs = performance.now();
    this.#probe ??= setInterval(() => void this.#askForLife(), PROBE_MS);
  }

  async #askForLife(): Promise<void> {
    if (!this.#guard.isOpen) return this.#stopProbing();
    if (performance.now() - this.#lostAtMs > REDIAL_MS) {
      this.#lostAtMs = performance.now();
      if (this.status === 'ready' || this.status === 'connect') this.disconnect(true);
      return;
    }
    if (this.status !== 'ready') return;
    try {
      await this.askAlive();
      this.#guard.close();
      this.#stopProbing();
    } catch {
      // Still lost.
    }
  }

  #stopProbing(): void {
    clearInterval(this.#probe);
    this.#probe = undefined;
  }

  #stop(): void {
    this.#stopProbing();
    this.#guard.stop();
  }
}

function driverOptions(config: RedisConfig, options: ConnectOptions): DriverOptions {
  const failFast = options.failFast ?? true;
  return {
    ...serverOptions(config),
    ...(config.username === null ? {} : { username: config.username }),
    ...(config.password === null ? {} : { password: config.password }),
    ...(options.name === undefined ? {} : { connectionName: options.name }),
    db: config.db,
    // The connection is dialled when the guard stands.
    lazyConnect: true,
    connectTimeout: 1500,
    keepAlive: 10_000,
    // The guard judges how long a command may take; the driver only keeps the connection.
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: !failFast,
    retryStrategy: (times) => Math.min(times * 50, 500),
    // After a failover the old master answers READONLY: dial again and repeat the command.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
}

function serverOptions({ server, tls }: RedisConfig): DriverOptions {
  if (server.type === 'single') {
    return { host: server.host, port: server.port, ...(tls ? { tls: {} } : {}) };
  }
  return {
    sentinels: server.sentinels.map(({ host, port }) => ({ host, port })),
    name: server.masterName,
    ...(server.sentinelPassword === null ? {} : { sentinelPassword: server.sentinelPassword }),
    ...(tls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: (times) => Math.min(times * 50, 500),
    failoverDetector: true,
  };
}
