// The login of Google: authorize, form-encoded token endpoint without rotation, revoke, user info.
import type { JsonObject } from '../../json.ts';
import { digest } from '../../seed.ts';
import type { Answer, Call, Failure, JsonAnswer, Vendor, VendorSettings } from '../vendor.ts';
import { type Grant, Grants, type Refusal, secret } from './grants.ts';
import {
  type Fields,
  authorizeProblem,
  formFields,
  jsonAnswer,
  jsonWebToken,
  loginEmail,
  loginVendor,
  page,
  redirectWithCode,
} from './site.ts';

const AUTHORIZE = '/o/oauth2/v2/auth';
const TOKEN = '/token';
const REVOKE = '/revoke';
const USER_INFO = '/oauth2/v2/userinfo';
/** The page that shows the code when the client has no address of its own. */
const CODE_PAGE = /^codeassist\.google\.com$/u;
const LIFETIME_SECONDS = 3599;
const DEFAULT_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

export function createGoogleLogin(settings: VendorSettings): Vendor {
  const login = new GoogleLogin(settings);
  return loginVendor(login);
}

class GoogleLogin {
  readonly id = 'google-login';
  readonly #settings: VendorSettings;
  readonly #grants: Grants;
  /** Users and clients that went together once: a second consent brings no refresh token by itself. */
  readonly #consents = new Set<string>();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#grants = new Grants(
      {
        codePrefix: '4/0A',
        refreshPrefix: '1//0',
        rotates: false,
        lifetimeSeconds: settings.tokenLifetimeSeconds ?? LIFETIME_SECONDS,
        graceSeconds: settings.refreshGraceSeconds,
        knownOnly: settings.keys !== undefined,
      },
      settings.tokens,
    );
  }

  serves(path: string): boolean {
    return path === AUTHORIZE || path === TOKEN || path === REVOKE || path === USER_INFO;
  }

  answer(call: Call): Answer {
    switch (`${call.method} ${call.path}`) {
      case `GET ${AUTHORIZE}`:
        return this.#authorize(call);
      case `POST ${TOKEN}`:
        return this.#token(call);
      case `POST ${REVOKE}`:
        return this.#revoke(call);
      case `GET ${USER_INFO}`:
        return this.#userInfo(call);
      default:
        return this.#refuse(call, { status: 404, type: 'not_found', message: 'Not Found' });
    }
  }

  errorBody(call: Call, { status, type, message }: Failure): JsonObject {
    if (call.path === USER_INFO) {
      const text = message ?? 'Request had invalid authentication credentials.';
      return { error: { code: status, message: text, status: type ?? 'UNAUTHENTICATED' } };
    }
    const fallback = status < 429 ? 'invalid_grant' : 'internal_failure';
    return { error: type ?? fallback, error_description: message ?? 'Token has been expired or revoked.' };
  }

  reset(): void {
    this.#grants.clear();
    this.#consents.clear();
  }

  #authorize(call: Call): Answer {
    const query = new URLSearchParams(call.query);
    const problem = authorizeProblem(query, false);
    if (problem !== null) return page('Access blocked: Authorization Error', problem, 400);
    const email = loginEmail(call, query);
    const clientId = query.get('client_id') ?? '';
    const redirectUri = query.get('redirect_uri') ?? '';
    const consent = `${email} ${clientId}`;
    const asksConsent = query.get('prompt')?.split(' ').includes('consent') === true;
    const offline = query.get('access_type') === 'offline' && (asksConsent || !this.#consents.has(consent));
    this.#consents.add(consent);
    const code = this.#grants.authorize({
      clientId,
      redirectUri,
      challenge: query.get('code_challenge'),
      scope: query.get('scope') ?? DEFAULT_SCOPE,
      email,
      offline,
    });
    return CODE_PAGE.test(new URL(redirectUri).hostname)
      ? page('Authorization code', code)
      : redirectWithCode(redirectUri, code, query.get('state'));
  }

  #token(call: Call): Answer {
    const fields = formFields(call);
    if (fields === null || !fields.has('client_id')) {
      const message = 'Could not determine client ID from request.';
      return this.#refuse(call, { status: 400, type: 'invalid_request', message });
    }
    if (!fields.has('client_secret')) {
      return this.#refuse(call, {
        status: 400,
        type: 'invalid_request',
        message: 'client_secret is missing.',
      });
    }
    switch (fields.get('grant_type')) {
      case 'authorization_code':
        return this.#answerGrant(call, this.#exchange(fields));
      case 'refresh_token':
        return this.#grants.refresh(fields.get('refresh_token') ?? '', (grant) =>
          this.#answerGrant(call, grant),
        );
      default:
        return this.#refuse(call, {
          status: 400,
          type: 'unsupported_grant_type',
          message: `Invalid grant_type: ${fields.get('grant_type') ?? ''}`,
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
    if (typeof grant === 'string') {
      if (grant === 'redirect') {
        return this.#refuse(call, { status: 400, type: 'redirect_uri_mismatch', message: 'Bad Request' });
      }
      const message = grant === 'verifier' ? 'Invalid code verifier.' : 'Token has been expired or revoked.';
      return this.#refuse(call, { status: 400, type: 'invalid_grant', message });
    }
    const { holder, lifetimeSeconds, refreshToken } = grant;
    const scope = holder.scope === '' ? DEFAULT_SCOPE : holder.scope;
    const accessToken = `ya29.a0${secret()}`;
    this.#settings.tokens.give(accessToken, { ...holder, scope }, lifetimeSeconds);
    return jsonAnswer({
      access_token: accessToken,
      expires_in: lifetimeSeconds,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      scope,
      token_type: 'Bearer',
      id_token: jsonWebToken({
        iss: 'https://accounts.google.com',
        sub: subjectOf(holder.email),
        email: holder.email,
        email_verified: true,
      }),
    });
  }

  /** Takes either of the two tokens, in the body or in the address. */
  #revoke(call: Call): Answer {
    const token = formFields(call)?.get('token') ?? new URLSearchParams(call.query).get('token') ?? '';
    if (token === '')
      return this.#refuse(call, { status: 400, type: 'invalid_token', message: 'Token expired or revoked' });
    this.#grants.revoke(token);
    this.#settings.tokens.revoke(token);
    return jsonAnswer({});
  }

  #userInfo(call: Call): Answer {
    const { apiKey } = call.credential;
    const holder = apiKey === null ? null : this.#settings.tokens.holder(apiKey);
    if (apiKey === null || holder === null || this.#settings.tokens.state(apiKey) !== 'valid') {
      return this.#refuse(call, { status: 401 });
    }
    const [name = 'user'] = holder.email.split('@');
    return jsonAnswer({ id: subjectOf(holder.email), email: holder.email, verified_email: true, name });
  }

  #refuse(call: Call, failure: Failure): JsonAnswer {
    return jsonAnswer(this.errorBody(call, failure), failure.status);
  }
}

function subjectOf(email: string): string {
  return BigInt(`0x${digest(email).slice(0, 16)}`)
    .toString()
    .padStart(21, '1')
    .slice(0, 21);
}
