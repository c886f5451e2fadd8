// Owns the counts of who asks for the figures of keys, by address: how often, and how often with a key that there is not.
// A guess counts before its key is looked up, so that many at once are not many guesses.
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { consume, type RedisConnections } from '../../platform/redis/index.ts';

/** A page with thirty keys that renews itself and a whole office behind one address stay far below. */
const ASKS = { points: 600, seconds: 60 };
const WRONG_KEYS = { points: 30, seconds: 15 * 60 };

type KeyAsk =
  | { readonly type: 'locked'; readonly retryAfterMs: number }
  | {
      readonly type: 'counted';
      /** There is such a key: it was no guess. */
      readonly forgive: () => Promise<void>;
    };

export interface KeyAsks {
  count(address: string): Promise<KeyAsk>;
}

export function createKeyAsks({ commands, keyspace }: RedisConnections): KeyAsks {
  const limiter = (what: string, { points, seconds }: typeof ASKS): RateLimiterRedis =>
    new RateLimiterRedis({
      storeClient: commands,
      keyPrefix: keyspace.keyStatsAsks(what),
      points,
      duration: seconds,
    });
  const asks = limiter('asks', ASKS);
  const wrongKeys = limiter('wrong-keys', WRONG_KEYS);
  return {
    count: async (address) => {
      const [asked, guessed] = await Promise.all([consume(asks, address), consume(wrongKeys, address)]);
      if (asked.isLocked || guessed.isLocked) {
        return { type: 'locked', retryAfterMs: Math.max(asked.lockMs, guessed.lockMs) };
      }
      return {
        type: 'counted',
        forgive: async () => {
          await wrongKeys.reward(address);
        },
      };
    },
  };
}
