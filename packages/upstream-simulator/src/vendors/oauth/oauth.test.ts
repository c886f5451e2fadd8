import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Reply, json, messagesBody, send } from '../../../test/client.ts';
import { objectOf, parseJson } from '../../json.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

interface Pkce {
  verifier: string;
  challenge: string;
}

function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
  return send(simulator.url, { path, method: 'GET', headers });
}

async function postJson(path: string, body: object): Promise<Reply> {
  return send(simulator.url, { path, headers: { 'content-type': 'application/json' }, body });
}

async function postForm(path: string, fields: Record<string, string>): Promise<Reply> {
  return send(simulator.url, {
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(fields).toString()),
  });
}

function tokenOf(reply: Reply, name = 'access_token'): string {
  return String(json(reply)[name]);
}

function shownCode(reply: Reply): string {
  return /<code id="code">([^<]+)</u.exec(reply.body.toString())?.[1] ?? '';
}

function query(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

describe('claude', () => {
  const client = { client_id: '9d1c250a-e61b-44d9-88ed-5944d1962f5e' };
  const redirect = { redirect_uri: 'https://platform.claude.com/oauth/code/callback' };
  const scope = 'user:profile user:inference';

  function authorizePath({ challenge }: Pkce, more: Record<string, string> = {}): string {
    return `/cai/oauth/authorize?${query({
      code: 'true',
      ...client,
      response_type: 'code',
      ...redirect,
      scope,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'state-1',
      ...more,
    })}`;
  }

  async function login(more: Record<string, string> = {}, extra: object = {}): Promise<Reply> {
    const pair = pkce();
    const [code] = shownCode(await get(authorizePath(pair, more))).split('#');
    return postJson('/v1/oauth/token', {
      grant_type: 'authorization_code',
      code,
      ...client,
      ...redirect,
      code_verifier: pair.verifier,
      state: 'state-1',
      ...extra,
    });
  }

  async function refresh(refreshToken: string): Promise<Reply> {
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken, ...client };
    return postJson('/v1/oauth/token', body);
  }

  async function ask(accessToken: string): Promise<number> {
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'anthropic-beta': 'oauth-2025-04-20',
      'anthropic-version': '2023-06-01',
    };
    return (await send(simulator.url, { headers, body: messagesBody('x') })).status;
  }

  test('the page shows the code with the state, or sends a local client back with both', async () => {
    const shown = await get(authorizePath(pkce()));
    expect(shown.headers['content-type']).toContain('text/html');
    expect(shownCode(shown)).toMatch(/^[\w-]+#state-1$/u);
    const local = await get(authorizePath(pkce(), { redirect_uri: 'http://localhost:5454/callback' }));
    expect(local.status).toBe(302);
    expect(local.headers.location).toMatch(/^http:\/\/localhost:5454\/callback\?code=[\w-]+&state=state-1$/u);
    expect(simulator.count({ outcome: 'answered' })).toBe(2);
  });

  test.each(['code_challenge', 'state', 'client_id', 'redirect_uri'])(
    'without %s there is no code',
    async (name) => {
      const path = authorizePath(pkce()).replace(new RegExp(`&${name}=[^&]*`, 'u'), '');
      expect((await get(path)).status).toBe(400);
    },
  );

  test('a login gives tokens, and they name the account', async () => {
    const reply = await login({ login_hint: 'alice@example.com' });
    expect(json(reply)).toMatchObject({
      token_type: 'Bearer',
      access_token: expect.stringMatching(/^sk-ant-oat01-/u) as string,
      refresh_token: expect.stringMatching(/^sk-ant-ort01-/u) as string,
      expires_in: 28_800,
      scope,
      account: { email_address: 'alice@example.com' },
      organization: { name: "alice@example.com's Organization" },
    });
    expect(await ask(tokenOf(reply))).toBe(200);
  });

  test('a code is good once, for its verifier, client and address only', async () => {
    for (const wrong of [{ code_verifier: 'other' }, { client_id: 'other' }, { redirect_uri: 'http://x/' }]) {
      const reply = await login({}, wrong);
      expect(reply.status).toBe(400);
      expect(json(reply)['error']).toBe('invalid_grant');
    }
    const pair = pkce();
    const [code] = shownCode(await get(authorizePath(pair))).split('#');
    const body = {
      grant_type: 'authorization_code',
      code,
      ...client,
      ...redirect,
      code_verifier: pair.verifier,
    };
    expect((await postJson('/v1/oauth/token', body)).status).toBe(200);
    expect((await postJson('/v1/oauth/token', body)).status).toBe(400);
  });

  test('refresh tokens rotate: a used one is an invalid grant, the new one is good', async () => {
    const first = tokenOf(await login(), 'refresh_token');
    const reply = await refresh(first);
    const second = tokenOf(reply, 'refresh_token');
    expect(second).not.toBe(first);
    expect(await ask(tokenOf(reply))).toBe(200);
    const again = await refresh(first);
    expect([again.status, json(again)['error']]).toEqual([400, 'invalid_grant']);
    expect((await refresh(second)).status).toBe(200);
  });

  test('a refresh token from before the simulator is taken once, unless it says that it is revoked', async () => {
    expect((await refresh('sk-ant-ort01-imported')).status).toBe(200);
    expect((await refresh('sk-ant-ort01-imported')).status).toBe(400);
    expect((await refresh('sk-ant-ort01-revoked')).status).toBe(400);
  });

  test('a token that has ended is refused, and its renewal keeps the lifetime asked for', async () => {
    const reply = await refresh('sk-ant-ort01-expires-0-x');
    expect(json(reply)['expires_in']).toBe(0);
    expect(await ask(tokenOf(reply))).toBe(401);
    const next = await refresh(tokenOf(reply, 'refresh_token'));
    expect(json(next)['expires_in']).toBe(0);
    const hinted = await login({ login_hint: 'bob+expires-60@example.com' });
    expect(json(hinted)['expires_in']).toBe(60);
  });

  test('in the grace a used refresh token gives the same pair again, after it the login ends', async () => {
    const asked = async ({ url }: Simulator, refreshToken: string): Promise<Reply> =>
      send(url, {
        path: '/v1/oauth/token',
        headers: { 'content-type': 'application/json' },
        body: { grant_type: 'refresh_token', refresh_token: refreshToken, ...client },
      });
    const patient = await startSimulator({ refreshGraceSeconds: 60 });
    const first = await asked(patient, 'sk-ant-ort01-a');
    expect(json(await asked(patient, 'sk-ant-ort01-a'))).toEqual(json(first));
    expect((await asked(patient, tokenOf(first, 'refresh_token'))).status).toBe(200);
    expect(patient.renewals.map(({ outcome }) => outcome)).toEqual(['renewed', 'repeated', 'renewed']);
    await patient.close();

    const strict = await startSimulator({ refreshGraceSeconds: 0 });
    const second = tokenOf(await asked(strict, 'sk-ant-ort01-a'), 'refresh_token');
    expect((await asked(strict, 'sk-ant-ort01-a')).status).toBe(400);
    expect((await asked(strict, second)).status).toBe(400);
    expect(strict.renewals).toMatchObject([
      { login: 'sk-ant-ort01-a', outcome: 'renewed' },
      { login: 'sk-ant-ort01-a', outcome: 'refused' },
      { login: 'sk-ant-ort01-a', outcome: 'refused' },
    ]);
    await strict.close();
  });

  test('tokens that were taken back are refused, and renewed as any', async () => {
    const reply = await login();
    simulator.endTokens();
    expect(await ask(tokenOf(reply))).toBe(401);
    expect(await ask(tokenOf(await refresh(tokenOf(reply, 'refresh_token'))))).toBe(200);
  });

  test('a token for inference alone lasts as asked and cannot be refreshed', async () => {
    const reply = await login({ scope: 'user:inference' }, { expires_in: 31_536_000 });
    expect(json(reply)).toMatchObject({ expires_in: 31_536_000, scope: 'user:inference' });
    expect(json(reply)).not.toHaveProperty('refresh_token');
    const headers = {
      authorization: `Bearer ${tokenOf(reply)}`,
      'anthropic-beta': 'oauth-2025-04-20',
    };
    expect((await get('/api/oauth/usage', headers)).status).toBe(403);
  });

  test('the account tells its profile and its use, as the headers of its answers do', async () => {
    const token = tokenOf(await login({ login_hint: 'alice@example.com' }));
    const bare = { authorization: `Bearer ${token}` };
    expect((await get('/api/oauth/profile', bare)).status).toBe(401);
    const headers = { ...bare, 'anthropic-beta': 'oauth-2025-04-20' };
    expect(json(await get('/api/oauth/profile', headers))).toMatchObject({
      account: { email: 'alice@example.com' },
      organization: { organization_type: 'claude_max' },
    });
    const usage = objectOf(json(await get('/api/oauth/usage', headers))['five_hour']);
    const answer = await send(simulator.url, {
      headers: { ...headers, 'anthropic-version': '2023-06-01' },
      body: messagesBody('x'),
    });
    const prefix = 'anthropic-ratelimit-unified-5h';
    expect(usage['utilization']).toBe(Math.round(100 * Number(answer.headers[`${prefix}-utilization`])));
    expect(Date.parse(String(usage['resets_at'])) / 1000).toBe(Number(answer.headers[`${prefix}-reset`]));
    expect(json(await get('/api/oauth/claude_cli/roles', headers))).toHaveProperty('organization_uuid');
  });

  test('with listed keys the tokens given out are accepted besides, and no others', async () => {
    const strict = await startSimulator({ keys: ['sk-ant-api03-x'], tokenLifetimeSeconds: 120 });
    const foreign = await send(strict.url, {
      path: '/v1/oauth/token',
      body: { grant_type: 'refresh_token', refresh_token: 'sk-ant-ort01-imported' },
    });
    expect(foreign.status).toBe(400);
    const pair = pkce();
    const page = await send(strict.url, { path: authorizePath(pair), method: 'GET' });
    const [code] = shownCode(page).split('#');
    const tokens = await send(strict.url, {
      path: '/v1/oauth/token',
      body: {
        grant_type: 'authorization_code',
        code,
        ...client,
        ...redirect,
        code_verifier: pair.verifier,
      },
    });
    expect(json(tokens)['expires_in']).toBe(120);
    const answer = await send(strict.url, {
      headers: {
        authorization: `Bearer ${tokenOf(tokens)}`,
        'anthropic-beta': 'oauth-2025-04-20',
        'anthropic-version': '2023-06-01',
      },
      body: messagesBody('x'),
    });
    expect(answer.status).toBe(200);
    await strict.close();
  });

  test('the token endpoint fails on demand, in its own words', async () => {
    simulator.setFault({ match: { path: '/v1/oauth/token' }, status: 400, times: 1 });
    expect(json(await refresh('sk-ant-ort01-a'))).toMatchObject({ error: 'invalid_grant' });
    simulator.setFault({ match: { path: '/v1/oauth/token' }, status: 500, times: 1 });
    expect(json(await refresh('sk-ant-ort01-b'))).toMatchObject({ error: { type: 'api_error' } });
    expect((await refresh('sk-ant-ort01-b')).status).toBe(200);
  });
});

describe('google', () => {
  const client = { client_id: 'client.apps.googleusercontent.com', client_secret: 'secret' };
  const redirect = { redirect_uri: 'https://codeassist.google.com/authcode' };

  async function login(more: Record<string, string> = {}): Promise<Reply> {
    const { verifier, challenge } = pkce();
    const page = await get(
      `/o/oauth2/v2/auth?${query({
        client_id: client.client_id,
        response_type: 'code',
        ...redirect,
        scope: 'https://www.googleapis.com/auth/cloud-platform',
        access_type: 'offline',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more,
      })}`,
    );
    return postForm('/token', {
      grant_type: 'authorization_code',
      code: shownCode(page),
      code_verifier: verifier,
      ...client,
      ...redirect,
    });
  }

  async function refresh(refreshToken: string): Promise<Reply> {
    return postForm('/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...client });
  }

  test('a login gives tokens; a second consent brings a refresh token only if it is asked for', async () => {
    const first = await login({ login_hint: 'carol@example.com' });
    expect(json(first)).toMatchObject({
      access_token: expect.stringMatching(/^ya29\./u) as string,
      refresh_token: expect.stringMatching(/^1\/\//u) as string,
      expires_in: 3599,
      token_type: 'Bearer',
    });
    const headers = { authorization: `Bearer ${tokenOf(first)}` };
    expect(json(await get('/oauth2/v2/userinfo', headers))).toMatchObject({ email: 'carol@example.com' });
    expect(json(await login({ login_hint: 'carol@example.com' }))).not.toHaveProperty('refresh_token');
    const asked = await login({ login_hint: 'carol@example.com', prompt: 'consent' });
    expect(json(asked)).toHaveProperty('refresh_token');
  });

  test('refresh tokens do not rotate, and end when they are revoked', async () => {
    const token = tokenOf(await login(), 'refresh_token');
    for (let time = 0; time < 2; time += 1) {
      const reply = await refresh(token);
      expect(reply.status).toBe(200);
      expect(json(reply)).not.toHaveProperty('refresh_token');
    }
    await postForm('/revoke', { token });
    expect(json(await refresh(token))).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
  });

  test('JSON bodies and missing secrets are refused', async () => {
    const body = { grant_type: 'refresh_token', refresh_token: '1//0x', ...client };
    expect((await postJson('/token', body)).status).toBe(400);
    const { client_id } = client;
    const bare = await postForm('/token', { grant_type: 'refresh_token', refresh_token: '1//0x', client_id });
    expect(json(bare)['error_description']).toBe('client_secret is missing.');
  });
});

describe('openai', () => {
  const client = { client_id: 'app_EMoamEEZ73f0CkXaXp7hrann' };
  const redirect = { redirect_uri: 'http://localhost:1455/auth/callback' };

  function claimsOf(token: string): Record<string, unknown> {
    const claims = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return objectOf(objectOf(claims)['https://api.openai.com/auth']);
  }

  async function login(): Promise<Reply> {
    const { verifier, challenge } = pkce();
    const sent = await get(
      `/oauth/authorize?${query({
        ...client,
        response_type: 'code',
        ...redirect,
        scope: 'openid profile email offline_access',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        state: 's',
        id_token_add_organizations: 'true',
        codex_cli_simplified_flow: 'true',
      })}`,
    );
    const code = new URL(String(sent.headers.location)).searchParams.get('code') ?? '';
    return postForm('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      ...client,
      ...redirect,
    });
  }

  test('a login gives an id token with the account, and a refresh token for a single use', async () => {
    const first = await login();
    expect(claimsOf(tokenOf(first, 'id_token'))).toMatchObject({
      chatgpt_account_id: expect.stringMatching(/^[0-9a-f-]{36}$/u) as string,
      chatgpt_plan_type: 'pro',
      organizations: [{ is_default: true }],
    });
    const refresh = async (): Promise<Reply> =>
      postJson('/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: tokenOf(first, 'refresh_token'),
        ...client,
      });
    const second = await refresh();
    expect(second.status).toBe(200);
    expect(tokenOf(second, 'refresh_token')).not.toBe(tokenOf(first, 'refresh_token'));
    expect(claimsOf(tokenOf(second, 'id_token'))).toEqual(claimsOf(tokenOf(first, 'id_token')));
    const again = await refresh();
    expect(again.status).toBe(401);
    expect(json(again)).toMatchObject({ error: { code: 'refresh_token_reused' } });
  });

  test('a revoked refresh token is of no use', async () => {
    const token = tokenOf(await login(), 'refresh_token');
    await postJson('/oauth/revoke', { token });
    const reply = await postJson('/oauth/token', { grant_type: 'refresh_token', refresh_token: token });
    expect(reply.status).toBe(401);
  });
});
