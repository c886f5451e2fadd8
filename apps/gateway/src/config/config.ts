// Owns the configuration: read once at start, checked as a whole, every problem in one message.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { Timezone } from '../platform/calendar.ts';
import type { LogConfig } from '../platform/log.ts';
import type { RedisConfig } from '../platform/redis/index.ts';
import { type Endpoints, readEndpoints } from './endpoints.ts';
import { type Env, mistypedNames, readEnv } from './env.ts';
import { type LdapConfig, ldapOf } from './ldap.ts';
import { withLocalRedis } from './local-redis.ts';
import { redisOf } from './redis.ts';
import { loadSecrets, type Secrets, SecretsError } from './secrets.ts';
import type { TrustProxy } from './values.ts';

interface RelayConfig {
  /** One whole attempt. */
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly firstEventTimeoutMs: number;
  /** Between two events. */
  readonly idleTimeoutMs: number;
  /** How long events without meaning are held back, so that an early failure can still go to another account. */
  readonly holdBackMs: number;
  readonly pingEveryMs: number;
  readonly maxAttempts: number;
  readonly maxBodyBytes: number;
  readonly allowPrivateUpstreams: boolean;
  /** The operator's own rests after a failure; null = as the vendor says, or the gateway judges. */
  readonly upstreamErrorTtlSeconds: {
    readonly unavailable: number | null;
    readonly serverError: number | null;
    readonly overload: number | null;
    readonly auth: number | null;
    readonly timeout: number | null;
    /** Longest rest that a vendor's header may ask for. */
    readonly maxCustom: number | null;
  };
}

export interface Config {
  readonly nodeEnv: 'production' | 'development' | 'test';
  readonly version: string;
  readonly port: number;
  readonly bindHost: string;
  /** Absolute, as every path here. */
  readonly dataDir: string;
  readonly log: LogConfig;
  readonly timezone: Timezone;
  readonly secrets: Secrets;
  readonly apiKeyPrefix: string;
  /** `password` null: one is generated at the first start. */
  readonly admin: { readonly username: string; readonly password: string | null };
  readonly redis: RedisConfig;
  readonly relay: RelayConfig;
  readonly stickySession: { readonly ttlMs: number; readonly renewalThresholdMs: number };
  readonly cleanupIntervalMs: number;
  readonly requestRetentionDays: number;
  readonly endpoints: Endpoints;
  /** As what the gateway asks for logins; `secret` null: none is sent. */
  readonly oauthClients: {
    readonly claude: { readonly id: string };
    readonly codex: { readonly id: string };
    readonly gemini: { readonly id: string; readonly secret: string | null };
  };
  readonly userManagementEnabled: boolean;
  readonly ldap: LdapConfig | null;
  readonly drainTimeoutMs: number;
  readonly workers: number;
  /** null: figures are for loopback only. */
  readonly metricsToken: string | null;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: TrustProxy;
  /** null: the console is not served. */
  readonly webRoot: string | null;
  /** File descriptor that is told the generated admin password once. */
  readonly bootstrapNoticeFd: number | null;
}

export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`The settings have ${count}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Vendors send pings in about such times; what lies between waits a minute or more. */
const PING_EVERY_MS = 15_000;

/** `env` lies over the `.env` in `cwd`. Throws one ConfigError with every problem; makes secrets only without any. */
export function loadConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  const file = readEnvFile(resolve(cwd, '.env'));
  const read = readEnv(withLocalRedis({ ...file, ...env }, cwd));
  const typos = mistypedNames(Object.keys(file));
  if (read.env === null) throw new ConfigError([...read.problems, ...typos]);
  const settings = read.env;
  const endpoints = readEndpoints(pathOf(cwd, settings.UPSTREAM_ENDPOINTS));
  const redis = redisOf(settings);
  const ldap = ldapOf(settings);
  const problems = [
    ...typos,
    ...redis.problems,
    ...ldap.problems,
    ...endpoints.problems,
    ...webRootProblems(settings, cwd),
  ];
  if (problems.length > 0 || redis.config === null || endpoints.endpoints === null)
    throw new ConfigError(problems);
  return configOf(settings, cwd, { redis: redis.config, ldap: ldap.config, endpoints: endpoints.endpoints });
}

type Checked = Pick<Config, 'redis' | 'ldap' | 'endpoints'>;

function configOf(env: Env, cwd: string, checked: Checked): Config {
  const dataDir = resolve(cwd, env.DATA_DIR);
  return {
    ...checked,
    nodeEnv: env.NODE_ENV,
    version: ownVersion(),
    port: env.PORT,
    bindHost: env.BIND_HOST,
    dataDir,
    log: { level: env.LOG_LEVEL, dir: pathOf(cwd, env.LOG_DIR) },
    timezone:
      env.TIMEZONE === undefined
        ? { type: 'offset', offsetMinutes: Math.round(env.TIMEZONE_OFFSET * 60) }
        : { type: 'zone', name: env.TIMEZONE },
    secrets: secretsOf(env, dataDir),
    apiKeyPrefix: env.API_KEY_PREFIX,
    admin: { username: env.ADMIN_USERNAME, password: env.ADMIN_PASSWORD ?? null },
    relay: relayOf(env),
    oauthClients: {
      claude: { id: env.CLAUDE_OAUTH_CLIENT_ID },
      codex: { id: env.CODEX_OAUTH_CLIENT_ID },
      gemini: { id: env.GEMINI_OAUTH_CLIENT_ID, secret: env.GEMINI_OAUTH_CLIENT_SECRET ?? null },
    },
    stickySession: {
      ttlMs: Math.round(env.STICKY_SESSION_TTL_HOURS * 3_600_000),
      renewalThresholdMs: env.STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES * 60_000,
    },
    cleanupIntervalMs: env.CLEANUP_INTERVAL,
    requestRetentionDays: env.REQUEST_RETENTION_DAYS,
    userManagementEnabled: env.USER_MANAGEMENT_ENABLED,
    drainTimeoutMs: env.DRAIN_TIMEOUT_MS,
    workers: env.WORKERS,
    metricsToken: env.METRICS_TOKEN ?? null,
    corsOrigins: env.CORS_ORIGINS,
    trustProxy: env.TRUST_PROXY,
    webRoot: pathOf(cwd, env.WEB_ROOT),
    bootstrapNoticeFd: env.BOOTSTRAP_NOTICE_FD ?? null,
  };
}

function relayOf(env: Env): RelayConfig {
  return {
    requestTimeoutMs: env.REQUEST_TIMEOUT,
    connectTimeoutMs: env.CONNECT_TIMEOUT_MS,
    firstEventTimeoutMs: env.FIRST_EVENT_TIMEOUT_MS,
    idleTimeoutMs: env.IDLE_TIMEOUT_MS,
    holdBackMs: env.HOLD_BACK_MS,
    pingEveryMs: PING_EVERY_MS,
    maxAttempts: env.MAX_ATTEMPTS,
    maxBodyBytes: env.REQUEST_MAX_SIZE_MB * 1024 * 1024,
    allowPrivateUpstreams: env.ALLOW_PRIVATE_UPSTREAMS,
    upstreamErrorTtlSeconds: {
      unavailable: env.UPSTREAM_ERROR_503_TTL_SECONDS ?? null,
      serverError: env.UPSTREAM_ERROR_5XX_TTL_SECONDS ?? null,
      overload: env.UPSTREAM_ERROR_OVERLOAD_TTL_SECONDS ?? null,
      auth: env.UPSTREAM_ERROR_AUTH_TTL_SECONDS ?? null,
      timeout: env.UPSTREAM_ERROR_TIMEOUT_TTL_SECONDS ?? null,
      maxCustom: env.UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS ?? null,
    },
  };
}

function secretsOf(env: Env, dataDir: string): Secrets {
  try {
    return loadSecrets(dataDir, {
      ...(env.JWT_SECRET === undefined ? {} : { jwtSecret: env.JWT_SECRET }),
      ...(env.ENCRYPTION_KEY === undefined ? {} : { encryptionKey: env.ENCRYPTION_KEY }),
    });
  } catch (error) {
    if (error instanceof SecretsError) throw new ConfigError([error.message]);
    throw error;
  }
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new ConfigError([`${path} cannot be read: let this user read it, or remove it`]);
  }
  return parseEnv(text);
}

function webRootProblems(env: Env, cwd: string): string[] {
  const path = pathOf(cwd, env.WEB_ROOT);
  if (path === null || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return [`WEB_ROOT is "${path}": there is no such folder; build the console, or leave it empty`];
}

function pathOf(cwd: string, path: string | undefined): string | null {
  return path === undefined ? null : resolve(cwd, path);
}

/** Of the package that holds this file, in `src` as in `dist`. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
