// The settings with which a test's own process reaches its redis-server.
import type { RedisConfig } from '../src/platform/redis/index.ts';
import type { TestRedis } from './redis.ts';

/** Patient: a busy machine is not what most tests are about. */
export function redisConfig({ port }: Pick<TestRedis, 'port'>, commandTimeoutMs = 3000): RedisConfig {
  return {
    server: { type: 'single', host: '127.0.0.1', port },
    username: null,
    password: null,
    db: 0,
    tls: false,
    keyPrefix: 'v2:',
    commandTimeoutMs,
  };
}
