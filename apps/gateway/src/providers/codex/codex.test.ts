import { createHash } from 'node:crypto';
import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendDirectly } from '../../../test/send-directly.ts';
import { readLoginToken } from '../kit/id-token.ts';
import { LoginExpired, type PreparedRequest, type Provider, type UpstreamCall } from '../provider.ts';
import type { CodexCredential, CodexSettings } from './account.ts';
import { createCodex } from './index.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');

function codexAt(base: string): Provider<CodexSettings, CodexCredential> {
  return createCodex(`${base}/backend-api/codex`, {
    authorizeUrl: `${base}/oauth/authorize`,
    tokenUrl: `${base}/oauth/token`,
    clientId: 'app_client',
    nowMs: () => nowMs,
  });
}

const codex = codexAt('https://chatgpt.com');
const credential = { accessToken: 'at', accountId: 'account-1' };

function callOf(overrides: Partial<UpstreamCall> = {}): UpstreamCall {
  return { ...codex.testCall('gpt-6-luna').call, ...overrides };
}

function prepare(overrides: Partial<UpstreamCall>): PreparedRequest {
  return codex.prepare(callOf(overrides), { id: 'a1', settings: {} }, credential);
}

function token(claims: object): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
}

const login = (accountId: string, plan = 'pro', exp = 1_900_000_000) =>
  token({ exp, 'https://api.openai.com/auth': { chatgpt_account_id: accountId, chatgpt_plan_type: plan } });

test.each([
  [
    'neither said',
    '{"model":"gpt-6-luna","x":1.0}',
    '{"store":false,"stream":true,"model":"gpt-6-luna","x":1.0}',
  ],
  ['both said', '{ "stream" : true,"store":false }', '{ "stream" : true,"store":false }'],
  ['no stream', '{ "stream" : false,"store":false }', '{ "stream" : true,"store":false }'],
  ['null', '{"store":null,"stream":true}', '{"store":false,"stream":true}'],
  [
    'to be kept, which the backend refuses in its own words',
    '{"store":true,"stream":true}',
    '{"store":true,"stream":true}',
  ],
  [
    'said of something else',
    '{"a":{"store":false,"stream":true}}',
    '{"store":false,"stream":true,"a":{"store":false,"stream":true}}',
  ],
])('the body streams and is not kept: %s', (_name, body, expected) => {
  expect(prepare({ body: Buffer.from(body) }).body.toString()).toBe(expected);
});

test('a compaction neither streams nor is kept anywhere, so its body goes out as it came', () => {
  const body = Buffer.from('{"model":"gpt-6-luna","input":[]}');
  const compacted = prepare({ operation: 'compact', path: '/v1/responses/compact', body });
  expect(compacted.body).toBe(body);
  expect(compacted.path).toBe('/backend-api/codex/responses/compact');
});

test('what Codex sends of itself goes on as sent, and nothing is made up', () => {
  const sent = [
    ['x-codex-beta-features', 'remote_compaction_v2'],
    ['x-codex-window-id', '00000000-0000-7000-8000-000000000001:0'],
    ['x-codex-turn-metadata', '{"session_id":"00000000-0000-7000-8000-000000000001"}'],
    ['x-client-request-id', '00000000-0000-7000-8000-000000000001'],
    ['session-id', '00000000-0000-7000-8000-000000000001'],
    ['thread-id', '00000000-0000-7000-8000-000000000001'],
    ['accept', 'text/event-stream'],
    ['content-type', 'application/json'],
    ['originator', 'codex_exec'],
    ['user-agent', 'codex_exec/0.169.0 (Linux 1.0.0; x86_64) xterm (codex_exec; 0.169.0)'],
  ];
  const prepared = prepare({ headers: sent.flat() });
  expect(prepared.origin + prepared.path).toBe('https://chatgpt.com/backend-api/codex/responses');
  expect(prepared.headers.slice(0, 2 * sent.length)).toEqual(sent.flat());
  expect(prepared.headers.slice(2 * sent.length)).toEqual([
    'authorization',
    'Bearer at',
    'accept-encoding',
    'identity',
    'content-length',
    String(prepared.body.length),
    'chatgpt-account-id',
    'account-1',
  ]);
});

test('the account is the one that is named, else the one that the token names, never the client’s', () => {
  const accountOf = (given: CodexCredential) => {
    const { headers } = codex.prepare(
      callOf({ headers: ['ChatGPT-Account-Id', 'smuggled'] }),
      { id: 'a1', settings: {} },
      given,
    );
    return headers.filter((_, index) => headers[index - 1]?.toLowerCase() === 'chatgpt-account-id');
  };
  expect(accountOf({ accessToken: login('from-token') })).toEqual(['from-token']);
  expect(accountOf({ accessToken: login('from-token'), accountId: 'named' })).toEqual(['named']);
});

test('a credential says whose it is', () => {
  const schema = codex.account.credential;
  expect(schema.safeParse({ accessToken: 'opaque' }).error?.issues[0]?.path).toEqual(['accountId']);
  expect(schema.safeParse({ accessToken: 'opaque', accountId: 'a' }).success).toBe(true);
  expect(schema.safeParse({ accessToken: login('a'), refreshToken: 'rt_1' }).success).toBe(true);
  expect(schema.safeParse({ accessToken: login('a'), unknown: 1 }).success).toBe(false);
});

test('the credential ends when it says, else when its token says', () => {
  const accessToken = login('a', 'pro', 1_800_000_000);
  expect(codex.expiresAtMs?.({ accessToken })).toBe(1_800_000_000_000);
  expect(codex.expiresAtMs?.({ accessToken, expiresAt: '2026-11-21T05:00:00Z' })).toBe(nowMs);
  expect(codex.expiresAtMs?.({ accessToken: 'opaque', accountId: 'a' })).toBeNull();
});

test.each([
  '',
  'a',
  'a.b.c',
  'h.bnVsbA.s',
  token({ exp: 'soon' }),
  token({ 'https://api.openai.com/auth': [] }),
])('a token %j that says nothing says nothing', (text) => {
  expect(readLoginToken(text)).toEqual({ accountId: null, plan: null, email: null, expiresAtMs: null });
});

test('serves Codex only unless the operator says otherwise, OpenAI’s models only, and says why', () => {
  expect(codex.defaultClients).toEqual(['codex_cli']);
  expect(codex.termsNote).toContain('OpenAI');
  expect(['gpt-5.5', 'o4-mini', 'codex-mini-latest'].every((model) => codex.serves(model))).toBe(true);
  expect(['deepseek-chat', 'claude-opus-5-5', ''].some((model) => codex.serves(model))).toBe(false);
});

describe('at the vendor', () => {
  let simulator: Simulator;
  let there: Provider<CodexSettings, CodexCredential>;
  beforeAll(async () => {
    simulator = await startSimulator();
    there = codexAt(simulator.url);
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.reset());

  /** What a browser does: follows the page's address, and ends at one that is to be copied. */
  async function signIn(codeVerifier: string): Promise<{ code: string; state: string }> {
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const address = there.login?.authorizeUrl({ state: 'state-1', codeChallenge, mode: null }) ?? '';
    const answer = await request(address);
    await answer.body.dump();
    const end = new URL(String(answer.headers['location']));
    expect(`${end.origin}${end.pathname}`).toBe('http://localhost:1455/auth/callback');
    return { code: end.searchParams.get('code') ?? '', state: end.searchParams.get('state') ?? '' };
  }

  async function signedIn() {
    const codeVerifier = 'v'.repeat(43);
    const exchanged = await there.login?.exchange(
      { ...(await signIn(codeVerifier)), codeVerifier, mode: null },
      sendDirectly,
    );
    if (exchanged === undefined) throw new Error('no login');
    return exchanged;
  }

  const ask = (given: CodexCredential, call: UpstreamCall) =>
    sendDirectly(there.prepare(call, { id: 'a1', settings: {} }, given));

  test('the address to sign in at is that of Codex, under the gateway’s own state', () => {
    const { searchParams } = new URL(
      there.login?.authorizeUrl({ state: 's', codeChallenge: 'c', mode: null }) ?? '',
    );
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app_client',
      redirect_uri: 'http://localhost:1455/auth/callback',
      scope: 'openid profile email offline_access',
      code_challenge: 'c',
      code_challenge_method: 'S256',
      id_token_add_organizations: 'true',
      codex_cli_simplified_flow: 'true',
      state: 's',
    });
  });

  test('a login becomes an account that is answered, with its plan and its owner', async () => {
    const exchanged = await signedIn();
    expect(exchanged).toMatchObject({ owner: 'user@example.com', settings: { subscription: 'pro' } });
    expect(there.account.credential.parse(exchanged.credential)).toEqual(exchanged.credential);
    expect(exchanged.credential.expiresAt).toBe(new Date(nowMs + 864_000_000).toISOString());
    const { call } = there.testCall(null);
    const answer = await ask(exchanged.credential, call);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.body.toString()).toContain('event: response.completed');
    expect(there.limits(answer.headers)).toMatchObject([
      { name: '5h', resetsAtMs: nowMs + 3_600_000 },
      { name: '7d', resetsAtMs: nowMs + 518_400_000 },
    ]);
    expect(await there.discover?.(exchanged.credential, {}, sendDirectly)).toEqual({ subscription: 'pro' });
  });

  test('a code is good for the one who began the login', async () => {
    const begun = await signIn('v'.repeat(43));
    const stolen = { ...begun, codeVerifier: 'w'.repeat(43), mode: null };
    await expect(there.login?.exchange(stolen, sendDirectly)).rejects.toThrow('did not accept the code');
  });

  test('a login is renewed again and again, each refresh token once', async () => {
    const { credential: first } = await signedIn();
    const second = await there.refresh?.(first, {}, sendDirectly);
    expect(second).toMatchObject({ accountId: first.accountId });
    expect(second?.refreshToken).not.toBe(first.refreshToken);
    expect(second?.accessToken).not.toBe(first.accessToken);
    if (second === undefined) throw new Error('not renewed');
    const third = await there.refresh?.(second, {}, sendDirectly);
    if (third === undefined) throw new Error('not renewed');
    expect((await ask(third, callOf())).status).toBe(200);
    await expect(there.refresh?.(first, {}, sendDirectly)).rejects.toBeInstanceOf(LoginExpired);
  });

  test('an account that was given by hand learns whose it is by being renewed', async () => {
    const renewed = await there.refresh?.(
      { accessToken: 'old', refreshToken: 'rt_imported' },
      {},
      sendDirectly,
    );
    expect(renewed?.accountId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a login that the vendor ended needs a person, a vendor that is down only time', async () => {
    const ended = { accessToken: 'x', refreshToken: 'rt_revoked', accountId: 'a' };
    await expect(there.refresh?.(ended, {}, sendDirectly)).rejects.toBeInstanceOf(LoginExpired);
    await expect(there.refresh?.({ accessToken: 'x' }, {}, sendDirectly)).rejects.toBeInstanceOf(
      LoginExpired,
    );
    for (const fault of [{ status: 503 }, { status: 403, html: true }]) {
      simulator.enqueue(fault);
      const failed = there.refresh?.({ ...ended, refreshToken: 'rt_1' }, {}, sendDirectly);
      await expect(failed).rejects.toThrow('could not be renewed');
      await expect(failed).rejects.not.toBeInstanceOf(LoginExpired);
    }
  });

  test('a compaction is answered whole', async () => {
    const body = Buffer.from('{"model":"gpt-5.4","input":[{"role":"user","content":"x"}]}');
    const answer = await ask(
      credential,
      callOf({ operation: 'compact', path: '/v1/responses/compact', body }),
    );
    expect(JSON.parse(answer.body.toString())).toMatchObject({ object: 'response.compaction' });
  });

  test.each([
    [
      { status: 429, retryAfter: 90 },
      { reason: 'rate_limited', coolDownMs: 90_000, coolDownScope: 'account' },
    ],
    [{ status: 401 }, { reason: 'credential_rejected', accountState: 'needs-login' }],
    [
      { status: 403, html: true },
      { reason: 'server_error', fault: 'service', retry: 'other' },
    ],
    [{ status: 500 }, { reason: 'server_error', retry: 'same' }],
  ])('%j is judged', async (fault, expected) => {
    simulator.enqueue(fault);
    const answer = await ask(credential, callOf());
    const failure = { type: 'status', ...answer, body: answer.body.toString() } as const;
    expect(there.classify(failure, callOf().facts, nowMs)).toMatchObject(expected);
  });

  test('a model that the plan has not is denied in the backend’s words', async () => {
    const answer = await ask(credential, there.testCall('not-a-model').call);
    const failure = { type: 'status', ...answer, body: answer.body.toString() } as const;
    expect(there.classify(failure, callOf().facts, nowMs)).toMatchObject({
      reason: 'not_found',
      retry: 'other',
      deniesModel: true,
    });
  });
});
