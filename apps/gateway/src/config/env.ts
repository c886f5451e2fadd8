// Owns the names of all settings, their defaults, and how each is read. What they mean together is config.ts.
import { z } from 'zod';
import {
  anyText,
  decimal,
  flag,
  hostPorts,
  list,
  matching,
  milliseconds,
  MAX_TIMEOUT_MS,
  oneOf,
  origins,
  secretOf,
  seconds,
  trustProxy,
  url,
  wholeNumber,
  zoneName,
} from './values.ts';

const port = wholeNumber(1, 65_535);
const clientId = matching(/^[\w.-]{1,200}$/, 'letters, digits, _ . or -');
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const schemas = {
  NODE_ENV: oneOf(['production', 'development', 'test']).default('production'),
  PORT: port.default(3000),
  BIND_HOST: matching(/^[^\s/]+$/, 'an address of this machine, or 0.0.0.0 for all of them').default(
    '127.0.0.1',
  ),
  DATA_DIR: anyText.default('./data'),
  LOG_LEVEL: oneOf(logLevels).default('info'),
  LOG_DIR: anyText.optional(),
  TIMEZONE_OFFSET: decimal(-12, 14).default(8),
  TIMEZONE: zoneName.optional(),

  JWT_SECRET: secretOf(32).optional(),
  ENCRYPTION_KEY: secretOf(32).optional(),
  API_KEY_PREFIX: matching(/^[A-Za-z0-9_-]{1,16}$/, '1 to 16 letters, digits, _ or -').default('cr_'),
  ADMIN_USERNAME: matching(/^\S{1,64}$/, '1 to 64 characters without blanks').default('admin'),
  ADMIN_PASSWORD: secretOf(10).optional(),

  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  REDIS_HOST: matching(/^[^\s/]+$/, 'a host name or address').optional(),
  REDIS_PORT: port.optional(),
  REDIS_PASSWORD: anyText.optional(),
  REDIS_DB: wholeNumber(0, 1023).optional(),
  REDIS_SENTINEL_ENABLED: flag.default(false),
  REDIS_SENTINEL_HOSTS: hostPorts.optional(),
  REDIS_SENTINEL_MASTER_NAME: matching(/^\S+$/, 'a name without blanks').optional(),
  REDIS_SENTINEL_PASSWORD: anyText.optional(),
  REDIS_TLS: flag.optional(),
  REDIS_COMMAND_TIMEOUT_MS: wholeNumber(50, 60_000).default(240),
  REDIS_KEY_PREFIX: matching(/^[\w:.-]{1,64}$/, 'letters, digits, _ : . or -').default('v2:'),

  CLEANUP_INTERVAL: wholeNumber(1000, MAX_TIMEOUT_MS).default(3_600_000),
  STICKY_SESSION_TTL_HOURS: decimal(0.01, 8760).default(1),
  STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES: wholeNumber(0, 525_600).default(0),

  REQUEST_TIMEOUT: milliseconds.default(600_000),
  CONNECT_TIMEOUT_MS: milliseconds.default(5000),
  FIRST_EVENT_TIMEOUT_MS: milliseconds.default(180_000),
  IDLE_TIMEOUT_MS: milliseconds.default(120_000),
  HOLD_BACK_MS: wholeNumber(0, 60_000).default(1000),
  MAX_ATTEMPTS: wholeNumber(1, 20).default(4),
  REQUEST_MAX_SIZE_MB: wholeNumber(1, 1024).default(100),
  UPSTREAM_ERROR_503_TTL_SECONDS: seconds.optional(),
  UPSTREAM_ERROR_5XX_TTL_SECONDS: seconds.optional(),
  UPSTREAM_ERROR_OVERLOAD_TTL_SECONDS: seconds.optional(),
  UPSTREAM_ERROR_AUTH_TTL_SECONDS: seconds.optional(),
  UPSTREAM_ERROR_TIMEOUT_TTL_SECONDS: seconds.optional(),
  UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS: seconds.optional(),
  ALLOW_PRIVATE_UPSTREAMS: flag.default(false),
  UPSTREAM_ENDPOINTS: anyText.optional(),
  CLAUDE_OAUTH_CLIENT_ID: clientId.default('9d1c250a-e61b-44d9-88ed-5944d1962f5e'),
  CODEX_OAUTH_CLIENT_ID: clientId.default('app_EMoamEEZ73f0CkXaXp7hrann'),
  GEMINI_OAUTH_CLIENT_ID: clientId.default(
    '681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com',
  ),
  GEMINI_OAUTH_CLIENT_SECRET: secretOf(8).optional(),

  LDAP_ENABLED: flag.default(false),
  LDAP_URL: url(['ldap:', 'ldaps:']).optional(),
  LDAP_BIND_DN: anyText.optional(),
  LDAP_BIND_PASSWORD: anyText.optional(),
  LDAP_SEARCH_BASE: anyText.optional(),
  LDAP_SEARCH_FILTER: matching(/\{\{username\}\}/, 'a filter that holds {{username}}').default(
    '(uid={{username}})',
  ),
  LDAP_SEARCH_ATTRIBUTES: list('names separated by commas', (item) => item).default([
    'dn',
    'uid',
    'cn',
    'mail',
    'givenName',
    'sn',
  ]),
  LDAP_TIMEOUT: milliseconds.default(5000),
  LDAP_CONNECT_TIMEOUT: milliseconds.default(10_000),
  LDAP_TLS_REJECT_UNAUTHORIZED: flag.default(true),
  LDAP_TLS_CA_FILE: anyText.optional(),
  LDAP_TLS_CERT_FILE: anyText.optional(),
  LDAP_TLS_KEY_FILE: anyText.optional(),
  LDAP_TLS_SERVERNAME: anyText.optional(),
  LDAP_USER_ATTR_USERNAME: anyText.default('uid'),
  LDAP_USER_ATTR_DISPLAY_NAME: anyText.default('cn'),
  LDAP_USER_ATTR_EMAIL: anyText.default('mail'),
  LDAP_USER_ATTR_FIRST_NAME: anyText.default('givenName'),
  LDAP_USER_ATTR_LAST_NAME: anyText.default('sn'),
  USER_MANAGEMENT_ENABLED: flag.default(true),

  DRAIN_TIMEOUT_MS: wholeNumber(0, 3_600_000).default(60_000),
  WORKERS: wholeNumber(1, 128).default(1),
  METRICS_TOKEN: secretOf(8).optional(),
  CORS_ORIGINS: origins.default([]),
  TRUST_PROXY: trustProxy.default(false),
  WEB_ROOT: anyText.optional(),
  REQUEST_RETENTION_DAYS: wholeNumber(1, 3650).default(30),
  BOOTSTRAP_NOTICE_FD: wholeNumber(3, 255).optional(),
};

const envSchema = z.object(schemas);
export const settingNames: readonly string[] = Object.keys(schemas);
export type Env = z.output<typeof envSchema>;

const SECRET = /PASSWORD|SECRET|TOKEN|_KEY$|^REDIS_URL$/;

/** Names of v1 that would be missed silently, and what says the same now. */
const RENAMED: Readonly<Record<string, string>> = {
  REDIS_ENABLE_TLS: 'use REDIS_TLS',
};

export type EnvResult =
  | { readonly env: Env; readonly problems: readonly [] }
  | { readonly env: null; readonly problems: readonly string[] };

/** `given` is the environment over `.env`. An empty value counts as absent, as compose files pass them. */
export function readEnv(given: Readonly<Record<string, string | undefined>>): EnvResult {
  const present = Object.fromEntries(
    Object.entries(given).filter(([, text]) => text !== undefined && text !== ''),
  );
  const renamed = Object.entries(RENAMED)
    .filter(([name]) => name in present)
    .map(([name, mend]) => `${name} is a setting of v1: ${mend}`);
  const parsed = envSchema.safeParse(present);
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return describe(name, present[name], issue.message);
  });
  const problems = [...wrong, ...renamed];
  if (parsed.success && problems.length === 0) return { env: parsed.data, problems: [] };
  return { env: null, problems };
}

/** A mistyped name in `.env`: nothing else puts names there, so one that is nearly a setting was meant to be it. */
export function mistypedNames(names: readonly string[]): string[] {
  return names
    .filter((name) => !settingNames.includes(name))
    .flatMap((name) => {
      const meant = settingNames.find((candidate) => isNear(name, candidate));
      return meant === undefined ? [] : [`${name} in .env is not a setting: did you mean ${meant}?`];
    });
}

function describe(name: string, text: string | undefined, message: string): string {
  const value = SECRET.test(name) ? `(${text?.length ?? 0} characters)` : `"${text ?? ''}"`;
  return `${name} is ${value}: ${message}`;
}

/** One letter missing, added, wrong, or two swapped. Short names are left alone. */
function isNear(name: string, candidate: string): boolean {
  if (candidate.length < 4 || Math.abs(name.length - candidate.length) > 1) return false;
  let start = 0;
  while (start < name.length && name[start] === candidate[start]) start += 1;
  const [left, right] = [name.slice(start), candidate.slice(start)];
  const isSwapped = left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  return isSwapped || left.slice(1) === right.slice(1) || left.slice(1) === right || left === right.slice(1);
}
