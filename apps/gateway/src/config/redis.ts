// Owns which Redis is meant: an address, a URL, or Sentinels, and never two of them.
import type { RedisConfig } from '../platform/redis/index.ts';
import type { Env } from './env.ts';

export interface RedisResult {
  readonly config: RedisConfig | null;
  readonly problems: readonly string[];
}

const BESIDE_URL = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'REDIS_DB'] as const;
const BESIDE_SENTINEL = ['REDIS_URL', 'REDIS_HOST', 'REDIS_PORT'] as const;
const ONLY_SENTINEL = [
  'REDIS_SENTINEL_HOSTS',
  'REDIS_SENTINEL_MASTER_NAME',
  'REDIS_SENTINEL_PASSWORD',
] as const;

export function redisOf(env: Env): RedisResult {
  const problems = env.REDIS_SENTINEL_ENABLED ? sentinelProblems(env) : singleProblems(env);
  if (problems.length > 0) return { config: null, problems };
  return {
    config: env.REDIS_URL === undefined ? byParts(env) : byUrl(env, new URL(env.REDIS_URL)),
    problems,
  };
}

function sentinelProblems(env: Env): string[] {
  const problems = BESIDE_SENTINEL.filter((name) => env[name] !== undefined).map(
    (name) =>
      `${name} and REDIS_SENTINEL_ENABLED contradict each other: the Sentinels say where Redis is; remove one of them`,
  );
  if ((env.REDIS_SENTINEL_HOSTS ?? []).length === 0) {
    problems.push(
      'REDIS_SENTINEL_HOSTS is missing: with REDIS_SENTINEL_ENABLED it lists the Sentinels, host:port,...',
    );
  }
  return problems;
}

function singleProblems(env: Env): string[] {
  const problems: string[] = ONLY_SENTINEL.filter((name) => env[name] !== undefined).map(
    (name) => `${name} is set, but REDIS_SENTINEL_ENABLED is not: set it to true, or remove ${name}`,
  );
  if (env.REDIS_URL === undefined) return problems;
  for (const name of BESIDE_URL.filter((other) => env[other] !== undefined)) {
    problems.push(`${name} and REDIS_URL contradict each other: put it into the URL, or remove one of them`);
  }
  const address = new URL(env.REDIS_URL);
  if (env.REDIS_TLS !== undefined && env.REDIS_TLS !== (address.protocol === 'rediss:')) {
    problems.push(
      `REDIS_TLS is ${env.REDIS_TLS}, but REDIS_URL begins with ${address.protocol}//: use ${env.REDIS_TLS ? 'rediss' : 'redis'}://`,
    );
  }
  if (address.hostname === '') problems.push('REDIS_URL names no host: redis://host:6379/0');
  if (!/^\/?\d{0,4}$/.test(address.pathname)) {
    problems.push('REDIS_URL ends with something that is no database number: redis://host:6379/0');
  }
  if (address.search !== '' || address.hash !== '') {
    problems.push('REDIS_URL carries options after the database number, which are not offered: remove them');
  }
  return problems;
}

function byUrl(env: Env, address: URL): RedisConfig {
  return {
    server: {
      type: 'single',
      host: address.hostname.replace(/^\[|\]$/g, ''),
      port: address.port === '' ? 6379 : Number(address.port),
    },
    username: address.username === '' ? null : decodeURIComponent(address.username),
    password: address.password === '' ? null : decodeURIComponent(address.password),
    db: Number(address.pathname.slice(1)),
    tls: address.protocol === 'rediss:',
    keyPrefix: env.REDIS_KEY_PREFIX,
    commandTimeoutMs: env.REDIS_COMMAND_TIMEOUT_MS,
  };
}

function byParts(env: Env): RedisConfig {
  return {
    server: env.REDIS_SENTINEL_ENABLED
      ? {
          type: 'sentinel',
          sentinels: env.REDIS_SENTINEL_HOSTS ?? [],
          masterName: env.REDIS_SENTINEL_MASTER_NAME ?? 'mymaster',
          sentinelPassword: env.REDIS_SENTINEL_PASSWORD ?? null,
        }
      : { type: 'single', host: env.REDIS_HOST ?? '127.0.0.1', port: env.REDIS_PORT ?? 6379 },
    username: null,
    password: env.REDIS_PASSWORD ?? null,
    db: env.REDIS_DB ?? 0,
    tls: env.REDIS_TLS ?? false,
    keyPrefix: env.REDIS_KEY_PREFIX,
    commandTimeoutMs: env.REDIS_COMMAND_TIMEOUT_MS,
  };
}
