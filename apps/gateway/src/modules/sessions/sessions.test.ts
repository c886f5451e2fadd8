// Who gets in, how long, and what ends it.
import { api } from '@crs/shared';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type AdminApi, PASSWORD, startAdminApi } from '../../../test/admin-api.ts';
import { ProblemError } from '../../platform/problem.ts';
import { authHandlers } from './auth.routes.ts';
import { throttleKey } from './client-network.ts';
import { createTokens } from './token.ts';

const HOUR_MS = 3_600_000;

let admin: AdminApi;
let app: FastifyInstance;

beforeAll(async () => {
  admin = await startAdminApi();
  const { sessions, clock } = admin;
  const server = { version: '9.9.9', timezone: 'UTC+8', apiKeyPrefix: 'cr_' };
  app = await admin.mount(
    { auth: api.auth },
    { auth: authHandlers({ sessions, clock, server, passwordMinimumLength: () => 10 }) },
    { trustProxy: true },
  );
});
afterAll(() => admin.stop());
afterEach(() => admin.reset());

interface Call {
  method?: 'GET' | 'POST';
  token?: string;
  cookie?: string;
  body?: object;
  from?: string;
  https?: boolean;
}

async function call(
  path: string,
  { method = 'POST', token, cookie, body, from = '203.0.113.1', https = false }: Call,
) {
  return app.inject({
    method,
    url: `/api/v2/auth/${path}`,
    headers: {
      'x-forwarded-for': from,
      'x-forwarded-proto': https ? 'https' : 'http',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
}

async function signIn(username = 'ada', password = PASSWORD, more: Call = {}) {
  return call('admin/login', { body: { username, password }, ...more });
}

async function tokenOf(username = 'ada', password = PASSWORD): Promise<string> {
  const answer = await signIn(username, password);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ token: string }>().token;
}

async function isIn(token: string): Promise<boolean> {
  return (await call('me', { method: 'GET', token })).statusCode === 200;
}

test('a sign-in answers a token and the same session as a cookie that scripts of a page cannot read', async () => {
  const user = await admin.addUser({ username: 'Ada', role: 'viewer' });
  const answer = await signIn(' aDA ');
  const { token, ...rest } = answer.json<{ token: string }>();
  expect(rest).toEqual({
    expiresAt: '2026-03-01T22:00:00.000Z',
    user: { id: user.id, username: 'Ada', role: 'viewer', mustChangePassword: false },
  });
  const [cookie] = answer.cookies;
  expect(cookie).toMatchObject({
    name: 'crs_session',
    value: token,
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
  });
  expect(cookie?.secure).toBeUndefined();
  expect((await call('me', { method: 'GET', cookie: `crs_session=${token}` })).json()).toEqual({
    ...rest,
    endsAt: '2026-03-08T10:00:00.000Z',
    server: {
      version: '9.9.9',
      timezone: 'UTC+8',
      apiKeyPrefix: 'cr_',
      now: '2026-03-01T10:00:00.000Z',
      passwordMinimumLength: 10,
    },
  });
  expect(admin.told.security).toMatchObject([
    { kind: 'login.succeeded', detail: { userId: user.id, ip: '203.0.113.1' } },
  ]);
});

test('over https the cookie is for https only', async () => {
  await admin.addUser({ username: 'ada' });
  expect((await signIn('ada', PASSWORD, { https: true })).cookies[0]?.secure).toBe(true);
});

test('a wrong password and an unknown name are answered alike', async () => {
  await admin.addUser({ username: 'ada' });
  const wrong = await signIn('ada', 'not the password');
  const unknown = await signIn('nobody', 'not the password');
  expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
  const about = (answer: typeof wrong) => ({ ...answer.json<object>(), requestId: '' });
  expect(about(wrong)).toEqual(about(unknown));
  expect(wrong.json()).toMatchObject({ code: 'wrong_credentials' });
  expect(admin.told.security.map(({ kind }) => kind)).toEqual(['login.failed', 'login.failed']);
  expect(JSON.stringify(admin.told.security)).not.toContain('not the password');
});

test('disabled users and roles without a console learn it only with the right password', async () => {
  await admin.addUser({ username: 'off', enabled: false });
  await admin.addUser({ username: 'member', role: 'user' });
  expect((await signIn('off')).json()).toMatchObject({ status: 403, code: 'account_disabled' });
  expect((await signIn('member')).json()).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await signIn('off', 'wrong password')).json()).toMatchObject({ code: 'wrong_credentials' });
  expect((await signIn('member', 'wrong password')).json()).toMatchObject({ code: 'wrong_credentials' });
});

test('a session lives 12 hours after its last use, and 7 days at most', async () => {
  const user = await admin.addUser({ username: 'ada' });
  const { token, session } = await admin.sessions.begin(user);
  const key = admin.redis.keyspace.session(session.id);
  await admin.redis.commands.pexpire(key, 1000);
  expect(await isIn(token)).toBe(true);
  expect(await admin.redis.commands.pttl(key)).toBeGreaterThan(11.9 * HOUR_MS);

  admin.clock.nowMs += 7 * 24 * HOUR_MS - HOUR_MS;
  const me = await call('me', { method: 'GET', token });
  expect(me.json()).toMatchObject({ user: { id: user.id }, expiresAt: '2026-03-08T10:00:00.000Z' });
  admin.clock.nowMs += HOUR_MS;
  expect(await isIn(token)).toBe(false);
  admin.clock.nowMs -= 7 * 24 * HOUR_MS;
});

test('a sign-out ends that session at once, takes the cookie away, and leaves the others', async () => {
  await admin.addUser({ username: 'ada' });
  const [here, there] = [await tokenOf(), await tokenOf()];
  const answer = await call('logout', { token: here });
  expect(answer.statusCode).toBe(204);
  expect(answer.cookies[0]).toMatchObject({ name: 'crs_session', value: '', path: '/' });
  expect([await isIn(here), await isIn(there)]).toEqual([false, true]);
});

test('disabling or removing a user ends the sessions at once; a changed role counts from the next call on', async () => {
  const ada = await admin.addUser({ username: 'ada' });
  const token = await tokenOf();
  const viewer = await admin.changeUser(ada, { role: 'viewer' });
  expect((await call('me', { method: 'GET', token })).json()).toMatchObject({ user: { role: 'viewer' } });
  await admin.changeUser(viewer, { enabled: false });
  expect(await isIn(token)).toBe(false);
});

test('a new password ends every session but the one that is begun with it, and the old password', async () => {
  await admin.addUser({ username: 'ada', mustChangePassword: true });
  const [here, there] = [await tokenOf(), await tokenOf()];
  const answer = await call('password', {
    token: here,
    body: { current: PASSWORD, next: 'a new long password' },
  });
  expect(answer.json()).toMatchObject({ user: { username: 'ada', mustChangePassword: false } });
  const { token } = answer.json<{ token: string }>();
  expect(answer.cookies[0]?.value).toBe(token);
  expect([await isIn(here), await isIn(there), await isIn(token)]).toEqual([false, false, true]);
  expect((await signIn()).json()).toMatchObject({ code: 'wrong_credentials' });
  await tokenOf('ada', 'a new long password');
  expect(admin.told.audit).toMatchObject([{ action: 'user.change_password', actor: { username: 'ada' } }]);
  expect(JSON.stringify(admin.told)).not.toContain('a new long password');
});

test.each([
  ['next', { current: PASSWORD, next: 'too short' }],
  ['next', { current: PASSWORD, next: 'Administrator' }],
  ['next', { current: PASSWORD, next: PASSWORD }],
  ['current', { current: 'not my password', next: 'a new long password' }],
])('a password change with a bad %s changes nothing and names the field', async (path, body) => {
  await admin.addUser({ username: 'administrator' });
  const token = await tokenOf('administrator');
  const answer = await call('password', { token, body });
  expect(answer.json()).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
  expect(await isIn(token)).toBe(true);
  await tokenOf('administrator');
});

async function fail(times: number, username: string, from: (index: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < times; index += 1) {
    statuses.push((await signIn(username, 'wrong password', { from: from(index) })).statusCode);
  }
  return statuses;
}

test('ten wrong passwords lock a name from everywhere: the right one is refused too, with the time to wait', async () => {
  await admin.addUser({ username: 'ada' });
  expect(await fail(10, 'ada', (index) => `203.0.113.${index}`)).toEqual(Array(10).fill(401));
  const locked = await signIn('ADA', PASSWORD, { from: '198.51.100.1' });
  expect(locked.json()).toMatchObject({ status: 429, code: 'too_many_attempts' });
  expect(Number(locked.headers['retry-after'])).toBeGreaterThan(880);
  expect(Number(locked.headers['retry-after'])).toBeLessThanOrEqual(900);
  expect(admin.told.security.at(-1)).toMatchObject({ kind: 'login.throttled', detail: { username: 'ADA' } });
  expect((await signIn('nobody', 'x', { from: '198.51.100.1' })).statusCode).toBe(401);
});

test('a password that the operator resets opens a locked name', async () => {
  await admin.addUser({ username: 'ada' });
  await fail(10, 'ada', (index) => `203.0.113.${index}`);
  expect((await signIn()).statusCode).toBe(429);
  const reset = await admin.users.resetPassword('ada');
  await tokenOf('ada', reset?.password);
});

test('many guesses at the same time are counted one by one', async () => {
  await admin.addUser({ username: 'ada' });
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async () => (await signIn('ada', 'wrong password')).statusCode),
  );
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test('fifty failures lock an address for every name; a right password takes back only its own name’s failures', async () => {
  await admin.addUser({ username: 'ada' });
  const from = () => '203.0.113.1';
  for (let round = 0; round < 5; round += 1) await fail(9, `guess-${round}`, from);
  await fail(4, 'ada', from);
  await tokenOf();
  expect(await fail(5, 'others', from)).toEqual(Array(5).fill(401));
  expect((await signIn()).statusCode).toBe(429);
  expect((await signIn('ada', PASSWORD, { from: '203.0.113.2' })).statusCode).toBe(200);
});

test('a right password forgets the failures before it', async () => {
  await admin.addUser({ username: 'ada' });
  for (let round = 0; round < 3; round += 1) {
    expect(await fail(9, 'ada', () => '203.0.113.1')).toEqual(Array(9).fill(401));
    await tokenOf();
  }
});

test('the own session is no way around: guesses at the current password count as well', async () => {
  await admin.addUser({ username: 'ada' });
  const token = await tokenOf();
  const body = { current: 'not my password', next: 'a new long password' };
  for (let index = 0; index < 10; index += 1) await call('password', { token, body });
  expect((await call('password', { token, body: { ...body, current: PASSWORD } })).statusCode).toBe(429);
});

test('a machine with a /64 is one address; a mapped version 4 address is that address', () => {
  expect(throttleKey('2001:db8:1:2:aaaa::1')).toBe(throttleKey('2001:db8:1:2::ffff'));
  expect(throttleKey('2001:db8:1:3::1')).not.toBe(throttleKey('2001:db8:1:2::1'));
  expect(throttleKey('::ffff:203.0.113.1')).toBe('203.0.113.1');
});

test('a token says nothing that is not signed with this secret', async () => {
  const user = await admin.addUser({ username: 'ada' });
  const { session } = await admin.sessions.begin(user);
  const claims = { sessionId: session.id, userId: user.id, endsAtMs: admin.clock.nowMs + HOUR_MS };
  const forged = createTokens('another secret of 32 characters..').sign(claims);
  expect(await admin.sessions.authenticate(forged)).toBeNull();
  const [, payload = ''] = forged.split('.');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
  expect(await admin.sessions.authenticate(unsigned)).toBeNull();
  const other = await admin.addUser({ username: 'eve' });
  const swapped = createTokens('a secret of at least 32 characters').sign({ ...claims, userId: other.id });
  expect(await admin.sessions.authenticate(swapped)).toBeNull();
});

test('without Redis nobody is told that the password is wrong', async () => {
  await admin.addUser({ username: 'ada' });
  admin.server.freeze();
  try {
    expect((await signIn()).json()).toMatchObject({ status: 503, code: 'redis_unavailable' });
    await expect(
      admin.sessions.authenticate(
        createTokens('a secret of at least 32 characters').sign({
          sessionId: 'x',
          userId: 'x',
          endsAtMs: admin.clock.nowMs + 1e6,
        }),
      ),
    ).rejects.not.toBeInstanceOf(ProblemError);
  } finally {
    admin.server.thaw();
  }
  await admin.redis.whenUp(5000);
});
