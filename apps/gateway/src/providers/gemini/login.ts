// Owns the login of Google as Gemini CLI has it: OAuth with PKCE by the page that shows a code, and renewing what it gave.
import { readLoginToken } from '../kit/id-token.ts';
import { exchangeCode, expiryOf, refreshTokens, type Tokens } from '../kit/token-endpoint.ts';
import { LoginExpired, type LoginFlow, type Send } from '../provider.ts';
import type { GeminiCredential, GeminiSettings } from './account.ts';

/** The vendor's own page for applications without a browser of their own. */
const REDIRECT_URI = 'https://codeassist.google.com/authcode';
const SCOPES = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
].join(' ');

export interface GeminiLogin {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Null: none is sent, which Google takes of some kinds of application only. */
  readonly clientSecret: string | null;
  readonly nowMs: () => number;
}

export function geminiLogin(login: GeminiLogin): LoginFlow<GeminiSettings, GeminiCredential> {
  return {
    modes: [],
    authorizeUrl: ({ state, codeChallenge }) => {
      const url = new URL(login.authorizeUrl);
      url.search = new URLSearchParams({
        client_id: login.clientId,
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope: SCOPES,
        // A refresh token comes only with both.
        access_type: 'offline',
        prompt: 'consent',
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        state,
      }).toString();
      return url.href;
    },
    exchange: async ({ code, codeVerifier }, send) => {
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: codeVerifier,
        ...clientOf(login),
      };
      const tokens = await explained(
        login,
        exchangeCode({ url: login.tokenUrl, fields, encoding: 'form' }, send),
      );
      return { credential: credentialOf(tokens, login.nowMs()), settings: {}, owner: ownerOf(tokens) };
    },
  };
}

/** Google's refresh tokens stay as they are. */
export async function refreshGemini(
  { refreshToken }: GeminiCredential,
  login: GeminiLogin,
  send: Send,
): Promise<GeminiCredential> {
  if (refreshToken === undefined) throw new LoginExpired('There is no refresh token: sign in again.');
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, ...clientOf(login) };
  const tokens = await explained(
    login,
    refreshTokens({ url: login.tokenUrl, fields, encoding: 'form' }, send),
  );
  return { refreshToken, ...credentialOf(tokens, login.nowMs()) };
}

function clientOf({ clientId, clientSecret }: GeminiLogin): Record<string, string> {
  return { client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }) };
}

/** What Google says of a missing secret does not tell where it is to be given. */
async function explained(login: GeminiLogin, asked: Promise<Tokens>): Promise<Tokens> {
  try {
    return await asked;
  } catch (error) {
    if (login.clientSecret === null && error instanceof Error && error.message.includes('client_secret')) {
      throw new Error(`${error.message}; set GEMINI_OAUTH_CLIENT_SECRET`, { cause: error });
    }
    throw error;
  }
}

function credentialOf(tokens: Tokens, nowMs: number): GeminiCredential {
  const { access_token: accessToken, refresh_token: refreshToken } = tokens;
  return {
    accessToken,
    ...(refreshToken === null || refreshToken === undefined ? {} : { refreshToken }),
    expiresAt: expiryOf(tokens, nowMs),
  };
}

/** Named in the id token, where Google gives one. */
function ownerOf({ id_token: idToken }: Tokens): string | null {
  return typeof idToken === 'string' ? readLoginToken(idToken).email : null;
}
