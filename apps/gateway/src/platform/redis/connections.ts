// Owns the process's connections to Redis: one for requests, one for work that may wait, one that only listens.
import { connectRedis, type GuardedRedis, type RedisConfig } from './connect.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';
import { listenForNotices, type Notices } from './notices.ts';
import { RedisUnavailable } from './unavailable.ts';

const BACKGROUND_TIMEOUT_MS = 10_000;
/** It only listens, so only its heartbeat finds out that nothing can come any more. */
const SUBSCRIBER_TIMEOUT_MS = 3000;
const HEARTBEAT_MS = 1000;
const SAME_ERROR_EVERY_MS = 10_000;

interface RedisStatus {
  readonly up: boolean;
  /** Of the last heartbeat; null before the first and while Redis is lost. */
  readonly latencyMs: number | null;
}

export interface RedisConnections {
  /** Request path: a command fails within 250 ms, and at once while Redis is known to be lost. */
  readonly commands: GuardedRedis;
  /** Jobs: waits out a failover, up to 10 s. */
  readonly background: GuardedRedis;
  readonly subscriber: GuardedRedis;
  readonly keyspace: Keyspace;
  readonly notices: Notices;
  status(): RedisStatus;
  /** Resolves when Redis answers; rejects with RedisUnavailable when it has not by then. */
  whenUp(timeoutMs: number): Promise<void>;
  /** A connection that stood again after a loss: what happened meanwhile may have been missed, or undone by a failover. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface OpenRedisOptions {
  /** Connection errors; the same one is told every ten seconds at most. */
  onError?(error: Error): void;
  onStatus?(up: boolean): void;
}

export function openRedis(config: RedisConfig, options: OpenRedisOptions = {}): RedisConnections {
  const onError = sparing((error) => options.onError?.(error));
  const commands = connectRedis(config, { name: 'crs-commands', onError });
  const background = connectRedis(config, {
    name: 'crs-background',
    commandTimeoutMs: BACKGROUND_TIMEOUT_MS,
    failFast: false,
    onError,
  });
  const subscriber = connectRedis(config, {
    name: 'crs-subscriber',
    commandTimeoutMs: SUBSCRIBER_TIMEOUT_MS,
    failFast: false,
    onError,
  });
  const keyspace = createKeyspace(config.keyPrefix);
  const heart = startHeart(commands, subscriber, (up) => options.onStatus?.(up));
  const opened = [commands, background, subscriber];
  return {
    commands,
    background,
    subscriber,
    keyspace,
    notices: listenForNotices(subscriber, keyspace.notices),
    status: () => heart.status(),
    whenUp: (timeoutMs) => whenUp(commands, timeoutMs),
    onReconnect: (listener) => {
      commands.on('ready', listener);
      return () => void commands.off('ready', listener);
    },
    close: async () => {
      heart.stop();
      await Promise.all(opened.map((connection) => connection.shutDown()));
    },
  };
}

/** Three connections that dial twice a second all say the same. */
function sparing(tell: (error: Error) => void): (error: Error) => void {
  const lastMs = new Map<string, number>();
  return (error) => {
    const nowMs = performance.now();
    if (nowMs - (lastMs.get(error.message) ?? Number.NEGATIVE_INFINITY) < SAME_ERROR_EVERY_MS) return;
    lastMs.set(error.message, nowMs);
    tell(error);
  };
}

/** Asks once a second, so that a loss is known before a request meets it. */
function startHeart(
  redis: GuardedRedis,
  subscriber: GuardedRedis,
  onStatus: (up: boolean) => void,
): { status(): RedisStatus; stop(): void } {
  let latencyMs: number | null = null;
  let wasUp: boolean | undefined;
  const beat = async (): Promise<void> => {
    const startedAt = performance.now();
    try {
      await redis.askAlive();
      latencyMs = Math.round((performance.now() - startedAt) * 100) / 100;
    } catch {
      latencyMs = null;
    }
    const isUp = redis.isUp;
    if (isUp !== wasUp) onStatus(isUp);
    wasUp = isUp;
  };
  const timer = setInterval(() => {
    void beat();
    subscriber.askAlive().catch(() => {
      // It is dialled anew.
    });
  }, HEARTBEAT_MS);
  redis.once('ready', () => void beat());
  return {
    status: () => ({ up: redis.isUp, latencyMs: redis.isUp ? latencyMs : null }),
    stop: () => clearInterval(timer),
  };
}

async function whenUp(redis: GuardedRedis, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!redis.isUp) {
    if (performance.now() > deadline) throw new RedisUnavailable(`no connection within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
