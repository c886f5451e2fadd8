// Logins and renewals against the vendors' own pages and token endpoints, as the upstream simulator plays them.
import { createHash } from 'node:crypto';
import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { GEMINI_CLIENT_SECRET, providersAt } from '../../test/providers.ts';
import { sendDirectly } from '../../test/send-directly.ts';
import { createGemini } from './gemini/index.ts';
import { type AnyProvider, LoginExpired, type Send } from './provider.ts';
import type { ProviderConfig } from './registry.ts';

const credentialSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.string().nullish(),
});
const STATE = 'state-1';
const VERIFIER = 'verifier-1';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

function provider(kind: string, overrides: Partial<ProviderConfig> = {}): AnyProvider {
  const found = providersAt(simulator.url, { clock: { now: () => 0 }, ...overrides }).get(kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found;
}

/** What the vendor's page shows to copy, or the address it leads to. */
async function codeOf({ login }: AnyProvider, mode: string | null, hint: string): Promise<string> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url');
  const url = login?.authorizeUrl({ state: STATE, codeChallenge, mode }) ?? '';
  const page = await request(`${url}&login_hint=${hint}`);
  const text = await page.body.text();
  const location = String(page.headers['location'] ?? '');
  const shown =
    /<code id="code">([^<]+)</.exec(text)?.[1] ?? new URL(location).searchParams.get('code') ?? '';
  // The state that comes with it is for whoever began the login.
  return shown.replace(`#${STATE}`, '');
}

async function signIn(
  kind: AnyProvider,
  mode: string | null = null,
  hint = 'me@example.com',
  codeVerifier = VERIFIER,
) {
  const code = await codeOf(kind, mode, hint);
  const result = await kind.login?.exchange({ code, state: STATE, codeVerifier, mode }, sendDirectly);
  if (result === undefined) throw new Error('no login');
  return { ...result, credential: credentialSchema.parse(kind.account.credential.parse(result.credential)) };
}

async function renew(kind: AnyProvider, credential: unknown, send: Send = sendDirectly) {
  return credentialSchema.parse(await kind.refresh?.(credential, {}, send));
}

describe.each(['claude', 'gemini', 'codex'])('%s', (name) => {
  test('a code becomes a credential that answers, with its owner and its end', async () => {
    const kind = provider(name);
    const { credential, owner, settings } = await signIn(kind);
    expect(owner).toBe('me@example.com');
    expect(credential.refreshToken).toBeDefined();
    expect(kind.expiresAtMs?.(kind.account.credential.parse(credential))).toBeGreaterThan(3_000_000);
    const { call } = kind.testCall(null);
    const account = { id: 'a1', settings: kind.account.settings.parse(settings) };
    expect((await sendDirectly(kind.prepare(call, account, credential))).status).not.toBe(401);
  });

  test('a code with another proof key is refused, in words', async () => {
    await expect(signIn(provider(name), null, 'me@example.com', 'another')).rejects.toThrow(
      /did not accept the code: .*\(HTTP 4\d\d\)/,
    );
  });

  test('renewing gives another access token, and a login that can be renewed again', async () => {
    const kind = provider(name);
    const first = (await signIn(kind)).credential;
    const second = await renew(kind, first);
    const third = await renew(kind, second);
    expect(new Set([first, second, third].map(({ accessToken }) => accessToken)).size).toBe(3);
    expect(
      [second, third].every(
        ({ refreshToken, expiresAt }) => refreshToken !== undefined && expiresAt !== null,
      ),
    ).toBe(true);
  });

  test('a login that the vendor takes back needs a person; one that it could not answer does not', async () => {
    const kind = provider(name);
    const revoked = { accessToken: 'a', refreshToken: 'revoked-1', accountId: 'account-1' };
    await expect(renew(kind, revoked)).rejects.toThrow(LoginExpired);
    const { credential } = await signIn(kind);
    for (const fault of [{ status: 500 }, { status: 502, html: true }, { status: 429 }]) {
      simulator.enqueue(fault);
      const refused = renew(kind, credential);
      await expect(refused).rejects.toThrow(new RegExp(`could not be renewed: .*HTTP ${fault.status}`));
      await expect(refused).rejects.not.toThrow(LoginExpired);
    }
    await expect(renew(kind, credential)).resolves.toBeDefined();
  });
});

describe('claude', () => {
  test('the refresh token rotates: the one that was used is worth nothing', async () => {
    const kind = provider('claude');
    const first = (await signIn(kind)).credential;
    const second = await renew(kind, first);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(renew(kind, first)).rejects.toThrow(LoginExpired);
    expect(JSON.parse(simulator.requests.at(-1)?.rawBody.toString() ?? '')).toMatchObject({
      grant_type: 'refresh_token',
      client_id: 'claude-client',
      scope: expect.stringContaining('user:inference') as string,
    });
  });

  test('an answer without a refresh token leaves the one there is', async () => {
    simulator.enqueue({ status: 200, body: '{"access_token":"sk-ant-oat01-new","expires_in":60}' });
    expect(await renew(provider('claude'), { accessToken: 'a', refreshToken: 'sk-ant-ort01-kept' })).toEqual({
      accessToken: 'sk-ant-oat01-new',
      refreshToken: 'sk-ant-ort01-kept',
      expiresAt: '1970-01-01T00:01:00.000Z',
    });
  });

  test('a setup token lasts a year, is for inference only, and cannot be renewed', async () => {
    const kind = provider('claude');
    expect(kind.login?.modes).toEqual(['setup-token']);
    const { credential } = await signIn(kind, 'setup-token');
    expect(credential).toMatchObject({ expiresAt: '1971-01-01T00:00:00.000Z' });
    expect(credential.refreshToken).toBeUndefined();
    await expect(renew(kind, credential)).rejects.toThrow(LoginExpired);
    // It may not ask who it is.
    expect(await kind.discover?.(credential, { subscription: 'pro' }, sendDirectly)).toEqual({
      subscription: 'pro',
    });
  });

  const profile = (account: object | undefined, type: string | null): string =>
    JSON.stringify({ account, organization: { organization_type: type } });

  test.each([
    [profile({}, 'claude_max'), 'max'],
    [profile({}, 'claude_enterprise'), 'enterprise'],
    [profile({ has_claude_max: false, has_claude_pro: true }, null), 'pro'],
    [profile({ has_claude_max: true, has_claude_pro: true }, null), 'max'],
    [profile({ has_claude_max: false, has_claude_pro: false }, null), 'free'],
    [profile({ has_claude_max: false }, 'claude_something_new'), undefined],
    [profile(undefined, null), undefined],
  ])('the profile %s is the subscription %s', async (body, subscription) => {
    simulator.enqueue({ status: 200, body });
    const kind = provider('claude');
    const discovered = kind.account.settings.parse(
      await kind.discover?.({ accessToken: 'a' }, {}, sendDirectly),
    );
    expect(kind.subscription?.(discovered)).toBe(subscription ?? null);
    expect(kind.lacks?.('claude-opus-5-5', discovered) === null).toBe(subscription !== 'free');
  });

  test('the vendor’s own profile is understood, and a failing one is no discovery', async () => {
    const kind = provider('claude');
    const { credential } = await signIn(kind);
    expect(await kind.discover?.(credential, {}, sendDirectly)).toEqual({ subscription: 'max' });
    simulator.enqueue({ status: 500 });
    await expect(kind.discover?.(credential, {}, sendDirectly)).rejects.toThrow(/HTTP 500/);
  });
});

describe('gemini', () => {
  const gemini = () =>
    createGemini(
      simulator.url,
      {
        authorizeUrl: `${simulator.url}/o/oauth2/v2/auth`,
        tokenUrl: `${simulator.url}/token`,
        clientId: 'gemini-client',
        clientSecret: GEMINI_CLIENT_SECRET,
        nowMs: () => 0,
      },
      1,
    );

  test('refresh tokens stay as they are', async () => {
    const kind = provider('gemini');
    const first = (await signIn(kind)).credential;
    expect((await renew(kind, first)).refreshToken).toBe(first.refreshToken);
  });

  test('without the client’s secret nothing works, and the words say what to set', async () => {
    const oauthClients = {
      claude: { id: 'c' },
      codex: { id: 'c' },
      gemini: { id: 'gemini-client', secret: null },
    };
    const kind = provider('gemini', { oauthClients });
    await expect(signIn(kind)).rejects.toThrow(/client_secret is missing.*set GEMINI_OAUTH_CLIENT_SECRET/);
    await expect(renew(kind, { accessToken: 'a', refreshToken: '1//0x' })).rejects.toThrow(
      /GEMINI_OAUTH_CLIENT_SECRET/,
    );
    expect(kind.termsNote).toContain('GEMINI_OAUTH_CLIENT_SECRET');
    expect(provider('gemini').termsNote).not.toContain('GEMINI_OAUTH_CLIENT_SECRET');
  });

  test('an account that is set up has a project, and its calls run in it', async () => {
    const kind = gemini();
    const settings = await kind.discover?.({ accessToken: 'ya29.a' }, {}, sendDirectly);
    expect(settings).toMatchObject({
      projectId: expect.stringMatching(/^managed-/) as string,
      tier: 'free-tier',
    });
    expect(kind.account.settings.safeParse(settings).success).toBe(true);
    const own = await kind.discover?.({ accessToken: 'ya29.a' }, { projectId: 'my-project' }, sendDirectly);
    expect(own).toEqual({ projectId: 'my-project', tier: 'standard-tier' });
  });

  test('an account that was never used is set up, which takes a while', async () => {
    const kind = gemini();
    const credential = { accessToken: 'ya29.new' };
    const { call } = kind.testCall(null);
    expect((await sendDirectly(kind.prepare(call, { id: 'a', settings: {} }, credential))).status).toBe(403);
    const settings = kind.account.settings.parse(await kind.discover?.(credential, {}, sendDirectly));
    expect(settings).toMatchObject({
      projectId: expect.stringMatching(/^managed-/) as string,
      tier: 'free-tier',
    });
    expect(simulator.requests.map(({ method, path }) => `${method} ${path.replace(/[^/]*$/, '')}`)).toContain(
      'GET /v1internal/operations/',
    );
    expect((await sendDirectly(kind.prepare(call, { id: 'a', settings }, credential))).status).toBe(200);
  });

  test.each([
    [
      { allowedTiers: [{ id: 'standard-tier', userDefinedCloudaicompanionProject: true }] },
      /standard-tier .* needs a Google Cloud project/,
    ],
    [
      { allowedTiers: [], ineligibleTiers: [{ reasonMessage: 'Not in your country.' }] },
      /Not in your country\./,
    ],
    [{}, /gives no reason/],
  ])('what stands against setting it up is said: %j', async (loaded, words) => {
    simulator.enqueue({ status: 200, body: JSON.stringify(loaded) });
    await expect(gemini().discover?.({ accessToken: 'ya29.x' }, {}, sendDirectly)).rejects.toThrow(words);
  });

  test('an operation that never ends is given up', async () => {
    const kind = gemini();
    const never: Send = (call) =>
      call.path.endsWith('loadCodeAssist')
        ? Promise.resolve({
            status: 200,
            headers: {},
            body: Buffer.from('{"allowedTiers":[{"id":"free-tier"}]}'),
          })
        : Promise.resolve({
            status: 200,
            headers: {},
            body: Buffer.from('{"name":"operations/1","done":false}'),
          });
    await expect(kind.discover?.({ accessToken: 'ya29.x' }, {}, never)).rejects.toThrow(/has not finished/);
  });

  test('Google’s own words are passed on', async () => {
    simulator.enqueue({ status: 403, message: 'Cloud AI Companion is off.' });
    await expect(gemini().discover?.({ accessToken: 'ya29.x' }, {}, sendDirectly)).rejects.toThrow(
      /Cloud AI Companion is off\. \(HTTP 403\)/,
    );
  });
});
