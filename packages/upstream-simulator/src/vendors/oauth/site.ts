// A site that logs users in, as a vendor: what its pages and token endpoint share.
import { isObject, objectOf, stringOf } from '../../json.ts';
import { bearerCredential } from '../credentials.ts';
import type { Answer, Call, Failure, JsonAnswer, Vendor } from '../vendor.ts';

export interface LoginSite {
  readonly id: string;
  serves(path: string, query: string): boolean;
  answer(call: Call): Answer;
  /** The body of an error as this site words it. */
  errorBody(call: Call, failure: Failure): unknown;
  reset(): void;
}

export function loginVendor(site: LoginSite): Vendor {
  const failure = (call: Call, failed: Failure): JsonAnswer =>
    jsonAnswer(site.errorBody(call, failed), failed.status);
  return {
    id: site.id,
    serves: (path, _headers, query) => site.serves(path, query),
    credential: (headers) => bearerCredential(headers),
    model: () => '',
    prompt: () => '',
    answer: (call) => site.answer(call),
    failure,
    errorEvent: (call, type, message) => {
      const error = site.errorBody(call, { status: 500, type, message });
      return { name: null, data: JSON.stringify(error) };
    },
    reset: () => site.reset(),
  };
}

export function jsonAnswer(body: unknown, status = 200): JsonAnswer {
  return { kind: 'json', status, headers: { 'cache-control': 'no-store' }, body };
}

export type Fields = ReadonlyMap<string, string>;

/** The fields of a form, or `null` if the body is none. */
export function formFields(call: Call): Fields | null {
  const type = stringOf(call.headers['content-type']);
  return type.startsWith('application/x-www-form-urlencoded')
    ? new Map(new URLSearchParams(call.rawBody.toString('utf8')))
    : null;
}

/** The fields of a JSON object, or `null` if the body is none. */
export function jsonFields(call: Call): Fields | null {
  if (!isObject(call.body)) return null;
  return new Map(Object.entries(objectOf(call.body)).map(([name, value]) => [name, String(value)]));
}

/** Sends the browser back with the code, as after a login that always succeeds. */
export function redirectWithCode(redirectUri: string, code: string, state: string | null): JsonAnswer {
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  if (state !== null) target.searchParams.set('state', state);
  return {
    kind: 'json',
    status: 302,
    headers: { location: target.href, 'content-type': 'text/html' },
    body: '',
  };
}

/** A page with something to copy. */
export function page(title: string, copied: string, status = 200): JsonAnswer {
  const body =
    `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head>` +
    `<body><h1>${escape(title)}</h1><p><code id="code">${escape(copied)}</code></p></body></html>\n`;
  return { kind: 'json', status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Who logs in: the hint that came with the request, or one user per account prefix. */
export function loginEmail(call: Call, query: URLSearchParams): string {
  return query.get('login_hint') ?? `${call.account ?? 'user'}@example.com`;
}

/** What is wrong with the question for a code; `null` if nothing is. */
export function authorizeProblem(query: URLSearchParams, needsChallenge: boolean): string | null {
  if (query.get('response_type') !== 'code') return 'response_type must be "code"';
  if ((query.get('client_id') ?? '') === '') return 'client_id is missing';
  if (!URL.canParse(query.get('redirect_uri') ?? '')) return 'redirect_uri is missing or no address';
  const challenge = query.get('code_challenge');
  if (challenge === null) return needsChallenge ? 'code_challenge is missing' : null;
  return query.get('code_challenge_method') === 'S256' ? null : 'code_challenge_method must be "S256"';
}

/** Unsigned where it matters: nobody here checks the signature. */
export function jsonWebToken(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = Buffer.from('not signed').toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT', kid: 'simulated' })}.${part(claims)}.${signature}`;
}
