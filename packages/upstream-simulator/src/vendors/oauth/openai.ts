// The login of OpenAI, as Codex uses it: refresh tokens for a single use, id tokens with the ChatGPT account.
import { type JsonObject, objectOf, parseJson, stringOf } from '../../json.ts';
import { seededUuid } from '../../seed.ts';
import type { Answer, Call, Failure, JsonAnswer, Vendor, VendorSettings } from '../vendor.ts';
import { type Grant, Grants, type Refusal, secret } from './grants.ts';
import {
  type Fields,
  authorizeProblem,
  formFields,
  jsonAnswer,
  jsonFields,
  jsonWebToken,
  loginEmail,
  loginVendor,
  page,
  redirectWithCode,
} from './site.ts';
import type { TokenHolder } from './token-book.ts';

const AUTHORIZE = '/oauth/authorize';
const TOKEN = '/oauth/token';
const REVOKE = '/oauth/revoke';
const LIFETIME_SECONDS = 864_000;
const DEFAULT_SCOPE = 'openid profile email offline_access';
const AUTH_CLAIM = 'https://api.openai.com/auth';

export function createOpenAiLogin(settings: VendorSettings): Vendor {
  const login = new OpenAiLogin(settings);
  return loginVendor(login);
}

/** The ChatGPT account that a token was given for, `null` if it names none. */
export function chatGptAccountOf(token: string): string | null {
  const [, claims = ''] = token.split('.');
  const parsed = parseJson(Buffer.from(claims, 'base64url').toString('utf8'));
  return stringOf(objectOf(objectOf(parsed)[AUTH_CLAIM])['chatgpt_account_id']) || null;
}

class OpenAiLogin {
  readonly id = 'openai-login';
  readonly #settings: VendorSettings;
  readonly #grants: Grants;

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#grants = new Grants(
      {
        codePrefix: 'ac_',
        refreshPrefix: 'rt_',
        rotates: true,
        lifetimeSeconds: settings.tokenLifetimeSeconds ?? LIFETIME_SECONDS,
        graceSeconds: settings.refreshGraceSeconds,
        knownOnly: settings.keys !== undefined,
      },
      settings.tokens,
    );
  }

  serves(path: string): boolean {
    return path === AUTHORIZE || path === TOKEN || path === REVOKE;
  }

  answer(call: Call): Answer {
    switch (`${call.method} ${call.path}`) {
      case `GET ${AUTHORIZE}`:
        return this.#authorize(call);
      case `POST ${TOKEN}`:
        return this.#token(call);
      case `POST ${REVOKE}`:
        return this.#revoke(call);
      default:
        return this.#refuse(call, { status: 405, type: 'invalid_request', message: 'Method not allowed' });
    }
  }

  errorBody(_call: Call, { status, type, message }: Failure): JsonObject {
    const code = type ?? (status < 429 ? 'invalid_grant' : 'server_error');
    const error = { message: message ?? MESSAGES[code] ?? 'Invalid request.', type: 'invalid_request_error' };
    return { error: { ...error, param: null, code } };
  }

  reset(): void {
    this.#grants.clear();
  }

  #authorize(call: Call): Answer {
    const query = new URLSearchParams(call.query);
    const problem = authorizeProblem(query, true);
    if (problem !== null) return page('Authentication Error', problem, 400);
    const redirectUri = query.get('redirect_uri') ?? '';
    const scope = query.get('scope') ?? DEFAULT_SCOPE;
    const code = this.#grants.authorize({
      clientId: query.get('client_id') ?? '',
      redirectUri,
      challenge: query.get('code_challenge'),
      scope,
      email: loginEmail(call, query),
      offline: scope.split(' ').includes('offline_access'),
    });
    return redirectWithCode(redirectUri, code, query.get('state'));
  }

  /** Codes come in a form, refresh tokens in a form or in JSON. */
  #token(call: Call): Answer {
    const fields = formFields(call) ?? jsonFields(call);
    switch (fields?.get('grant_type')) {
      case 'authorization_code':
        return this.#answerGrant(call, this.#exchange(fields ?? new Map<string, string>()));
      case 'refresh_token':
        return this.#grants.refresh(fields?.get('refresh_token') ?? '', (grant) =>
          this.#answerGrant(call, grant),
        );
      default:
        return this.#refuse(call, {
          status: 400,
          type: 'unsupported_grant_type',
          message: 'Unsupported grant type.',
        });
    }
  }

  #exchange(fields: Fields): Grant | Refusal {
    return this.#grants.exchange({
      code: fields.get('code') ?? '',
      clientId: fields.get('client_id') ?? '',
      redirectUri: fields.get('redirect_uri') ?? '',
      verifier: fields.get('code_verifier') ?? '',
    });
  }

  #answerGrant(call: Call, grant: Grant | Refusal): JsonAnswer {
    // A refresh token that was used before is told apart from one that nobody knows.
    if (grant === 'used') return this.#refuse(call, { status: 401, type: 'refresh_token_reused' });
    if (typeof grant === 'string') return this.#refuse(call, { status: 400, type: 'invalid_grant' });
    const { holder, lifetimeSeconds, refreshToken } = grant;
    const scope = holder.scope === '' ? DEFAULT_SCOPE : holder.scope;
    const expiresAt = Math.floor(Date.now() / 1000) + lifetimeSeconds;
    const auth = authClaim(holder);
    const accessToken = jsonWebToken({ exp: expiresAt, jti: secret(), [AUTH_CLAIM]: auth });
    this.#settings.tokens.give(accessToken, { ...holder, scope }, lifetimeSeconds);
    return jsonAnswer({
      id_token: jsonWebToken({
        exp: expiresAt,
        email: holder.email,
        email_verified: true,
        [AUTH_CLAIM]: auth,
      }),
      access_token: accessToken,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      expires_in: lifetimeSeconds,
      scope,
      token_type: 'bearer',
    });
  }

  #revoke(call: Call): Answer {
    const token = (formFields(call) ?? jsonFields(call))?.get('token') ?? '';
    this.#grants.revoke(token);
    this.#settings.tokens.revoke(token);
    return jsonAnswer({});
  }

  #refuse(call: Call, failure: Failure): JsonAnswer {
    return jsonAnswer(this.errorBody(call, failure), failure.status);
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  invalid_grant: 'Could not validate your token. Please try signing in again.',
  refresh_token_reused:
    'Your refresh token has already been used to generate a new access token. Please try signing in again.',
  server_error: 'The server had an error while processing your request.',
};

function authClaim({ email }: TokenHolder): JsonObject {
  const user = `user-${seededUuid(`user ${email}`).slice(0, 8)}`;
  return {
    chatgpt_account_id: seededUuid(`chatgpt account of ${email}`),
    chatgpt_plan_type: 'pro',
    chatgpt_user_id: user,
    user_id: user,
    organizations: [
      { id: `org-${seededUuid(email).slice(0, 8)}`, is_default: true, role: 'owner', title: 'Personal' },
    ],
  };
}
