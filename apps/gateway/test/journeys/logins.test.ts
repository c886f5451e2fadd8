// Logins from the vendor's page to the answer of a request, and what becomes of them when their tokens end.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { kindSamples } from '../kinds.ts';
import { addLogin, signInAt } from '../logins.ts';
import { GEMINI_CLIENT_SECRET } from '../providers.ts';
import { addKey, errorOf, message, newest, send } from '../relay-client.ts';

let gateway: TestGateway;
let secret = '';

beforeAll(async () => {
  gateway = await startTestGateway({ env: { GEMINI_OAUTH_CLIENT_SECRET: GEMINI_CLIENT_SECRET } });
  ({ secret } = await addKey(gateway));
});
afterAll(async () => {
  await gateway.close();
});
beforeEach(() => gateway.simulator.reset());
afterEach(async () => {
  const { items } = await gateway.admin.accounts.list({ query: { pageSize: 100 } });
  for (const { kind, id } of items) await gateway.admin.accounts.remove({ params: { kind, id } });
});

type LoginKind = 'claude' | 'codex' | 'gemini';
const tokenPaths = { claude: '/v1/oauth/token', codex: '/oauth/token', gemini: '/token' };
const loginKinds: readonly LoginKind[] = ['claude', 'codex', 'gemini'];

function ask(kind: LoginKind, fields: object = {}) {
  return send(gateway.url, secret, {
    body: message('[[say:fine]]', { model: kindSamples[kind].model, ...fields }),
  });
}

async function statusOf(kind: string, id: string): Promise<string> {
  return (await gateway.admin.accounts.get({ params: { kind, id } })).status;
}

function outcomes(): string[] {
  return gateway.simulator.renewals.map(({ outcome }) => outcome);
}

describe('a login becomes an account that answers', () => {
  test.each([
    ['claude', 'a code with its state', /^[\w-]+#[\w-]+$/u],
    ['codex', 'the address the browser ended at', /^http:\/\/localhost:1455\/auth\/callback\?code=/u],
    ['gemini', 'a code', /^4\/0A[\w-]+$/u],
  ] as const)('%s, by pasting %s', async (kind, _, pasted) => {
    const { url, state } = await gateway.admin.accounts.authUrl({ params: { kind }, body: {} });
    const code = await signInAt(url, 'ada@example.com');
    expect(code).toMatch(pasted);
    const body = { state, code, clients: [] };
    const account = await gateway.admin.accounts.exchange({ params: { kind }, body });
    expect(account).toMatchObject({ name: 'ada@example.com', status: 'ready', login: { isRenewable: true } });
    expect((await ask(kind)).status).toBe(200);
    expect(await newest(gateway)).toMatchObject({ kind, accountId: account.id, outcome: 'ok' });
  });

  test('what the vendor knows of the account is found out: subscription, plan, project', async () => {
    const found = async (kind: LoginKind) => {
      const { settings, subscription } = await addLogin(gateway.admin, kind, 'ada@example.com');
      return { settings, subscription };
    };
    expect((await found('claude')).subscription).toBe('max');
    expect((await found('codex')).settings).toMatchObject({ subscription: 'pro' });
    expect((await found('gemini')).settings).toMatchObject({
      projectId: expect.stringMatching(/./u) as string,
    });
  });

  test('a setup token answers for a year, and is never renewed', async () => {
    const mode = 'setup-token';
    const { id, login } = await addLogin(gateway.admin, 'claude', 'ada@example.com', { mode });
    expect(login?.isRenewable).toBe(false);
    expect(Date.parse(login?.expiresAt ?? '')).toBeGreaterThan(Date.now() + 360 * 86_400_000);
    expect((await ask('claude')).status).toBe(200);
    gateway.simulator.endTokens();
    expect((await ask('claude')).status).toBe(502);
    expect(await statusOf('claude', id)).toBe('needs-login');
    expect(outcomes()).toEqual([]);
  });

  test('an account that waits for a login is signed in again, and answers as the one it was', async () => {
    const { id } = await addLogin(gateway.admin, 'claude', 'ada@example.com');
    gateway.simulator.endTokens();
    gateway.simulator.setFault({ match: { path: '/v1/oauth/token' }, status: 400, times: 1 });
    expect((await ask('claude')).status).toBe(502);
    expect(await statusOf('claude', id)).toBe('needs-login');
    const kind = 'claude';
    const { url, state } = await gateway.admin.accounts.authUrl({ params: { kind }, body: {} });
    const code = await signInAt(url, 'ada@example.com');
    const again = await gateway.admin.accounts.exchange({
      params: { kind },
      body: { state, code, accountId: id },
    });
    expect(again).toMatchObject({ id, status: 'ready' });
    expect((await ask('claude')).status).toBe(200);
  });
});

describe.each(loginKinds)('a token of %s that is refused before its time', (kind) => {
  test.each([true, false])(
    'is renewed once, and the client sees the good answer only, stream %s',
    async (stream) => {
      const { id } = await addLogin(gateway.admin, kind, 'ada@example.com');
      gateway.simulator.endTokens();
      const answers = await Promise.all(Array.from({ length: 6 }, () => ask(kind, { stream })));
      for (const answer of answers) {
        expect(answer.status).toBe(200);
        expect(answer.body.toString()).toContain('fine');
        expect(answer.body.toString()).not.toContain('error');
      }
      expect(outcomes()).toEqual(['renewed']);
      expect(await statusOf(kind, id)).toBe('ready');
      gateway.simulator.endTokens();
      expect((await ask(kind, { stream })).status).toBe(200);
      const { attempts, timeline } = await newest(gateway);
      expect(attempts.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([
        [id, 'failed'],
        [id, 'ok'],
      ]);
      expect(timeline.map(({ event }) => event)).toContain('token_renewed');
    },
  );

  test('that cannot be renewed any more waits for a person, others serve', async () => {
    const first = await addLogin(gateway.admin, kind, 'ada@example.com', { priority: 1 });
    const second = await addLogin(gateway.admin, kind, 'bob@example.com', { priority: 2 });
    gateway.simulator.endTokens();
    // The first question with a refresh token is that of the first account.
    gateway.simulator.enqueue({ match: { path: tokenPaths[kind] }, status: 400 });
    expect((await ask(kind)).status).toBe(200);
    expect(await newest(gateway)).toMatchObject({ accountId: second.id });
    expect(await statusOf(kind, first.id)).toBe('needs-login');
    expect(await statusOf(kind, second.id)).toBe('ready');
    const before = gateway.simulator.count({ path: tokenPaths[kind] });
    expect((await ask(kind)).status).toBe(200);
    // Nobody asks again until a person did something.
    expect(gateway.simulator.count({ path: tokenPaths[kind] })).toBe(before);
  });

  test('while the vendor cannot renew it rests, and waits for no person', async () => {
    const { id } = await addLogin(gateway.admin, kind, 'ada@example.com');
    gateway.simulator.endTokens();
    gateway.simulator.setFault({ match: { path: tokenPaths[kind] }, status: 503 });
    const answer = await ask(kind);
    expect([answer.status, errorOf(answer).error.details?.error_code]).toEqual([
      502,
      'upstream_credential_rejected',
    ]);
    expect(await statusOf(kind, id)).toBe('cooling');
    gateway.simulator.clearFaults();
    await gateway.admin.accounts.refresh({ params: { kind, id } });
    await gateway.admin.accounts.reset({ params: { kind, id } });
    expect((await ask(kind)).status).toBe(200);
  });
});

test('however many requests of two gateways meet the refused token, it is renewed once, and all are answered', async () => {
  await addLogin(gateway.admin, 'codex', 'ada@example.com');
  const other = await gateway.replica();
  const body = message('[[say:fine]]', { model: kindSamples.codex.model });
  gateway.simulator.endTokens();
  // More than the retries that a gateway has to give.
  const urls = [
    ...Array.from({ length: 120 }, () => gateway.url),
    ...Array.from({ length: 20 }, () => other.url),
  ];
  const answers = await Promise.all(urls.map((url) => send(url, secret, { body })));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(outcomes()).toEqual(['renewed']);
  await other.close();
});
