// Settings that are changed while the gateway runs: what holds by default, what a change does and where, who is told.
import { ApiError, api, createClient, settingSectionNames } from '@crs/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_PASSWORD, startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';

const DAY_MS = 86_400_000;
const PNG = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')}`;

let gateway: TestGateway;
let replica: Awaited<ReturnType<TestGateway['replica']>>;
let admin: TestGateway['admin'];
/** Moves the clock of both gateways; Redis keeps its own. */
let ahead = 0;

beforeAll(async () => {
  gateway = await startTestGateway({
    env: { STICKY_SESSION_TTL_HOURS: '2', UPSTREAM_ERROR_503_TTL_SECONDS: '40', CLEANUP_INTERVAL: '1000' },
    overrides: { clock: { now: () => Date.now() + ahead } },
  });
  replica = await gateway.replica();
  ({ admin } = gateway);
});
afterAll(() => gateway.close());
afterEach(async () => {
  ahead = 0;
  gateway.simulator.reset();
  for (const section of settingSectionNames) {
    const { fields } = await admin.settings[section].get();
    const body = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
    await admin.settings[section].update({ body });
  }
});

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe('a section', () => {
  test('says what holds, what the default is and where it comes from', async () => {
    expect(await admin.settings.stickiness.get()).toMatchObject({
      section: 'stickiness',
      sessionHours: 2,
      renewalThresholdMinutes: 0,
      waitMs: 1500,
      fields: {
        sessionHours: { default: 2, source: 'environment', environment: 'STICKY_SESSION_TTL_HOURS' },
        waitMs: { default: 1500, source: 'default', environment: null, changedAt: null, changedBy: null },
      },
    });
  });

  test('merges what is given, says who changed it when, and null goes back', async () => {
    const before = await admin.settings.stickiness.get();
    const changed = await admin.settings.stickiness.replace({ body: { waitMs: 0 } });
    expect(changed).toMatchObject({
      version: before.version + 1,
      waitMs: 0,
      sessionHours: 2,
      fields: { waitMs: { source: 'console', changedBy: 'admin', default: 1500 } },
    });
    const back = await admin.settings.stickiness.update({ body: { waitMs: null } });
    expect(back).toMatchObject({
      waitMs: 1500,
      fields: { waitMs: { source: 'default', changedBy: 'admin' } },
    });
  });

  test('refuses by name what it does not have, what is out of bounds, and what is stale', async () => {
    const { version } = await admin.settings.security.replace({ body: { sessionLifeDays: 3 } });
    const wrong = await refusal(
      admin.settings.security.replace({ body: { sessionLifeDays: 0, colour: 'red' } as object }),
    );
    expect(wrong.problem.errors?.map(({ path }) => path).sort()).toEqual(['colour', 'sessionLifeDays']);
    const stale = await refusal(
      admin.settings.security.replace({ body: { sessionLifeDays: 4, version: version - 1 } }),
    );
    expect(stale.problem).toMatchObject({ status: 409, code: 'conflict' });
    expect((await admin.settings.security.get()).sessionLifeDays).toBe(3);
  });

  test('refuses what contradicts itself', async () => {
    const body = { sessionHours: 1, renewalThresholdMinutes: 61 };
    const { problem } = await refusal(admin.settings.stickiness.replace({ body }));
    expect(problem.errors).toMatchObject([{ path: 'renewalThresholdMinutes' }]);
  });

  test('changes nothing, and notes nothing, where nothing differs', async () => {
    const { version } = await admin.settings.general.replace({ body: { contact: 'ops@example.com' } });
    const again = await admin.settings.general.replace({ body: { contact: 'ops@example.com' } });
    expect(again.version).toBe(version);
    const { total } = await admin.audit.list({ query: { action: 'settings.update', search: 'general' } });
    await admin.settings.general.replace({ body: { contact: 'ops@example.com' } });
    expect((await admin.audit.list({ query: { action: 'settings.update', search: 'general' } })).total).toBe(
      total,
    );
  });

  test('tells the audit trail what it was and what it is', async () => {
    await admin.settings.retention.replace({ body: { requestDays: 7, trashDays: 30 } });
    await expect
      .poll(async () => (await admin.audit.list({ query: { targetId: 'retention' } })).items[0]?.changes)
      .toEqual([
        { path: 'requestDays', before: 30, after: 7 },
        { path: 'trashDays', before: null, after: 30 },
      ]);
  });

  test('holds on another replica as soon as its notice arrives', async () => {
    await admin.settings.stickiness.replace({ body: { waitMs: 77 } });
    const { settings } = replica.gateway.services;
    await expect.poll(() => settings.values('stickiness').waitMs, { timeout: 2000 }).toBe(77);
  });
});

describe('a setting has its effect', () => {
  test('retention: older requests are not listed any more', async () => {
    await addAccount(gateway);
    const { secret, id: keyId } = await addKey(gateway);
    await send(gateway.url, secret, { body: message('hi') });
    await gateway.settled();
    ahead = 3 * DAY_MS;
    const listed = async () => (await admin.requests.list({ query: { keyId } })).total;
    expect(await listed()).toBe(1);
    await admin.settings.retention.replace({ body: { requestDays: 2 } });
    expect(await listed()).toBe(0);
  });

  test('retention: the trash is emptied, and the trail says so', async () => {
    const { id } = await addKey(gateway, { name: 'old one' });
    await admin.keys.remove({ params: { id } });
    await admin.settings.retention.replace({ body: { trashDays: 1 } });
    ahead = 2 * DAY_MS;
    await expect
      .poll(async () => (await admin.keys.deleted({ query: { search: 'old one' } })).total, {
        timeout: 15_000,
      })
      .toBe(0);
    await expect
      .poll(async () => (await admin.audit.list({ query: { targetId: id, action: 'key.purge' } })).items[0])
      .toMatchObject({ actor: null, target: { type: 'key', id, name: 'old one' } });
  });

  test('stickiness: a session stays as long as it says', async () => {
    await addAccount(gateway);
    const { secret } = await addKey(gateway);
    await admin.settings.stickiness.replace({ body: { sessionHours: 0.5 } });
    const headers = { 'x-claude-code-session-id': 'a-session' };
    await send(gateway.url, secret, { headers, body: message('hi') });
    const { redis } = gateway.gateway.services;
    const sessions = async () => {
      const keys = await redis.background.keys('*:sticky:*');
      return Promise.all(keys.map((key) => redis.background.pttl(key)));
    };
    await expect.poll(async () => Math.max(0, ...(await sessions())) / 60_000).toBeGreaterThan(29);
    expect(Math.max(...(await sessions())) / 60_000).toBeLessThanOrEqual(30);
  });

  test.each([
    ['the environment', null, 40],
    ['the console', 300, 300],
  ])('cool-downs: after a 503 an account rests as %s says', async (_name, seconds, rested) => {
    const kind = 'claude-console';
    const { id } = await addAccount(gateway, { name: `rests-${rested}`, priority: 1 });
    const { secret } = await addKey(gateway, { binds: [{ kind, accountId: id }] });
    await admin.settings['cool-downs'].replace({ body: { unavailableSeconds: seconds } });
    gateway.simulator.enqueue({ status: 503 });
    const beforeMs = Date.now();
    await send(gateway.url, secret, { body: message('hi') });
    const { until } = await admin.accounts.get({ params: { kind, id } });
    expect(Math.round((Date.parse(until ?? '') - beforeMs) / 1000)).toBeGreaterThanOrEqual(rested - 1);
    expect(Math.round((Date.parse(until ?? '') - beforeMs) / 1000)).toBeLessThanOrEqual(rested + 5);
  });

  test('security: a new password must be as long as it says, a session ends when it says', async () => {
    await admin.settings.security.replace({ body: { passwordMinimumLength: 30, sessionIdleHours: 1 } });
    const { problem } = await refusal(
      admin.auth.changePassword({ body: { current: ADMIN_PASSWORD, next: 'x'.repeat(29) } }),
    );
    expect(problem.errors).toEqual([{ path: 'next', message: 'use 30 characters or more' }]);
    const { expiresAt, server } = await admin.auth.me();
    expect(server.passwordMinimumLength).toBe(30);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  test('security: a name is locked after as many wrong passwords as it says', async () => {
    await admin.settings.security.replace({ body: { loginFailuresPerName: 3 } });
    const stranger = createClient(api, { baseUrl: `${gateway.url}/api/v2` });
    const body = { username: 'nobody', password: 'wrong' };
    const codes: string[] = [];
    for (let guess = 0; guess < 4; guess += 1)
      codes.push((await refusal(stranger.auth.adminLogin({ body }))).problem.code);
    expect(codes).toEqual([...Array<string>(3).fill('wrong_credentials'), 'too_many_attempts']);
  });

  test('branding: whoever comes to the sign-in page sees it', async () => {
    await admin.settings.branding.replace({ body: { name: 'Acme AI', logo: PNG, accent: '#0a7d55' } });
    await admin.settings.general.replace({ body: { announcement: 'Down on Sunday', language: 'en' } });
    const stranger = createClient(api, { baseUrl: `${gateway.url}/api/v2` });
    expect(await stranger.public.branding()).toEqual({
      name: 'Acme AI',
      logo: PNG,
      accent: '#0a7d55',
      announcement: 'Down on Sunday',
      contact: '',
      language: 'en',
    });
  });

  test.each([
    ['a vector picture', 'data:image/svg+xml;base64,PHN2Zy8+'],
    [
      'text that calls itself a picture',
      `data:image/png;base64,${Buffer.from('<script>').toString('base64')}`,
    ],
    ['more than 64 kB', `data:image/png;base64,${Buffer.alloc(70_000, 1).toString('base64')}`],
  ])('branding: %s is no logo', async (_name, logo) => {
    const { problem } = await refusal(admin.settings.branding.replace({ body: { logo } }));
    expect(problem.errors).toMatchObject([{ path: 'logo' }]);
  });
});
