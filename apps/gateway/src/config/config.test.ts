// What an operator relies on: settings are read as documented, and everything that is wrong is said at once.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, loadConfig, type Config } from './index.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'crs-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(env: Record<string, string> = {}): Config {
  return loadConfig(env, cwd);
}

function problems(env: Record<string, string>): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('the defaults are those of the documentation', () => {
  const config = load();
  expect(config).toMatchObject({
    nodeEnv: 'production',
    port: 3000,
    bindHost: '127.0.0.1',
    dataDir: join(cwd, 'data'),
    log: { level: 'info', dir: null },
    timezone: { type: 'offset', offsetMinutes: 480 },
    apiKeyPrefix: 'cr_',
    admin: { username: 'admin', password: null },
    redis: { server: { type: 'single', host: '127.0.0.1', port: 6379 }, db: 0, tls: false, keyPrefix: 'v2:' },
    relay: { requestTimeoutMs: 600_000, holdBackMs: 1000, maxAttempts: 4, maxBodyBytes: 104_857_600 },
    stickySession: { ttlMs: 3_600_000, renewalThresholdMs: 0 },
    cleanupIntervalMs: 3_600_000,
    userManagementEnabled: true,
    ldap: null,
    drainTimeoutMs: 60_000,
    workers: 1,
    metricsToken: null,
    corsOrigins: [],
    trustProxy: false,
    webRoot: null,
    bootstrapNoticeFd: null,
    requestRetentionDays: 30,
    oauthClients: {
      claude: { id: '9d1c250a-e61b-44d9-88ed-5944d1962f5e' },
      codex: { id: 'app_EMoamEEZ73f0CkXaXp7hrann' },
      gemini: { id: expect.stringMatching(/\.apps\.googleusercontent\.com$/) as string, secret: null },
    },
  });
  expect(config.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(config.endpoints.claude.api).toBe('https://api.anthropic.com');
});

test('the environment lies over .env, and an empty value counts as absent', () => {
  writeFileSync(join(cwd, '.env'), 'PORT=4000\nMAX_ATTEMPTS=7\n# a comment\nTIMEZONE="Europe/Berlin"\n');
  const config = load({ PORT: '5000', LOG_DIR: '' });
  expect([config.port, config.relay.maxAttempts, config.log.dir]).toEqual([5000, 7, null]);
  expect(config.timezone).toEqual({ type: 'zone', name: 'Europe/Berlin' });
});

test('every problem is named at once, with name, value and mend, and nothing is written', () => {
  const error = problemsError({
    PORT: '99999',
    LOG_LEVEL: 'loud',
    TIMEZONE: 'Mars/Olympus',
    JWT_SECRET: 'hunter2',
    ADMIN_PASSWORD: 'short',
    CORS_ORIGINS: '*',
    TRUST_PROXY: '10.0.0.0/99',
    REDIS_ENABLE_TLS: 'true',
  });
  expect(error.problems).toEqual([
    'PORT is "99999": expected a whole number from 1 to 65535',
    'LOG_LEVEL is "loud": expected one of fatal, error, warn, info, debug, trace, silent',
    'TIMEZONE is "Mars/Olympus": expected an IANA name like Asia/Shanghai',
    'JWT_SECRET is (7 characters): expected at least 32 characters',
    'ADMIN_PASSWORD is (5 characters): expected at least 10 characters',
    expect.stringMatching(/^CORS_ORIGINS is "\*": expected origins like/),
    expect.stringMatching(/^TRUST_PROXY is "10\.0\.0\.0\/99": expected true, false/),
    'REDIS_ENABLE_TLS is a setting of v1: use REDIS_TLS',
  ]);
  expect(error.message).toContain('8 problems');
  expect(error.message).not.toContain('hunter2');
  expect(statSync(join(cwd, 'data'), { throwIfNoEntry: false })).toBeUndefined();
});

function problemsError(env: Record<string, string>): ConfigError {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('no ConfigError');
}

test.each([
  ['PROT=1', 'PROT in .env is not a setting: did you mean PORT?'],
  ['REDIS_PASWORD=x', 'REDIS_PASWORD in .env is not a setting: did you mean REDIS_PASSWORD?'],
])('a mistyped name in .env is refused: %s', (line, problem) => {
  writeFileSync(join(cwd, '.env'), `${line}\nWEB_TITLE=theirs\n`);
  expect(problems({})).toEqual([problem]);
});

test('Redis by URL, with and without TLS', () => {
  expect(load({ REDIS_URL: 'rediss://me:p%40ss@db.example.com:6380/3' }).redis).toEqual({
    server: { type: 'single', host: 'db.example.com', port: 6380 },
    username: 'me',
    password: 'p@ss',
    db: 3,
    tls: true,
    keyPrefix: 'v2:',
    commandTimeoutMs: 240,
  });
  expect(load({ REDIS_URL: 'redis://[::1]' }).redis).toMatchObject({
    server: { host: '::1', port: 6379 },
    password: null,
    db: 0,
    tls: false,
  });
});

test('Redis through Sentinels', () => {
  const env = {
    REDIS_SENTINEL_ENABLED: 'true',
    REDIS_SENTINEL_HOSTS: 'a:26379, [::1]:26380',
    REDIS_PASSWORD: 'p',
  };
  expect(load({ ...env, REDIS_SENTINEL_PASSWORD: 's' }).redis).toMatchObject({
    server: {
      type: 'sentinel',
      sentinels: [
        { host: 'a', port: 26379 },
        { host: '::1', port: 26380 },
      ],
      masterName: 'mymaster',
      sentinelPassword: 's',
    },
    password: 'p',
  });
});

test.each<[string, Record<string, string>, RegExp[]]>([
  [
    'URL and parts',
    { REDIS_URL: 'redis://a', REDIS_HOST: 'b', REDIS_PASSWORD: 'c' },
    [/^REDIS_HOST and REDIS_URL contradict/, /^REDIS_PASSWORD and REDIS_URL contradict/],
  ],
  [
    'URL and Sentinels',
    { REDIS_URL: 'redis://a', REDIS_SENTINEL_ENABLED: 'true', REDIS_SENTINEL_HOSTS: 'a:1' },
    [/^REDIS_URL and REDIS_SENTINEL_ENABLED contradict/],
  ],
  ['Sentinels without hosts', { REDIS_SENTINEL_ENABLED: 'true' }, [/^REDIS_SENTINEL_HOSTS is missing/]],
  [
    'hosts without Sentinels',
    { REDIS_SENTINEL_HOSTS: 'a:1', REDIS_SENTINEL_PASSWORD: 'x' },
    [/^REDIS_SENTINEL_HOSTS is set, but/, /^REDIS_SENTINEL_PASSWORD is set, but/],
  ],
  ['TLS against the URL', { REDIS_URL: 'redis://a', REDIS_TLS: 'true' }, [/use rediss:\/\//]],
  ['no database number', { REDIS_URL: 'redis://a/x' }, [/no database number/]],
  ['options in the URL', { REDIS_URL: 'redis://a/0?family=6' }, [/options/]],
  ['LDAP without server', { LDAP_ENABLED: 'true' }, [/^LDAP_URL is missing/, /^LDAP_SEARCH_BASE is missing/]],
  [
    'half a bind',
    { LDAP_ENABLED: 'true', LDAP_URL: 'ldap://a', LDAP_SEARCH_BASE: 'dc=a', LDAP_BIND_DN: 'cn=a' },
    [/^LDAP_BIND_DN and LDAP_BIND_PASSWORD belong together/],
  ],
  ['console that is not there', { WEB_ROOT: '/nowhere/at/all' }, [/^WEB_ROOT is .* no such folder/]],
])('contradictions are refused: %s', (_name, env, expected) => {
  expect(problems(env)).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as unknown));
});

test('LDAP as a whole', () => {
  const env = { LDAP_ENABLED: 'true', LDAP_URL: 'ldaps://dir', LDAP_SEARCH_BASE: 'dc=a', LDAP_TIMEOUT: '7' };
  expect(load({ ...env, LDAP_BIND_DN: 'cn=a', LDAP_BIND_PASSWORD: 'b' }).ldap).toMatchObject({
    url: 'ldaps://dir',
    bind: { dn: 'cn=a', password: 'b' },
    searchFilter: '(uid={{username}})',
    timeoutMs: 7,
    tls: { rejectUnauthorized: true, caFile: null },
    attributes: { username: 'uid', email: 'mail' },
  });
});

test('secrets are made once, for this user only, and kept', () => {
  const first = load().secrets;
  const path = join(cwd, 'data', 'secrets.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(first.jwtSecret.length).toBeGreaterThanOrEqual(32);
  expect(first.encryptionKey).toMatch(/^[0-9a-f]{64}$/);
  expect(load().secrets).toEqual(first);
});

test('a given secret wins, and only what is missing is made', () => {
  const jwtSecret = 'j'.repeat(32);
  const { encryptionKey } = load({ JWT_SECRET: jwtSecret }).secrets;
  expect(JSON.parse(readFileSync(join(cwd, 'data', 'secrets.json'), 'utf8'))).toEqual({ encryptionKey });
  const both = load().secrets;
  expect(both.encryptionKey).toBe(encryptionKey);
  expect(load().secrets).toEqual(both);
  expect(load({ JWT_SECRET: jwtSecret }).secrets).toEqual({ jwtSecret, encryptionKey });
});

test('a damaged file of secrets stops the start without showing it', () => {
  load();
  writeFileSync(join(cwd, 'data', 'secrets.json'), '{"jwtSecret": "half');
  const [problem] = problems({});
  expect(problem).toMatch(/secrets\.json is damaged/);
  expect(problem).not.toContain('half');
});

test('UPSTREAM_ENDPOINTS lies over the built-in addresses', () => {
  const file = join(cwd, 'endpoints.json');
  writeFileSync(
    file,
    JSON.stringify({ claude: { api: 'http://127.0.0.1:9/' }, bedrock: { runtime: 'http://b' } }),
  );
  const { endpoints } = load({ UPSTREAM_ENDPOINTS: 'endpoints.json' });
  expect(endpoints.claude.api).toBe('http://127.0.0.1:9');
  expect(endpoints.claude.token).toBe('https://platform.claude.com/v1/oauth/token');
  expect(endpoints.bedrock.runtime).toBe('http://b');
});

test.each([
  ['{"claude":{"apii":"http://a"}}', /claude: Unrecognized key: "apii"/],
  ['{"anthropic":{}}', /Unrecognized key: "anthropic"/],
  ['{"claude":{"api":"ftp://a"}}', /claude\.api: expected an http\(s\) address/],
  ['{', /not JSON/],
])('a file of addresses with a mistake is refused: %s', (text, problem) => {
  writeFileSync(join(cwd, 'endpoints.json'), text);
  expect(problems({ UPSTREAM_ENDPOINTS: 'endpoints.json' })).toEqual([expect.stringMatching(problem)]);
});

test('a file of addresses that is not there is refused', () => {
  expect(problems({ UPSTREAM_ENDPOINTS: 'gone.json' })).toEqual([expect.stringMatching(/cannot be read/)]);
});

test.each<[string, Config['trustProxy']]>([
  ['true', true],
  ['2', 2],
  ['10.0.0.0/8, loopback', ['10.0.0.0/8', 'loopback']],
])('TRUST_PROXY=%s', (text, value) => {
  expect(load({ TRUST_PROXY: text }).trustProxy).toEqual(value);
});

test('rests after upstream errors are the gateway’s own judgement unless they are set', () => {
  const rests = (env: Record<string, string>): unknown => load(env).relay.upstreamErrorTtlSeconds;
  const unset = {
    unavailable: null,
    serverError: null,
    overload: null,
    auth: null,
    timeout: null,
    maxCustom: null,
  };
  expect(rests({ UPSTREAM_ERROR_503_TTL_SECONDS: '' })).toEqual(unset);
  expect(rests({ UPSTREAM_ERROR_503_TTL_SECONDS: '60', UPSTREAM_ERROR_AUTH_TTL_SECONDS: '0' })).toEqual({
    ...unset,
    unavailable: 60,
    auth: 0,
  });
});
