// Owns the counts of failed sign-ins in Redis, by name and by address. An attempt counts before its password is looked
// at, so that many at once are not many guesses.
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { consume, type RedisConnections } from '../../platform/redis/index.ts';

export interface LoginRules {
  /** Wrong passwords for one name, from wherever. */
  readonly loginFailuresPerName: number;
  /** Wrong passwords from one address, for whatever names. */
  readonly loginFailuresPerAddress: number;
  /** So long failures count, and so long a name or an address is locked. */
  readonly loginLockMinutes: number;
}

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

/** `rules` are read at each attempt. */
export function createLoginFailures(
  { commands, keyspace }: RedisConnections,
  rules: () => LoginRules,
): LoginFailures {
  const limiter = (by: string, points: number, seconds: number): RateLimiterRedis =>
    new RateLimiterRedis({
      storeClient: commands,
      keyPrefix: keyspace.loginFailures(by),
      points,
      duration: seconds,
      blockDuration: seconds,
    });
  return {
    attempt: async (name, address) => {
      const { loginFailuresPerName, loginFailuresPerAddress, loginLockMinutes } = rules();
      const byName = limiter('name', loginFailuresPerName, loginLockMinutes * 60);
      const byAddress = limiter('address', loginFailuresPerAddress, loginLockMinutes * 60);
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
