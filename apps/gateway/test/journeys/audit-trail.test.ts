// Whatever an administrator changes leaves an entry in the audit trail, and no entry has a secret in it. Every route of the
// contract that can change something has its row here: one without a row fails the test.
import { api, listRoutes } from '@crs/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/platform/events.ts';
import { ADMIN_PASSWORD, startTestGateway, type TestGateway } from '../gateway.ts';
import { addLogin, signInAt } from '../logins.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';

let gateway: TestGateway;
let token = '';
const acts: AuditEvent[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.gateway.services.events.on('audit', (act) => acts.push(act));
  const { token: mine } = await gateway.admin.auth.adminLogin({
    body: { username: 'admin', password: ADMIN_PASSWORD },
  });
  token = mine;
});
afterAll(() => gateway.close());

/** Routes that leave none, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  'auth.adminLogin':
    'nobody is signed in yet; who comes is in the log of sign-ins, who fails in that of security',
  'auth.logout': 'ends the own session only; it is in the log of sign-ins',
  'public.keyStats': 'changes nothing: a question whose key is not to stand in an address',
  'pricing.previewReprice': 'changes nothing: a question too long for an address',
  'accounts.authUrl': 'changes nothing that lasts: the page to open at a vendor, good for ten minutes',
};

interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What must never be written down, of what is sent. */
  readonly secrets?: readonly string[];
}

interface Row {
  /** Of the entry that it leaves. */
  readonly action: string;
  /** Makes what the route is called on. */
  call(): Promise<Call> | Call;
  /** Of the answer: what must never be written down either. */
  secretsOf?(answer: never): readonly string[];
}

const KIND = 'claude-console';
const secret = (what: string): string => `sk-ant-secret-of-${what}`;
const proxy = (what: string) => ({
  type: 'http',
  host: 'proxy.example',
  port: 8080,
  username: 'me',
  password: secret(what),
});

async function account(): Promise<{ kind: string; id: string }> {
  return { kind: KIND, id: (await addAccount(gateway)).id };
}

async function login(email: string): Promise<{ kind: string; id: string }> {
  return { kind: 'claude', id: (await addLogin(gateway.admin, 'claude', email)).id };
}

async function key(): Promise<{ id: string }> {
  return { id: (await addKey(gateway)).id };
}

async function trashed(): Promise<{ id: string }> {
  const params = await key();
  await gateway.admin.keys.remove({ params });
  return params;
}

async function group(name: string): Promise<{ id: string }> {
  return { id: (await gateway.admin.groups.create({ body: { name } })).id };
}

/** A request whose bodies are kept. */
async function captured(): Promise<{ id: string }> {
  await addAccount(gateway);
  const { secret: ofKey } = await addKey(gateway, { capture: { request: true, response: true } });
  const answer = await send(gateway.url, ofKey, { body: message('Remember this') });
  expect(answer.status).toBe(200);
  await gateway.settled();
  await gateway.gateway.services.captures.idle(5000);
  return { id: String(answer.headers['x-request-id']) };
}

/** A past range that would change. */
async function previewed(usd: number): Promise<string> {
  await captured();
  const usdPerMTok = { input: usd, output: usd };
  const from = '2020-01-01T00:00:00Z';
  await gateway.admin.pricing.replace({
    body: { overrides: [{ model: 'claude-sonnet-5-5', provider: 'anthropic', from, usdPerMTok }] },
  });
  const range = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
  const { fingerprint } = await gateway.admin.pricing.previewReprice({ body: range });
  return fingerprint;
}

async function repriced(): Promise<void> {
  const runOf = async () => (await gateway.admin.pricing.repriceRun()).run;
  await expect.poll(async () => (await runOf())?.status).not.toBe('running');
}

/** Two changes of a section, one for each way. */
function settings(section: string, put: object, patch: object): Record<string, Row> {
  return {
    [`settings.${section}.replace`]: { action: 'settings.update', call: () => ({ body: put }) },
    [`settings.${section}.update`]: { action: 'settings.update', call: () => ({ body: patch }) },
  };
}

const ROWS: Readonly<Record<string, Row>> = {
  'keys.create': {
    action: 'key.create',
    call: () => ({ body: { name: 'new', tags: ['a'] } }),
    secretsOf: (answer: { secret: string }) => [answer.secret],
  },
  'keys.createMany': {
    action: 'key.create',
    call: () => ({ body: { name: 'many {n}', count: 2 } }),
    secretsOf: ({ items }: { items: { secret: string }[] }) => items.map((item) => item.secret),
  },
  'keys.updateMany': {
    action: 'key.update',
    call: async () => ({ body: { ids: [(await key()).id], addTags: ['b'] } }),
  },
  'keys.removeMany': { action: 'key.delete', call: async () => ({ body: { ids: [(await key()).id] } }) },
  'keys.replace': {
    action: 'key.update',
    call: async () => ({ params: await key(), body: { name: 'replaced' } }),
  },
  'keys.update': {
    action: 'key.update',
    call: async () => ({ params: await key(), body: { name: 'updated' } }),
  },
  'keys.remove': { action: 'key.delete', call: async () => ({ params: await key() }) },
  'keys.restore': { action: 'key.restore', call: async () => ({ params: await trashed() }) },
  'keys.purge': { action: 'key.purge', call: async () => ({ params: await trashed() }) },
  'keys.renew': {
    action: 'key.renew',
    call: async () => ({ params: await key(), body: { at: '2090-01-01T00:00:00Z' } }),
  },
  'keys.rotate': {
    action: 'key.rotate',
    call: async () => ({ params: await key(), body: { graceSeconds: 60 } }),
    secretsOf: (answer: { secret: string }) => [answer.secret],
  },
  'accounts.create': {
    action: 'account.create',
    call: () => ({
      params: { kind: KIND },
      body: { name: 'made', credential: { apiKey: secret('create') }, proxy: proxy('create-proxy') },
      secrets: [secret('create'), secret('create-proxy')],
    }),
  },
  'accounts.replace': {
    action: 'account.update',
    call: async () => ({
      params: await account(),
      body: { description: 'put', credential: { apiKey: secret('put') }, proxy: proxy('put-proxy') },
      secrets: [secret('put'), secret('put-proxy')],
    }),
  },
  'accounts.update': {
    action: 'account.update',
    call: async () => ({
      params: await account(),
      body: { description: 'patch', credential: { apiKey: secret('patch') }, proxy: proxy('patch-proxy') },
      secrets: [secret('patch'), secret('patch-proxy')],
    }),
  },
  'accounts.updateMany': {
    action: 'account.update',
    call: async () => ({ body: { ids: [(await account()).id], set: { priority: 7 } } }),
  },
  'accounts.removeMany': {
    action: 'account.delete',
    call: async () => ({ body: { ids: [(await account()).id] } }),
  },
  'accounts.remove': { action: 'account.delete', call: async () => ({ params: await account() }) },
  'accounts.test': { action: 'account.test', call: async () => ({ params: await account(), body: {} }) },
  'accounts.exchange': {
    action: 'account.create',
    call: async () => {
      const params = { kind: 'claude' };
      const { url, state } = await gateway.admin.accounts.authUrl({ params, body: {} });
      const code = await signInAt(url, 'ada@example.com');
      return { params, body: { state, code }, secrets: [state, code] };
    },
  },
  'accounts.refresh': {
    action: 'account.refresh',
    call: async () => ({ params: await login('grace@example.com') }),
  },
  'accounts.reset': { action: 'account.reset', call: async () => ({ params: await account() }) },
  'groups.create': { action: 'group.create', call: () => ({ body: { name: 'made' } }) },
  'groups.replace': {
    action: 'group.update',
    call: async () => ({ params: await group('one'), body: { description: 'put' } }),
  },
  'groups.update': {
    action: 'group.update',
    call: async () => ({ params: await group('two'), body: { description: 'patch' } }),
  },
  'groups.remove': { action: 'group.delete', call: async () => ({ params: await group('three') }) },
  'pricing.replace': { action: 'pricing.update', call: () => ({ body: { rates: { claude: 1.5 } } }) },
  'pricing.startReprice': {
    action: 'pricing.reprice',
    call: async () => ({ body: { fingerprint: await previewed(1) } }),
  },
  'pricing.cancelReprice': {
    action: 'pricing.reprice_cancel',
    call: async () => {
      await repriced();
      // A run that nobody works on.
      await gateway.gateway.services.redis.background.set(
        gateway.gateway.services.redis.keyspace.repriceLease,
        'somebody else',
      );
      await gateway.admin.pricing.startReprice({ body: { fingerprint: await previewed(2) } });
      return {};
    },
  },
  'requests.deleteAllBodies': { action: 'request.delete_bodies', call: () => ({ query: {} }) },
  'requests.deleteBodies': {
    action: 'request.delete_bodies',
    call: async () => ({ params: await captured() }),
  },
  ...settings('general', { contact: 'ops' }, { contact: 'ops 2' }),
  ...settings('branding', { name: 'Relay' }, { name: 'Relay 2' }),
  ...settings('security', { loginLockMinutes: 20 }, { loginLockMinutes: 21 }),
  ...settings('retention', { auditDays: 100 }, { auditDays: 101 }),
  ...settings('stickiness', { waitMs: 1000 }, { waitMs: 1001 }),
  ...settings('cool-downs', { timeoutSeconds: 10 }, { timeoutSeconds: 11 }),
  ...settings('capture', { retentionHours: 10 }, { retentionHours: 11 }),
  'auth.changePassword': {
    action: 'user.change_password',
    call: () => ({
      body: { current: ADMIN_PASSWORD, next: 'another-long-test-password' },
      secrets: [ADMIN_PASSWORD, 'another-long-test-password'],
    }),
    secretsOf: (answer: { token: string }) => [answer.token],
  },
};

const routes = listRoutes(api).filter(({ route }) => route.method !== 'GET');

test('every route that can change something is looked at here, or says why it leaves no entry', () => {
  const known = [...Object.keys(ROWS), ...Object.keys(WITHOUT)];
  expect(known.toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
});

test('each leaves its entry with who did it, and no entry has a secret in it', async () => {
  const secrets: string[] = [];
  for (const [name, row] of Object.entries(ROWS)) {
    const route = routes.find((one) => one.name === name)?.route;
    if (route === undefined) throw new Error(`${name} is no route that can change something`);
    const { params = {}, query = {}, body, secrets: sent = [] } = await row.call();
    const path = route.path.replaceAll(/:(\w+)/g, (_, part: string) => params[part] ?? '');
    const before = acts.length;
    const answer = await fetch(`${gateway.url}/api/v2${path}?${new URLSearchParams(query).toString()}`, {
      method: route.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.ok, `${name}: ${answer.status} ${text}`).toBe(true);
    const left = acts.slice(before).filter(({ action }) => action === row.action);
    expect(left, name).not.toEqual([]);
    for (const act of left) expect(act, name).toMatchObject({ actor: { username: 'admin' } });
    secrets.push(...sent, ...(row.secretsOf?.(JSON.parse(text) as never) ?? []));
  }
  expect(secrets.length).toBeGreaterThanOrEqual(15);

  const { redis } = gateway.gateway.services;
  await expect
    .poll(async () => redis.background.hlen(redis.keyspace.auditEntries))
    .toBeGreaterThanOrEqual(acts.length);
  const trail = (await redis.background.hvals(redis.keyspace.auditEntries)).join('\n');
  expect(trail).toContain('account.create');
  expect([...secrets, 'sk-ant-'].filter((one) => trail.includes(one))).toEqual([]);
});
