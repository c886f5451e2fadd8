// What every upstream kind guarantees. A new kind passes this by being registered.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { someFacts } from '../../test/anthropic-fixtures.ts';
import { providersAt } from '../../test/providers.ts';
import type { AnyProvider, FailedResponse, PreparedRequest, UpstreamCall } from './provider.ts';

const providers = providersAt('http://127.0.0.1:4010/as/one');
const SECRET = 'upstream-secret-1';

/** What an administrator would enter for each kind. */
const accounts: Readonly<Record<string, { settings: unknown; credential: unknown; path: string }>> = {
  claude: { settings: {}, credential: { accessToken: SECRET }, path: '/as/one' },
  'claude-console': {
    settings: { baseUrl: 'https://host.example/x/v1' },
    credential: { apiKey: SECRET },
    path: '/x',
  },
};

const body = Buffer.from(
  '{ "messages":[{"role":"user","content":"{\\"model\\":1}"}],\n "model" : "claude-opus-5-5", "new":1.0 }',
);

function callOf(overrides: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    dialect: 'anthropic',
    operation: 'generate',
    method: 'POST',
    path: '/v1/messages',
    query: '?beta=true',
    headers: [
      'User-Agent',
      'claude-cli/2.1.329 (external, cli)',
      'content-type',
      'application/json',
      'X-App',
      'cli',
      'anthropic-version',
      '2026-10-21',
      'anthropic-beta',
      'claude-code-20250219,effort-2025-11-24',
      'accept',
      'application/json',
    ],
    body,
    facts: someFacts,
    stream: someFacts.stream,
    upstreamModel: someFacts.model,
    ...overrides,
  };
}

function prepare(provider: AnyProvider, overrides: Partial<UpstreamCall> = {}): PreparedRequest {
  const account = accounts[provider.kind];
  const settings = provider.account.settings.parse(account?.settings);
  const credential = provider.account.credential.parse(account?.credential);
  return provider.prepare(callOf(overrides), { id: 'a1', settings }, credential);
}

function header(request: PreparedRequest, name: string): string[] {
  return request.headers.filter(
    (_, index) => index % 2 === 1 && request.headers[index - 1]?.toLowerCase() === name,
  );
}

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'];

test('every registered kind has an account here, under its own name', () => {
  expect([...providers.keys()].sort()).toEqual(Object.keys(accounts).sort());
  for (const [kind, provider] of providers) expect(provider.kind).toBe(kind);
});

describe.each([...providers.values()].map((provider) => [provider.kind, provider] as const))(
  '%s',
  (kind, provider) => {
    test('forms can be made of its schemas, and a secret never has a default', () => {
      for (const schema of [provider.account.settings, provider.account.credential]) {
        expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
          type: 'object',
          additionalProperties: false,
        });
      }
      expect(provider.account.settings.safeParse({}).success).toBe(true);
      expect(provider.account.settings.safeParse({ unknown: 1 }).success).toBe(false);
      expect(provider.account.credential.safeParse({}).success).toBe(false);
    });

    test('a secret that would break a header is refused', () => {
      const credential = accounts[kind]?.credential;
      for (const bad of ['two\nlines', 'a b', '', 'ключ']) {
        const broken = JSON.parse(
          JSON.stringify(credential).replace(SECRET, JSON.stringify(bad).slice(1, -1)),
        ) as unknown;
        expect(provider.account.credential.safeParse(broken).success, bad).toBe(false);
      }
    });

    test('the body goes out byte for byte', () => {
      const request = prepare(provider);
      expect(request.body.equals(body)).toBe(true);
      expect(header(request, 'content-length')).toEqual([String(body.length)]);
    });

    test('path and query are the client’s, behind the account’s address', () => {
      const request = prepare(provider, { query: '?beta=true&key=cr_1' });
      expect(request.path).toBe(`${accounts[kind]?.path}/v1/messages?beta=true`);
      expect(request.origin).toMatch(/^https?:\/\/[^/]+$/);
      const settings = provider.account.settings.parse(accounts[kind]?.settings);
      expect(new URL(provider.baseUrl(settings)).origin).toBe(request.origin);
    });

    test('exactly one credential goes out, and it is the account’s', () => {
      const smuggled = [
        'X-API-Key',
        'cr_client',
        'AUTHORIZATION',
        'Bearer cr_client',
        'Cookie',
        'a=b',
        'api-key',
        'cr_client',
      ];
      const request = prepare(provider, { headers: [...callOf().headers, ...smuggled] });
      const credentials = CREDENTIAL_HEADERS.flatMap((name) => header(request, name));
      expect(credentials).toHaveLength(1);
      expect(credentials[0]).toContain(SECRET);
      expect(JSON.stringify(request.headers)).not.toContain('cr_client');
    });

    test('the client’s headers go out in their order and case', () => {
      const request = prepare(provider);
      const names = request.headers.filter((_, index) => index % 2 === 0);
      expect(names.slice(0, 6)).toEqual([
        'User-Agent',
        'content-type',
        'X-App',
        'anthropic-version',
        'anthropic-beta',
        'accept',
      ]);
      expect(header(request, 'user-agent')).toEqual(['claude-cli/2.1.329 (external, cli)']);
      expect(header(request, 'anthropic-version')).toEqual(['2026-10-21']);
      expect(header(request, 'accept-encoding')).toEqual(['identity']);
    });

    test('what is missing is added: version, type', () => {
      const request = prepare(provider, { headers: [] });
      expect(header(request, 'anthropic-version')).toEqual(['2023-06-01']);
      expect(header(request, 'content-type')).toEqual(['application/json']);
    });

    test('a mapped model changes the model and nothing else', () => {
      const request = prepare(provider, { upstreamModel: 'claude-other' });
      expect(request.body.toString()).toBe(body.toString().replace('"claude-opus-5-5"', '"claude-other"'));
      expect(header(request, 'content-length')).toEqual([String(request.body.length)]);
    });

    test('a call without a body has neither length nor type', () => {
      const request = prepare(provider, {
        method: 'GET',
        path: '/v1/models',
        body: Buffer.alloc(0),
        headers: [],
      });
      expect([header(request, 'content-length'), header(request, 'content-type')]).toEqual([[], []]);
    });

    test('preparing twice gives the same and leaves the call as it was', () => {
      const call = callOf();
      const before = JSON.stringify(call.headers);
      expect(prepare(provider)).toEqual(prepare(provider));
      expect(JSON.stringify(call.headers)).toBe(before);
    });

    test('the connection test is a complete request of this kind', () => {
      for (const model of [null, 'claude-sonnet-5-5']) {
        const { call, model: used } = provider.testCall(model);
        expect(used).toBe(model ?? used);
        expect(call.upstreamModel).toBe(used);
        expect(JSON.parse(call.body.toString())).toMatchObject({ model: used });
        expect(provider.speaks.generate).toContain(call.dialect);
        expect(provider.serves(used)).toBe(true);
      }
    });

    test('every failure is judged, and no judgement contradicts itself', () => {
      const bodies = [
        '',
        '<html>',
        '{"error":"x"}',
        '{"type":"error","error":{"type":"api_error","message":"x"}}',
        'null',
        '[]',
      ];
      const failures: FailedResponse[] = [
        ...[200, 301, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 520, 529].flatMap(
          (status) => bodies.map((text) => ({ type: 'status', status, headers: {}, body: text }) as const),
        ),
        ...bodies.map((text) => ({ type: 'error-event', headers: {}, body: text }) as const),
        { type: 'unreachable', code: 'ENOTFOUND', message: 'x' },
        { type: 'cut', message: 'x' },
        { type: 'timeout', stage: 'idle', timeoutMs: 1 },
      ];
      for (const failure of failures) {
        const judged = provider.classify(failure, someFacts, 0);
        const seen = JSON.stringify({ failure, judged });
        expect(judged.message.length, seen).toBeGreaterThan(0);
        expect(judged.coolDownMs ?? 0, seen).toBeGreaterThanOrEqual(0);
        // A client's fault must not cost an account anything.
        expect(
          judged.fault === 'client' && (judged.coolDownMs !== null || judged.accountState !== null),
          seen,
        ).toBe(false);
        // The same account is no choice after it was found dead or at its limit.
        expect(judged.fault === 'account' && judged.retry === 'same', seen).toBe(false);
      }
    });

    test('serves its vendor’s models only', () => {
      expect(provider.serves('claude-opus-5-5')).toBe(true);
      for (const model of ['gpt-6-luna', 'gemini-3.8-flash', '']) expect(provider.serves(model)).toBe(false);
    });

    test('no quota headers, no windows', () => {
      expect(provider.limits({ 'content-type': 'application/json' })).toEqual([]);
    });
  },
);
