// Owns a command's connection to Redis.
import type { Config } from '../config/index.ts';
import { openRedis, type RedisConnections } from '../platform/redis/index.ts';
import { CliError } from './command.ts';

const CONNECT_TIMEOUT_MS = 5000;

export async function withRedis<T>(config: Config, use: (redis: RedisConnections) => Promise<T>): Promise<T> {
  let reason = 'no answer';
  const redis = openRedis(config.redis, {
    onError: (error) => {
      reason = error.message === '' && 'code' in error ? String(error.code) : error.message;
    },
  });
  try {
    await redis.whenUp(CONNECT_TIMEOUT_MS).catch(() => {
      throw new CliError(`Redis is not reachable (${reason}). Check the REDIS_ settings.`);
    });
    return await use(redis);
  } finally {
    await redis.close();
  }
}
