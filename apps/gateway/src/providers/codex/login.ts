// Owns the login of ChatGPT as Codex has it: OAuth with PKCE, whose browser ends at an address of the person's own machine
// that is to be copied, and renewing what it gave.
import { z } from 'zod';
import { readLoginToken } from '../kit/id-token.ts';
import { exchangeCode, expiryOf, refreshTokens, type Tokens } from '../kit/token-endpoint.ts';
import { LoginExpired, type LoginFlow, type Send } from '../provider.ts';
import type { CodexCredential, CodexSettings } from './account.ts';

/** The only one that the vendor knows of the application; nobody has to listen there. */
const REDIRECT_URI = 'http://localhost:1455/auth/callback';
const SCOPES = 'openid profile email offline_access';

export interface CodexLogin {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly nowMs: () => number;
}

const idTokenSchema = z.object({ id_token: z.string() });

export function codexLogin(login: CodexLogin): LoginFlow<CodexSettings, CodexCredential> {
  return {
    modes: [],
    authorizeUrl: ({ state, codeChallenge }) => {
      const url = new URL(login.authorizeUrl);
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: login.clientId,
        redirect_uri: REDIRECT_URI,
        scope: SCOPES,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        id_token_add_organizations: 'true',
        codex_cli_simplified_flow: 'true',
        state,
      }).toString();
      return url.href;
    },
    exchange: async ({ code, codeVerifier }, send) => {
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        client_id: login.clientId,
        code_verifier: codeVerifier,
      };
      const tokens = await exchangeCode({ url: login.tokenUrl, fields, encoding: 'form' }, send);
      const { accountId, email, plan } = claimsOf(tokens);
      if (accountId === null) throw new Error('This login has no ChatGPT account that Codex could use.');
      return {
        credential: { ...credentialOf(tokens, login.nowMs()), accountId },
        settings: plan === null ? {} : { subscription: plan },
        owner: email,
      };
    },
  };
}

/** A refresh token serves once: the answer's takes its place. */
export async function refreshCodex(
  { refreshToken, accountId }: CodexCredential,
  login: CodexLogin,
  send: Send,
): Promise<CodexCredential> {
  if (refreshToken === undefined)
    throw new LoginExpired('There is no refresh token to renew the login with.');
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: login.clientId };
  const tokens = await refreshTokens({ url: login.tokenUrl, fields, encoding: 'json' }, send);
  const known = accountId ?? claimsOf(tokens).accountId;
  return {
    refreshToken,
    ...credentialOf(tokens, login.nowMs()),
    ...(known === null ? {} : { accountId: known }),
  };
}

/** The id token is made to tell them; the access token of most logins does too. */
function claimsOf(tokens: Tokens): ReturnType<typeof readLoginToken> {
  const idToken = idTokenSchema.safeParse(tokens).data?.id_token;
  return readLoginToken(idToken ?? tokens.access_token);
}

function credentialOf(tokens: Tokens, nowMs: number): CodexCredential {
  const { access_token: accessToken, refresh_token: refreshToken } = tokens;
  return {
    accessToken,
    ...(refreshToken === null || refreshToken === undefined ? {} : { refreshToken }),
    expiresAt: expiryOf(tokens, nowMs),
  };
}
