import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startAccounts, type TestAccounts } from '../../../test/accounts.ts';
import { providersAt } from '../../../test/providers.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import type { AnyProvider, Send } from '../../providers/provider.ts';

let server: TestRedis;
let opened: TestAccounts;
/** What the vendor is asked with; answers what the test says. */
const exchange = vi.fn<NonNullable<AnyProvider['login']>['exchange']>();
const discover = vi.fn<NonNullable<AnyProvider['discover']>>();

/** A kind with a login, made of one that has none. */
function loginKind(): AnyProvider {
  const base = providersAt('http://127.0.0.1:1').get('claude-console');
  if (base === undefined) throw new Error('no such kind');
  return {
    ...base,
    kind: 'with-login',
    label: 'With login',
    account: {
      settings: z.strictObject({ plan: z.string().optional() }),
      credential: z.strictObject({
        accessToken: z.string(),
        refreshToken: z.string().optional(),
        expiresAt: z.string().nullish(),
      }),
    },
    baseUrl: () => 'https://vendor.example',
    login: {
      modes: ['long-lived'],
      authorizeUrl: ({ state, codeChallenge, mode }) =>
        `https://vendor.example/authorize?state=${state}&challenge=${codeChallenge}&mode=${mode}`,
      exchange,
    },
    expiresAtMs: () => null,
    refresh: (credential) => Promise.resolve(credential),
    discover,
  };
}

const signedIn = {
  credential: { accessToken: 'at-1', refreshToken: 'rt-1' },
  settings: {},
  owner: 'lab@example.org',
};

beforeAll(async () => {
  server = await startTestRedis();
  const kind = loginKind();
  const plain = providersAt('http://127.0.0.1:1').get('claude-console');
  const providers = new Map([[kind.kind, kind]]);
  if (plain !== undefined) providers.set(plain.kind, plain);
  opened = await startAccounts(server, { providers });
});
afterAll(async () => {
  await opened.close();
  await server.stop();
});
afterEach(() => {
  exchange.mockReset();
  discover.mockReset();
});

const begin = (userId = 'admin-1', mode: string | null = null) =>
  opened.accounts.beginLogin('with-login', { mode, proxy: null, userId });
const end = (state: string, code: string, fields = {}, userId = 'admin-1') =>
  opened.accounts.endLogin('with-login', { state, code, userId, username: userId }, fields);

describe('a login', () => {
  test('becomes an account named after its owner, with what the vendor knows of it', async () => {
    exchange.mockResolvedValue(signedIn);
    discover.mockResolvedValue({ plan: 'max' });
    const { url, state } = await begin('admin-1', 'long-lived');
    const { document, before } = await end(state, `code-1#${state}`);
    expect(before).toBeNull();
    expect(document).toMatchObject({
      name: 'lab@example.org',
      settings: { plan: 'max' },
      isDiscovered: true,
    });
    const [answer] = exchange.mock.calls[0] ?? [];
    expect(answer).toMatchObject({ code: 'code-1', state, mode: 'long-lived' });
    const challenge = new URL(url).searchParams.get('challenge');
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(answer?.codeVerifier ?? ''));
    expect(Buffer.from(digest).toString('base64url')).toBe(challenge);
  });

  test('renews an account that is there, and ends its hold', async () => {
    exchange.mockResolvedValue(signedIn);
    discover.mockResolvedValue({});
    const first = await begin();
    const { document } = await end(first.state, 'one', { name: 'mine', priority: 7 });
    expect(opened.accounts.find(document.id)?.isRenewable).toBe(true);
    exchange.mockResolvedValue({ ...signedIn, credential: { accessToken: 'at-2' } });
    const second = await begin();
    const again = await end(second.state, 'two', { accountId: document.id });
    expect(again.before?.id).toBe(document.id);
    expect(again.document).toMatchObject({ id: document.id, name: 'mine', priority: 7 });
    expect(again.document.credentialSealed).not.toBe(document.credentialSealed);
    // The refresh token was of the login before.
    expect(opened.accounts.find(document.id)?.isRenewable).toBe(false);
  });

  test('that is begun by one is not ended by another, nor twice, nor with another state', async () => {
    exchange.mockResolvedValue(signedIn);
    discover.mockResolvedValue({});
    const { state } = await begin();
    await expect(end(state, 'code', {}, 'admin-2')).rejects.toMatchObject({ code: 'validation_failed' });
    // Used up by the try: nobody gets a second guess.
    await expect(end(state, 'code')).rejects.toMatchObject({ code: 'validation_failed' });
    const other = await begin();
    await expect(end(other.state, 'code#foreign')).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'code' })],
    });
    expect(exchange).not.toHaveBeenCalled();
    await end(other.state, 'code');
    await expect(end(other.state, 'code')).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test('that the vendor refuses says so in its words, and makes no account', async () => {
    exchange.mockRejectedValue(new Error('the code is too old'));
    const before = (await opened.accounts.list({ page: 1, pageSize: 100, sort: 'name' })).total;
    const { state } = await begin();
    await expect(end(state, 'code')).rejects.toMatchObject({
      code: 'login_failed',
      message: expect.stringContaining('the code is too old') as unknown,
    });
    expect((await opened.accounts.list({ page: 1, pageSize: 100, sort: 'name' })).total).toBe(before);
  });

  test('of a kind or mode that there is not is refused', async () => {
    await expect(begin('admin-1', 'other')).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(
      opened.accounts.beginLogin('claude-console', { mode: null, proxy: null, userId: 'admin-1' }),
    ).rejects.toMatchObject({ code: 'wrong_state' });
  });

  test('what the vendor could not be asked is asked later', async () => {
    exchange.mockResolvedValue(signedIn);
    discover.mockRejectedValueOnce(new Error('unreachable'));
    const { state } = await begin();
    const { document } = await end(state, 'code', { name: 'later' });
    expect(document.isDiscovered).toBe(false);
    discover.mockResolvedValue({ plan: 'pro' });
    await opened.accounts.renewDue(new AbortController().signal);
    expect(opened.accounts.find(document.id)?.document).toMatchObject({
      settings: { plan: 'pro' },
      isDiscovered: true,
    });
    opened.errors.length = 0;
  });
});

test('a login goes by way of the proxy that the account will have', async () => {
  const proxy = { type: 'socks5', host: '127.0.0.1', port: 1, username: null, password: null } as const;
  exchange.mockImplementation(async (_answer, send: Send) => {
    await send({
      method: 'POST',
      origin: 'http://127.0.0.1:1',
      path: '/',
      headers: [],
      body: Buffer.alloc(0),
    });
    return signedIn;
  });
  const { state } = await opened.accounts.beginLogin('with-login', { mode: null, proxy, userId: 'admin-1' });
  // Nothing listens there: a direct connection would be refused by its own words.
  await expect(end(state, 'code')).rejects.toMatchObject({ code: 'login_failed' });
});

test('an account that signs in again goes by way of the proxy that it has', async () => {
  const vendor = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const address = vendor.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const ask: NonNullable<AnyProvider['login']>['exchange'] = async (_answer, send) => {
    await send({ method: 'POST', origin, path: '/', headers: [], body: Buffer.alloc(0) });
    return signedIn;
  };
  discover.mockResolvedValue({});
  // Directly the vendor answers; where the proxy should be, nobody listens.
  exchange.mockImplementation(ask);
  const { state } = await begin();
  const { document } = await end(state, 'code', { name: 'at home' });
  const proxy = { type: 'socks5', host: '127.0.0.1', port: 1, username: null } as const;
  await opened.accounts.update('with-login', document.id, { proxy });
  const second = await begin();
  await expect(end(second.state, 'code', { accountId: document.id })).rejects.toMatchObject({
    code: 'login_failed',
  });
  vendor.close();
});
