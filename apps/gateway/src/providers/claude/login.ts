// Owns the login of Claude: OAuth with PKCE by the vendor's page that shows a code to paste, and renewing what it gave.
import { z } from 'zod';
import { LoginExpired, type LoginFlow, type Send } from '../provider.ts';
import { exchangeCode, expiryOf, refreshTokens, type Tokens } from '../kit/token-endpoint.ts';
import { type ClaudeCredential, type ClaudeSettings, OAUTH_BETA } from './account.ts';

/** The vendor's own page, which shows `code#state`. */
const REDIRECT_URI = 'https://platform.claude.com/oauth/code/callback';
const ACCOUNT_SCOPES =
  'user:profile user:inference user:sessions:claude_code user:mcp_servers user:file_upload';
const LOGIN_SCOPES = `org:create_api_key ${ACCOUNT_SCOPES}`;
/** A token for inference alone, which lasts long and cannot be renewed. */
const SETUP_TOKEN = 'setup-token';
const SETUP_TOKEN_SCOPE = 'user:inference';
const SETUP_TOKEN_SECONDS = 365 * 24 * 3600;

export interface ClaudeLogin {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly nowMs: () => number;
}

const ownerSchema = z.object({ account: z.object({ email_address: z.string() }) });

export function claudeLogin(login: ClaudeLogin): LoginFlow<ClaudeSettings, ClaudeCredential> {
  return {
    modes: [SETUP_TOKEN],
    authorizeUrl: ({ state, codeChallenge, mode }) => {
      const url = new URL(login.authorizeUrl);
      url.search = new URLSearchParams({
        code: 'true',
        client_id: login.clientId,
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope: mode === SETUP_TOKEN ? SETUP_TOKEN_SCOPE : LOGIN_SCOPES,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        state,
      }).toString();
      return url.href;
    },
    exchange: async ({ code, state, codeVerifier, mode }, send) => {
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        client_id: login.clientId,
        code_verifier: codeVerifier,
        state,
        ...(mode === SETUP_TOKEN ? { expires_in: SETUP_TOKEN_SECONDS } : {}),
      };
      const tokens = await exchangeCode({ url: login.tokenUrl, fields, encoding: 'json' }, send);
      const owner = ownerSchema.safeParse(tokens);
      return {
        credential: credentialOf(tokens, login.nowMs()),
        settings: {},
        owner: owner.data?.account.email_address ?? null,
      };
    },
  };
}

/** The refresh token rotates: the answer's takes the place of the one that was used. */
export async function refreshClaude(
  { refreshToken }: ClaudeCredential,
  login: ClaudeLogin,
  send: Send,
): Promise<ClaudeCredential> {
  if (refreshToken === undefined) throw new LoginExpired('A setup token cannot be renewed: sign in again.');
  const fields = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: login.clientId,
    scope: ACCOUNT_SCOPES,
  };
  const tokens = await refreshTokens(
    { url: login.tokenUrl, fields, encoding: 'json', headers: ['anthropic-beta', OAUTH_BETA] },
    send,
  );
  return { refreshToken, ...credentialOf(tokens, login.nowMs()) };
}

function credentialOf(tokens: Tokens, nowMs: number): ClaudeCredential {
  const { access_token: accessToken, refresh_token: refreshToken } = tokens;
  return {
    accessToken,
    ...(refreshToken === null || refreshToken === undefined ? {} : { refreshToken }),
    expiresAt: expiryOf(tokens, nowMs),
  };
}
