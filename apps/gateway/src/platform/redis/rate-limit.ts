// Owns taking a point of a limiter: over its count is an answer here, not an error.
import { type RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

interface Consumed {
  readonly isLocked: boolean;
  readonly lockMs: number;
  readonly consumed: number;
}

/** The library rejects with its result where the count is over; every other rejection is Redis's. */
export async function consume(limiter: RateLimiterRedis, key: string): Promise<Consumed> {
  try {
    const { consumedPoints } = await limiter.consume(key);
    return { isLocked: false, lockMs: 0, consumed: consumedPoints };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { isLocked: true, lockMs: error.msBeforeNext, consumed: error.consumedPoints };
  }
}
