// Owns which account serves a client's session: kept in Redis for all replicas, written in the background when an answer
// was delivered. Admission reads it within its own call; this process remembers what it has just decided, so that
// requests of one session that run side by side do not part.
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';

const MAX_REMEMBERED = 50_000;
/** Requests of one session come in bursts; a stay that is a second short is the same stay. */
const RENEW_AT_MOST_EVERY_MS = 1000;
/** A decision that was not delivered within that time holds nobody. */
const UNDELIVERED_MS = 60_000;

/** OpenAI keeps responses so long. */
const PIN_TTL_MS = 30 * 24 * 3_600_000;

/** Read at each use. */
export interface StickyRules {
  /** A session stays that long after its last use. */
  readonly ttlMs: number;
  /** The stay is prolonged when less than this is left of it; 0 = at each use. */
  readonly renewalThresholdMs: number;
}

export interface StickySessionsOptions {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly rules: StickyRules;
  readonly onError: (error: unknown) => void;
}

interface Memory {
  readonly accountId: string;
  /** When the stay ends that this process last wrote; 0 = none. */
  readonly endsAtMs: number;
}

export class StickySessions {
  readonly #options: StickySessionsOptions;
  readonly #memory: LRUCache<string, Memory>;

  constructor(options: StickySessionsOptions) {
    this.#options = options;
    this.#memory = new LRUCache({
      max: MAX_REMEMBERED,
      ttl: UNDELIVERED_MS,
      ttlResolution: 0,
      perf: { now: () => options.clock.now() },
    });
  }

  /** Name of the session in Redis, in the slot of `tag`; a client's own id is never part of a name. */
  keyOf(tag: string, keyId: string, sessionId: string): string {
    const digest = hash('sha1', sessionId);
    return this.#options.redis.keyspace.sticky(tag, keyId, digest);
  }

  /** What lives in the account and nowhere else is asked for there. Never rejects and is not waited for. */
  pin(key: string, accountId: string): void {
    const { redis, onError } = this.#options;
    redis.background.set(key, accountId, 'PX', PIN_TTL_MS).catch(onError);
  }

  /** The account that this process has lately chosen for the session, null where it has not. */
  remembered(key: string): string | null {
    return this.#memory.get(key)?.accountId ?? null;
  }

  /** A request of the session goes to this account: those beside it follow, whatever becomes of it. */
  chosen(key: string, accountId: string): void {
    const known = this.#memory.get(key);
    if (known?.accountId === accountId) return;
    this.#memory.set(key, { accountId, endsAtMs: 0 });
  }

  /**
   * The account delivered. `boundTo` is whom the session belonged to at admission: one that belonged to nobody goes to
   * whoever delivers first. Never rejects and is not waited for.
   */
  delivered(key: string, accountId: string, boundTo: string | null): void {
    const { redis, clock, rules, onError } = this.#options;
    const { ttlMs, renewalThresholdMs } = rules;
    const nowMs = clock.now();
    const known = this.#memory.get(key);
    const isKept = boundTo === accountId && known?.accountId === accountId;
    const threshold = renewalThresholdMs > 0 ? renewalThresholdMs : ttlMs - RENEW_AT_MOST_EVERY_MS;
    const isFresh = isKept && known.endsAtMs - nowMs > threshold;
    if (isFresh) return;
    this.#memory.set(key, { accountId, endsAtMs: nowMs + ttlMs }, { ttl: ttlMs });
    const written =
      boundTo === null
        ? redis.background.set(key, accountId, 'PX', ttlMs, 'NX')
        : redis.background.set(key, accountId, 'PX', ttlMs);
    written.catch(onError);
  }
}
