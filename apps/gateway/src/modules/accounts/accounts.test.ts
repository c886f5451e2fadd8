import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { providersAt } from '../../../test/providers.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { accountDocument } from '../../../test/account-document.ts';
import { startAccounts, type TestAccounts } from '../../../test/accounts.ts';
import type { UpstreamFailure } from '../../providers/provider.ts';
import { accountDocumentSchema } from './document.ts';

const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
const revoked: UpstreamFailure = {
  reason: 'credential_rejected',
  fault: 'account',
  retry: 'other',
  coolDownMs: null,
  coolDownScope: 'account',
  accountState: 'needs-login',
  message: 'revoked',
};

let server: TestRedis;
let simulator: Simulator;
let replicas: TestAccounts[] = [];

beforeAll(async () => {
  server = await startTestRedis();
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
  await server.stop();
});
afterEach(async () => {
  for (const opened of replicas) await opened.close();
  replicas = [];
  simulator.reset();
  await server.flush();
});

interface ReplicaOptions {
  encryptionKey?: string;
  allowPrivateUpstreams?: boolean;
  /** What every host name resolves to. */
  addresses?: string[];
}

/** One gateway process. */
async function replica(options: ReplicaOptions = {}): Promise<TestAccounts> {
  const opened = await startAccounts(server, {
    ...options,
    clock: { now: () => START_MS },
    providers: providersAt(simulator.url),
  });
  replicas.push(opened);
  return opened;
}

const consoleAccount = (name = 'first') => ({
  name,
  settings: { baseUrl: simulator.url },
  credential: { apiKey: 'sk-ant-api03-secret' },
});

/** Matches a text that holds `part`. */
function holding(part: string): unknown {
  return expect.stringContaining(part);
}

/** `validation_failed` that names these fields. */
function naming(...paths: string[]): object {
  return {
    code: 'validation_failed',
    errors: paths.map((path): unknown => expect.objectContaining({ path })),
  };
}

describe('saving', () => {
  test('a new account gets the defaults of accounts and of its kind', async () => {
    const { accounts } = await replica();
    const document = await accounts.create('claude-console', consoleAccount());
    expect(document).toMatchObject({
      kind: 'claude-console',
      settings: { baseUrl: simulator.url, auth: 'x-api-key' },
      priority: 50,
      weight: 1,
      maxConcurrency: 0,
      models: { allow: [], map: {} },
      clients: [],
      enabled: true,
      version: 1,
    });
    const login = await accounts.create('claude', {
      name: 'login',
      credential: { accessToken: 'sk-ant-oat01-x' },
    });
    expect(login.clients).toEqual(['claude_code']);
    expect(accounts.live().map((account) => account.document.name)).toEqual(['first', 'login']);
  });

  test('the credential is sealed, and nowhere else', async () => {
    const { accounts, redis } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    const stored = await redis.background.get(redis.keyspace.document('account', id));
    expect(stored).not.toContain('sk-ant-api03-secret');
    expect(stored).toContain('"credentialSealed":"v2.');
  });

  test('fields of settings and credential that do not fit the kind are named, all at once', async () => {
    const { accounts } = await replica();
    const bad = { name: 'x', settings: { baseUrl: 'ftp://host', colour: 'red' }, credential: { apiKey: '' } };
    await expect(accounts.create('claude-console', bad)).rejects.toMatchObject(
      naming('settings.baseUrl', 'settings.colour', 'credential.apiKey'),
    );
    await expect(accounts.create('claude-console', { name: 'x', credential: {} })).rejects.toMatchObject({
      detail: '`credential.apiKey`: required',
      errors: [{ path: 'credential.apiKey', message: 'required' }],
    });
    expect(accounts.live()).toEqual([]);
  });

  test('an unknown kind is not found, and the refusal names those there are', async () => {
    const { accounts } = await replica();
    await expect(accounts.create('nothing', { name: 'x', credential: {} })).rejects.toMatchObject({
      code: 'not_found',
      detail: `There is no account kind "nothing"; there are ${[...providersAt(simulator.url).keys()].join(', ')}`,
    });
  });

  test('a change merges fields, settings and credential, and takes null away', async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude', {
      name: 'login',
      credential: { accessToken: 'one', refreshToken: 'two' },
    });
    await accounts.update('claude', id, { credential: { accessToken: 'three' }, priority: 1 });
    await accounts.update('claude', id, { credential: { refreshToken: null } });
    const sent = accounts.find(id)?.prepare(testCall('x'));
    expect(sent?.headers).toContain('Bearer three');

    const other = await accounts.create('claude-console', consoleAccount());
    const { after, before } = await accounts.update('claude-console', other.id, {
      settings: { auth: 'bearer' },
    });
    expect(before.settings).toEqual({ baseUrl: simulator.url, auth: 'x-api-key' });
    expect(after).toEqual({
      ...before,
      settings: { baseUrl: simulator.url, auth: 'bearer' },
      version: 2,
      editVersion: 2,
    });
  });

  test('a change based on an old version, or of another kind, is refused', async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    await accounts.update('claude-console', id, { name: 'second', version: 1 });
    const stale = accounts.update('claude-console', id, { name: 'third', version: 1 });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
    await expect(accounts.update('claude', id, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(accounts.get('claude-console', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('changes of different fields at the same time all arrive', async () => {
    const [here, there] = [await replica(), await replica()];
    const { id } = await here.accounts.create('claude-console', consoleAccount());
    await Promise.all([
      here.accounts.update('claude-console', id, { priority: 3 }),
      there.accounts.update('claude-console', id, { weight: 9 }),
    ]);
    const { document } = await there.accounts.get('claude-console', id);
    expect(document).toMatchObject({ priority: 3, weight: 9, version: 3 });
  });
});

describe('addresses', () => {
  const guarded = { allowPrivateUpstreams: false };
  const at = (baseUrl: string) => ({ ...consoleAccount(), settings: { baseUrl } });

  test.each([
    'http://127.0.0.1:8080',
    'http://[::1]/',
    'http://10.1.2.3',
    'http://169.254.169.254/latest',
    'http://0x7f.1',
  ])('%s is refused unless private upstreams are allowed', async (baseUrl) => {
    const { accounts } = await replica(guarded);
    await expect(accounts.create('claude-console', at(baseUrl))).rejects.toMatchObject(
      naming('settings.baseUrl'),
    );
    const open = await replica();
    await expect(open.accounts.create('claude-console', at(baseUrl))).resolves.toMatchObject({ version: 1 });
  });

  test('a name that resolves to a private address is refused, also when an account is changed to it', async () => {
    const { accounts } = await replica({ ...guarded, addresses: ['93.184.216.34', '192.168.0.9'] });
    await expect(accounts.create('claude-console', at('https://intranet.example'))).rejects.toMatchObject({
      errors: [{ path: 'settings.baseUrl', message: holding('resolves to 192.168.0.9') }],
    });
    const { id } = await accounts.create('claude-console', at('https://93.184.216.34'));
    const change = accounts.update('claude-console', id, {
      settings: { baseUrl: 'https://intranet.example' },
    });
    await expect(change).rejects.toMatchObject(naming('settings.baseUrl'));
  });

  test("the operator's own addresses are not the account's, and may be private", async () => {
    const { accounts } = await replica(guarded);
    const { id } = await accounts.create('claude', {
      name: 'login',
      credential: { accessToken: 'sk-ant-oat01-x' },
    });
    expect(accounts.find(id)?.isOperatorAddress).toBe(true);
    expect((await accounts.test('claude', id, null)).result).toMatchObject({ ok: true, status: 200 });
    const own = await accounts.create('claude-console', at('https://93.184.216.34/v1/'));
    expect(accounts.find(own.id)?.isOperatorAddress).toBe(false);
  });

  test('a base URL may end with a slash or carry /v1', async () => {
    const { accounts } = await replica();
    for (const tail of ['/as/team', '/as/team/', '/as/team/v1', '/as/team/v1/']) {
      const { id } = await accounts.create('claude-console', at(simulator.url + tail));
      expect((await accounts.test('claude-console', id, null)).result).toMatchObject({ ok: true });
    }
    expect(simulator.count({ account: 'team', path: '/v1/messages' })).toBe(4);
  });
});

describe('living copies', () => {
  test('every replica has what any of them saved, and forgets what any deleted', async () => {
    const [here, there] = [await replica(), await replica()];
    const { id } = await here.accounts.create('claude-console', consoleAccount());
    await expect.poll(() => there.accounts.find(id)?.document.name).toBe('first');
    await here.accounts.update('claude-console', id, { name: 'renamed' });
    await expect.poll(() => there.accounts.find(id)?.document.name).toBe('renamed');
    await here.accounts.remove('claude-console', id);
    expect(here.accounts.find(id)).toBeUndefined();
    await expect.poll(() => there.accounts.live()).toEqual([]);
  });

  test('a credential that does not open blocks its account with the reason, and no other', async () => {
    const here = await replica();
    const { id } = await here.accounts.create('claude-console', consoleAccount());
    const other = await replica({ encryptionKey: 'other'.repeat(8) });
    const good = await other.accounts.create('claude-console', consoleAccount('good'));
    const { standing } = await other.accounts.get('claude-console', id);
    expect(standing).toMatchObject({ status: 'blocked', reason: holding('ENCRYPTION_KEY') });
    expect(other.accounts.health.blockedUntil(id, 'opus', START_MS)).toMatchObject({
      status: 'blocked',
      untilMs: null,
    });
    expect(other.accounts.health.blockedUntil(good.id, 'opus', START_MS)).toBeNull();
    expect(() => other.accounts.find(id)?.prepare(testCall('x'))).toThrow('cannot be used');
    expect((await other.accounts.test('claude-console', id, null)).result).toMatchObject({
      ok: false,
      status: 0,
      error: { code: 'account_defect' },
    });
    // Given again, it is sealed with the key of today.
    await other.accounts.update('claude-console', id, { credential: { apiKey: 'sk-new' } });
    expect((await other.accounts.get('claude-console', id)).standing.status).toBe('ready');
  });

  test('settings that fit the kind no more, and kinds that are no more, are told and not used', async () => {
    const { accounts, redis } = await replica();
    const document = await accounts.create('claude-console', consoleAccount());
    const store = async (fields: object): Promise<void> => {
      const text = JSON.stringify({ ...document, ...fields });
      await redis.background.set(redis.keyspace.document('account', document.id), text);
      await redis.background.zadd(
        redis.keyspace.documentChanges('account'),
        Number.MAX_SAFE_INTEGER,
        document.id,
      );
    };
    await store({ settings: { baseUrl: 7 }, version: 2 });
    const listed = await accounts.list({ page: 1, pageSize: 20, sort: 'name' });
    expect(listed.views[0]?.standing).toMatchObject({
      status: 'blocked',
      reason: holding('settings'),
    });

    await store({ kind: 'extinct', version: 3 });
    const { standing } = await accounts.get('extinct', document.id);
    expect(standing).toMatchObject({ status: 'blocked', reason: holding('"extinct"') });
  });
});

describe('connection test', () => {
  test('a good answer is told with its text, and ends every rest and hold', async () => {
    const { accounts, told } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    accounts.health.failed({ id }, 'opus', revoked, START_MS);
    expect(accounts.health.blockedUntil(id, 'haiku', START_MS)).toMatchObject({ status: 'needs-login' });
    const { result } = await accounts.test('claude-console', id, 'claude-sonnet-5');
    expect(result).toEqual({ ok: true, status: 200, latencyMs: 0, model: 'claude-sonnet-5', reply: 'OK' });
    expect(accounts.health.blockedUntil(id, 'haiku', START_MS)).toBeNull();
    expect(told.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'ready > needs-login',
      'needs-login > ready',
    ]);
    expect(accounts.health.inFlight(id)).toBe(0);
  });

  test("the vendor's refusal is told as it came, and a dead credential holds the account", async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    simulator.enqueue({ status: 401, message: 'invalid x-api-key' });
    expect((await accounts.test('claude-console', id, null)).result).toMatchObject({
      ok: false,
      status: 401,
      error: { code: 'credential_rejected', message: 'invalid x-api-key' },
    });
    expect((await accounts.get('claude-console', id)).standing).toMatchObject({ status: 'needs-login' });
    await accounts.reset('claude-console', id);
    expect((await accounts.get('claude-console', id)).standing).toMatchObject({ status: 'ready' });
  });

  test('what is busy is told, and holds nothing', async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    simulator.enqueue({ status: 529, message: 'Overloaded' });
    const { result } = await accounts.test('claude-console', id, null);
    expect(result).toMatchObject({
      ok: false,
      status: 529,
      error: { code: 'overloaded', message: 'Overloaded' },
    });
    expect((await accounts.get('claude-console', id)).standing.status).toBe('ready');
  });

  test('a success that holds an error, or is no answer of a vendor, is a failure', async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    simulator.enqueue({ jsonErrorIn200: true, errorType: 'api_error', message: 'broken inside' });
    expect((await accounts.test('claude-console', id, null)).result).toMatchObject({
      ok: false,
      status: 200,
      error: { code: 'server_error', message: 'broken inside' },
    });
    simulator.enqueue({ body: '<html>Sign in</html>' });
    expect((await accounts.test('claude-console', id, null)).result).toMatchObject({
      ok: false,
      status: 200,
      error: { code: 'not_an_answer', message: holding('<html>Sign in</html>') },
    });
  });

  test('an upstream that cannot be reached has status 0', async () => {
    const { accounts } = await replica();
    const settings = { baseUrl: 'http://127.0.0.1:1' };
    const { id } = await accounts.create('claude-console', { ...consoleAccount(), settings });
    const { result } = await accounts.test('claude-console', id, null);
    expect(result).toMatchObject({ ok: false, status: 0, error: { code: 'unreachable' } });
    expect(result.error?.message).toContain('ECONNREFUSED');
  });

  test("the account's own models and mapping are what is asked for", async () => {
    const { accounts } = await replica();
    const models = { allow: ['claude-*', 'claude-opus-5'], map: { 'claude-opus-*': 'claude-opus-5-real' } };
    const { id } = await accounts.create('claude-console', { ...consoleAccount(), models });
    expect((await accounts.test('claude-console', id, null)).result.model).toBe('claude-opus-5');
    expect(simulator.requests.at(-1)?.rawBody.toString()).toContain('"claude-opus-5-real"');
  });

  test("what the vendor's headers say of its quota is kept", async () => {
    const { accounts } = await replica();
    const { id } = await accounts.create('claude', {
      name: 'login',
      credential: { accessToken: 'sk-ant-oat01-x' },
    });
    await accounts.test('claude', id, null);
    const { windows } = await accounts.get('claude', id);
    expect(windows.map(({ name }) => name)).toContain('5h');
  });
});

describe('status', () => {
  test('switching off and on is told, by the replica where it was done', async () => {
    const [here, there] = [await replica(), await replica()];
    const { id } = await here.accounts.create('claude-console', consoleAccount());
    await here.accounts.update('claude-console', id, { enabled: false });
    expect(here.accounts.health.blockedUntil(id, 'opus', START_MS)).toMatchObject({ status: 'disabled' });
    await expect
      .poll(() => there.accounts.health.blockedUntil(id, 'opus', START_MS)?.status)
      .toBe('disabled');
    await here.accounts.update('claude-console', id, { enabled: true });
    expect(here.told.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'ready > disabled',
      'disabled > ready',
    ]);
    expect(there.told).toEqual([]);
  });

  test('a new credential or address clears what was learnt of the old one, a new name does not', async () => {
    const { accounts, told } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    accounts.health.failed({ id }, 'opus', revoked, START_MS);
    await accounts.update('claude-console', id, { name: 'renamed' });
    expect((await accounts.get('claude-console', id)).standing.status).toBe('needs-login');
    await accounts.update('claude-console', id, { credential: { apiKey: 'sk-new' } });
    expect((await accounts.get('claude-console', id)).standing.status).toBe('ready');
    expect(told.map(({ to }) => to)).toEqual(['needs-login', 'ready']);
  });

  test('a deleted account leaves no health behind', async () => {
    const { accounts, redis } = await replica();
    const { id } = await accounts.create('claude-console', consoleAccount());
    accounts.health.failed({ id }, 'opus', revoked, START_MS);
    await accounts.remove('claude-console', id);
    await accounts.stop();
    expect(await redis.background.exists(redis.keyspace.accountHealth)).toBe(0);
  });
});

function testCall(model: string) {
  const provider = providersAt(simulator.url).get('claude-console');
  if (provider === undefined) throw new Error('no such kind');
  return provider.testCall(model).call;
}

test('an account that was stored before there were groups and quotas is shared and has neither', () => {
  const { shared: _shared, groupIds: _groupIds, dailyUsd: _dailyUsd, ...older } = accountDocument({});
  expect(accountDocumentSchema.parse(older)).toMatchObject({ shared: true, groupIds: [], dailyUsd: null });
});
