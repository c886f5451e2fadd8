// The login of Claude: authorize page, token endpoint with rotating refresh tokens, and what an account says of itself.
import type { JsonObject } from '../../json.ts';
import { seededInteger } from '../../seed.ts';
import { acceptsKey } from '../credentials.ts';
import type { Answer, Call, Failure, JsonAnswer, Vendor, VendorSettings } from '../vendor.ts';
import { accountOf, organizationName, organizationOf, profile, usage } from './claude-account.ts';
import { type Grant, Grants, type Refusal, secret } from './grants.ts';
import {
  type Fields,
  authorizeProblem,
  jsonAnswer,
  jsonFields,
  loginEmail,
  loginVendor,
  page,
  redirectWithCode,
} from './site.ts';

const AUTHORIZE: ReadonlySet<string> = new Set(['/cai/oauth/authorize', '/oauth/authorize']);
const TOKEN = '/v1/oauth/token';
const ACCOUNT = '/api/oauth/';
/** The page that shows the code when the client has no address of its own. */
const CALLBACK_PAGE = /\/oauth\/code\/callback$/u;
const OAUTH_BETA = 'oauth-2025-04-20';
const LIFETIME_SECONDS = 28_800;
const PROFILE_SCOPE = 'user:profile';
const ALL_SCOPES = 'user:profile user:inference user:sessions:claude_code user:mcp_servers user:file_upload';

export function createClaudeLogin(settings: VendorSettings): Vendor {
  const login = new ClaudeLogin(settings);
  return loginVendor(login);
}

class ClaudeLogin {
  readonly id = 'claude-login';
  readonly #settings: VendorSettings;
  readonly #grants: Grants;

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#grants = new Grants(
      {
        codePrefix: '',
        refreshPrefix: 'sk-ant-ort01-',
        rotates: true,
        lifetimeSeconds: settings.tokenLifetimeSeconds ?? LIFETIME_SECONDS,
        graceSeconds: settings.refreshGraceSeconds,
        knownOnly: settings.keys !== undefined,
      },
      settings.tokens,
    );
  }

  /** `/oauth/authorize` is OpenAI's too: its client ids begin with `app_`. */
  serves(path: string, query: string): boolean {
    if (path === '/oauth/authorize') {
      return new URLSearchParams(query).get('client_id')?.startsWith('app_') !== true;
    }
    return AUTHORIZE.has(path) || path === TOKEN || path.startsWith(ACCOUNT);
  }

  answer(call: Call): Answer {
    if (call.method === 'GET' && AUTHORIZE.has(call.path)) return this.#authorize(call);
    if (call.method === 'POST' && call.path === TOKEN) return this.#token(call);
    if (call.path.startsWith(ACCOUNT)) return this.#account(call);
    return this.#refuse(call, { status: 405 });
  }

  errorBody(call: Call, { status, type, message }: Failure): JsonObject {
    if (call.path === TOKEN && status < 429) {
      return {
        error: type ?? 'invalid_grant',
        error_description: message ?? 'Refresh token not found or invalid',
      };
    }
    const [name, text] = ERRORS[status] ?? ['api_error', 'Internal server error'];
    return {
      type: 'error',
      error: { type: type ?? name, message: message ?? text },
      request_id: call.requestId,
    };
  }

  reset(): void {
    this.#grants.clear();
  }

  #authorize(call: Call): Answer {
    const query = new URLSearchParams(call.query);
    const problem =
      authorizeProblem(query, true) ?? (query.get('state') === null ? 'state is missing' : null);
    if (problem !== null) return page('Invalid OAuth Request', problem, 400);
    const redirectUri = query.get('redirect_uri') ?? '';
    const state = query.get('state') ?? '';
    const scope = query.get('scope') ?? '';
    const code = this.#grants.authorize({
      clientId: query.get('client_id') ?? '',
      redirectUri,
      challenge: query.get('code_challenge'),
      scope,
      email: loginEmail(call, query),
      // A token for inference alone lasts long and cannot be refreshed.
      offline: scope !== 'user:inference',
    });
    return CALLBACK_PAGE.test(new URL(redirectUri).pathname)
      ? page('Authentication Code', `${code}#${state}`)
      : redirectWithCode(redirectUri, code, state);
  }

  #token(call: Call): Answer {
    const fields = jsonFields(call);
    if (fields === null) {
      return this.#refuse(call, {
        status: 400,
        type: 'invalid_request_error',
        message: 'Invalid request format',
      });
    }
    switch (fields.get('grant_type')) {
      case 'authorization_code':
        return this.#exchange(call, fields);
      case 'refresh_token':
        return this.#grants.refresh(fields.get('refresh_token') ?? '', (grant) =>
          this.#answerGrant(call, grant, fields),
        );
      default:
        return this.#refuse(call, {
          status: 400,
          type: 'unsupported_grant_type',
          message: 'Unsupported grant type',
        });
    }
  }

  #exchange(call: Call, fields: Fields): Answer {
    const lifetime = fields.get('expires_in');
    const grant = this.#grants.exchange(
      {
        code: fields.get('code') ?? '',
        clientId: fields.get('client_id') ?? '',
        redirectUri: fields.get('redirect_uri') ?? '',
        verifier: fields.get('code_verifier') ?? '',
      },
      lifetime === undefined ? undefined : Number(lifetime),
    );
    return this.#answerGrant(call, grant, fields);
  }

  #answerGrant(call: Call, grant: Grant | Refusal, fields: Fields): JsonAnswer {
    if (typeof grant === 'string') {
      const code = fields.has('code');
      const message = code ? `Invalid 'code' in request (${grant}).` : 'Refresh token not found or invalid';
      return this.#refuse(call, { status: 400, type: 'invalid_grant', message });
    }
    const { holder, lifetimeSeconds, refreshToken } = grant;
    const scope = holder.scope === '' ? (fields.get('scope') ?? ALL_SCOPES) : holder.scope;
    const accessToken = `sk-ant-oat01-${secret()}`;
    this.#settings.tokens.give(accessToken, { ...holder, scope }, lifetimeSeconds);
    return jsonAnswer({
      token_type: 'Bearer',
      access_token: accessToken,
      expires_in: lifetimeSeconds,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      scope,
      organization: { uuid: organizationOf(holder), name: organizationName(holder) },
      account: { uuid: accountOf(holder), email_address: holder.email },
    });
  }

  #account(call: Call): Answer {
    const { apiKey } = call.credential;
    if (apiKey === null || !acceptsKey(this.#settings, apiKey)) return this.#refuse(call, { status: 401 });
    if (!String(call.headers['anthropic-beta']).includes(OAUTH_BETA)) {
      const message = 'OAuth authentication is currently not supported.';
      return this.#refuse(call, { status: 401, message });
    }
    const holder = this.#settings.tokens.holder(apiKey) ?? {
      email: `user-${seededInteger(apiKey, 10_000)}@example.com`,
      scope: ALL_SCOPES,
    };
    if (!holder.scope.split(' ').includes(PROFILE_SCOPE)) {
      const message = 'OAuth token does not meet scope requirement user:profile';
      return this.#refuse(call, { status: 403, message });
    }
    switch (`${call.method} ${call.path.slice(ACCOUNT.length)}`) {
      case 'GET profile':
        return jsonAnswer(profile(holder));
      case 'GET usage':
        return jsonAnswer(usage(`${call.account ?? ''}\n${apiKey}`, Date.now()));
      case 'GET claude_cli/roles':
        return jsonAnswer({
          organization_uuid: organizationOf(holder),
          organization_name: organizationName(holder),
          organization_role: 'admin',
          workspace_role: null,
        });
      case 'POST claude_cli/create_api_key':
        return jsonAnswer({ raw_key: `sk-ant-api03-${secret()}` });
      default:
        return this.#refuse(call, { status: 404 });
    }
  }

  #refuse(call: Call, failure: Failure): JsonAnswer {
    return jsonAnswer(this.errorBody(call, failure), failure.status);
  }
}

const ERRORS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  401: ['authentication_error', 'Invalid authentication credentials'],
  403: ['permission_error', 'OAuth token does not have the permission.'],
  404: ['not_found_error', 'Not Found'],
  405: ['invalid_request_error', 'Method Not Allowed'],
  429: ['rate_limit_error', 'Rate limited. Please try again later.'],
};
