// Owns the counts of failed sign-ins in Redis, by name and by address. An attempt counts before its password is looked
// at, so that many at once are not many guesses.
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisConnections } from '../../platform/redis/index.ts';

const WINDOW_SECONDS = 15 * 60;
/** Wrong passwords for one name, from wherever. */
const MAX_PER_NAME = 10;
/** Wrong passwords from one address, for whatever names. */
const MAX_PER_ADDRESS = 50;

type LoginAttempt =
  | { readonly type: 'locked'; readonly retryAfterMs: number }
  | {
      readonly type: 'counted';
      /** The password was right: the failures of this name are forgotten, at this address too. */
      readonly forgive: () => Promise<void>;
    };

export interface LoginFailures {
  attempt(name: string, address: string): Promise<LoginAttempt>;
}

export function createLoginFailures({ commands, keyspace }: RedisConnections): LoginFailures {
  const limiter = (by: string, points: number): RateLimiterRedis =>
    new RateLimiterRedis({
      storeClient: commands,
      keyPrefix: keyspace.loginFailures(by),
      points,
      duration: WINDOW_SECONDS,
      blockDuration: WINDOW_SECONDS,
    });
  const byName = limiter('name', MAX_PER_NAME);
  const byAddress = limiter('address', MAX_PER_ADDRESS);
  return {
    attempt: async (name, address) => {
      const [ofAddress, ofName] = await Promise.all([consume(byAddress, address), consume(byName, name)]);
      if (ofAddress.isLocked || ofName.isLocked) {
        return { type: 'locked', retryAfterMs: Math.max(ofAddress.lockMs, ofName.lockMs) };
      }
      return {
        type: 'counted',
        forgive: async () => {
          await Promise.all([byName.delete(name), byAddress.reward(address, ofName.consumed)]);
        },
      };
    },
  };
}

interface Consumed {
  readonly isLocked: boolean;
  readonly lockMs: number;
  readonly consumed: number;
}

/** The library rejects with its result where the count is over; every other rejection is Redis's. */
async function consume(limiter: RateLimiterRedis, key: string): Promise<Consumed> {
  try {
    const { consumedPoints } = await limiter.consume(key);
    return { isLocked: false, lockMs: 0, consumed: consumedPoints };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { isLocked: true, lockMs: error.msBeforeNext, consumed: error.consumedPoints };
  }
}
