// What every upstream kind guarantees. A new kind passes this by being registered, with an account and what it adds.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { someFacts } from '../../test/anthropic-fixtures.ts';
import { providersAt } from '../../test/providers.ts';
import { recordingsOf } from '../../test/recordings.ts';
import type { DialectId, Operation } from '../protocols/protocol.ts';
import type { AnyProvider, FailedResponse, PreparedRequest, UpstreamCall } from './provider.ts';

const NOW_MS = Date.parse('2026-11-21T05:00:00Z');
const providers = providersAt('http://127.0.0.1:4010/as/one', { clock: { now: () => NOW_MS } });
const SECRET = 'upstream-secret-1';

interface Sample {
  /** What an administrator would enter. */
  readonly settings: object;
  readonly credential: object;
  /** Another form of the credential, where there is one. */
  readonly otherCredential?: object;
  readonly model: string;
  /** In front of the dialect's own path, or all of it. */
  readonly path: string | ((path: string) => string);
  /** What the credential's header says. */
  readonly presents?: string;
  /** Names of headers that go out beside the client's, the credential's and those of the body. */
  readonly adds?: readonly string[];
  /** The body as it goes out; absent: byte for byte. `model` is what the upstream is asked for. */
  readonly body?: (body: string, model: string) => string;
  /** The kind takes nothing of the client's headers but its name. */
  readonly sendsNameOnly?: boolean;
  /** A model of another vendor that no account of the kind could answer. */
  readonly foreignModel: string;
}

/** Documented changes, as an editor would make them. */
const asBedrock = (body: string): string =>
  body
    .replace(
      '{ "messages"',
      '{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["claude-code-20250219","effort-2025-11-24"], "messages"',
    )
    .replace(/,\n "model" : "[^"]*"/, '');

const samples: Readonly<Record<string, Sample>> = {
  claude: {
    settings: {},
    credential: { accessToken: SECRET },
    model: 'claude-opus-5-5',
    path: '/as/one',
    foreignModel: 'gpt-6-luna',
  },
  'claude-console': {
    settings: { baseUrl: 'https://host.example/x/v1' },
    credential: { apiKey: SECRET },
    model: 'claude-opus-5-5',
    path: '/x',
    foreignModel: 'gemini-3.8-flash',
  },
  ccr: {
    settings: { baseUrl: 'https://relay.example/api/' },
    credential: { apiKey: SECRET },
    model: 'claude-opus-5-5',
    path: '/api',
    adds: ['x-relay-hops'],
    foreignModel: 'gpt-6-luna',
  },
  bedrock: {
    settings: { region: 'eu-west-1', baseUrl: 'https://runtime.example/x' },
    credential: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: SECRET },
    otherCredential: { bearerToken: SECRET },
    model: 'claude-opus-5-5',
    path: () => '/x/model/global.anthropic.claude-opus-5-5/invoke-with-response-stream',
    presents: 'Credential=AKIDEXAMPLE/20261121/eu-west-1/bedrock/aws4_request',
    adds: ['x-amz-date', 'x-amz-security-token'],
    body: asBedrock,
    sendsNameOnly: true,
    foreignModel: 'gpt-6-luna',
  },
  gemini: {
    settings: { projectId: 'ours-1' },
    credential: { accessToken: SECRET },
    model: 'gemini-3.8-flash',
    path: '/as/one',
    body: (body, model) => body.replace('"theirs"', '"ours-1"').replace('"gemini-3.8-flash"', `"${model}"`),
    foreignModel: 'claude-opus-5-5',
  },
  'gemini-api': {
    settings: { baseUrl: 'https://host.example/x/v1beta' },
    credential: { apiKey: SECRET },
    model: 'gemini-3.8-flash',
    path: '/x',
    body: (body) => body,
    foreignModel: 'claude-opus-5-5',
  },
  openai: {
    settings: { baseUrl: 'https://host.example/x/v1' },
    credential: { apiKey: SECRET },
    model: 'gpt-6-luna',
    path: '/x',
    foreignModel: 'claude-opus-5-5',
  },
  'openai-responses': {
    settings: { baseUrl: 'https://host.example/x/v1' },
    credential: { apiKey: SECRET },
    model: 'gpt-6-luna',
    path: '/x',
    foreignModel: 'claude-opus-5-5',
  },
  'azure-openai': {
    settings: { endpoint: 'https://res.openai.azure.example' },
    credential: { apiKey: SECRET },
    model: 'gpt-6-luna',
    path: '/openai',
    foreignModel: 'claude-opus-5-5',
  },
  codex: {
    settings: {},
    credential: { accessToken: SECRET, accountId: 'account-1' },
    model: 'gpt-6.1-sol',
    path: (path) => `/as/one/backend-api/codex${path.replace('/v1', '')}`,
    adds: ['chatgpt-account-id'],
    foreignModel: 'gemini-3.8-flash',
  },
};

/** A body of each dialect that no writer of JSON would write so, and where it goes. */
const bodies: Readonly<Record<DialectId, (model: string) => { path: string; query: string; body: string }>> =
  {
    anthropic: (model) => ({
      path: '/v1/messages',
      query: '?beta=true',
      body: `{ "messages":[{"role":"user","content":"{\\"model\\":1}"}],\n "model" : "${model}", "new":1.0 }`,
    }),
    'openai-chat': (model) => ({
      path: '/v1/chat/completions',
      query: '',
      body: `{ "messages":[{"role":"user","content":"{\\"model\\":1}"}],\n "model" : "${model}", "new":1.0 }`,
    }),
    'openai-completions': (model) => ({
      path: '/v1/completions',
      query: '',
      body: `{ "prompt":"{\\"model\\":1}",\n "model" : "${model}", "new":1.0 }`,
    }),
    'openai-responses': (model) => ({
      path: '/v1/responses',
      query: '',
      body: `{ "input":"{\\"model\\":1}",\n "model" : "${model}", "store" : false, "stream":true , "new":1.0 }`,
    }),
    gemini: (model) => ({
      path: `/v1beta/models/${model}:streamGenerateContent`,
      query: '?alt=sse',
      body: '{ "contents":[{"parts":[{"text":"{\\"model\\":1}"}]}],\n "new":1.0 }',
    }),
    'code-assist': (model) => ({
      path: '/v1internal:streamGenerateContent',
      query: '?alt=sse',
      body: `{ "request":{"model":1, "contents":[]},\n "model" : "${model}", "project" :"theirs", "new":1.0 }`,
    }),
  };

const CLIENT_HEADERS = [
  'User-Agent',
  'some-client/2.1.329 (external, cli)',
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
];
const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'];
const BODY_HEADERS = ['accept-encoding', 'content-length', 'content-type'];

function callOf(dialect: DialectId, model: string, overrides: Partial<UpstreamCall> = {}): UpstreamCall {
  const { path, query, body } = bodies[dialect](model);
  return {
    dialect,
    operation: 'generate',
    method: 'POST',
    path,
    query,
    headers: CLIENT_HEADERS,
    body: Buffer.from(body),
    facts: { ...someFacts, dialect, model },
    stream: true,
    upstreamModel: model,
    ...overrides,
  };
}

function prepare(
  provider: AnyProvider,
  sample: Sample,
  call: UpstreamCall,
  credential = sample.credential,
): PreparedRequest {
  const settings = provider.account.settings.parse(sample.settings);
  return provider.prepare(call, { id: 'a1', settings }, provider.account.credential.parse(credential));
}

function namesOf({ headers }: PreparedRequest): string[] {
  return headers.filter((_, index) => index % 2 === 0);
}

function header({ headers }: PreparedRequest, name: string): string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name);
}

test('every registered kind has an account here, under its own name', () => {
  expect([...providers.keys()].sort()).toEqual(Object.keys(samples).sort());
  for (const [kind, provider] of providers) expect(provider.kind).toBe(kind);
});

const cases = [...providers].flatMap(([kind, provider]) => {
  const sample = samples[kind];
  return sample === undefined ? [] : [[kind, provider, sample] as const];
});

describe.each(cases)('%s', (_kind, provider, sample) => {
  test('forms can be made of its schemas, and a secret never has a default', () => {
    for (const schema of [provider.account.settings, provider.account.credential]) {
      const described = z.toJSONSchema(schema, { io: 'input' });
      for (const way of described.anyOf ?? [described]) {
        expect(way).toMatchObject({ type: 'object', additionalProperties: false });
      }
    }
    expect(provider.account.settings.safeParse(sample.settings).success).toBe(true);
    expect(provider.account.settings.safeParse({ ...sample.settings, unknown: 1 }).success).toBe(false);
    expect(provider.account.credential.safeParse({}).success).toBe(false);
    // What was parsed is what is stored.
    const parsed = provider.account.settings.parse(sample.settings);
    expect(provider.account.settings.parse(parsed)).toEqual(parsed);
  });

  test('a secret that would break a header is refused', () => {
    for (const credential of [sample.credential, sample.otherCredential ?? sample.credential]) {
      for (const bad of ['two\nlines', 'a b', '', 'ключ']) {
        const broken = JSON.parse(
          JSON.stringify(credential).replaceAll(SECRET, JSON.stringify(bad).slice(1, -1)),
        ) as unknown;
        expect(provider.account.credential.safeParse(broken).success, bad).toBe(false);
      }
    }
  });

  const dialects = [...new Set(Object.values(provider.speaks).flat())];

  describe.each(dialects)('in %s', (dialect) => {
    const ask = (overrides: Partial<UpstreamCall> = {}): PreparedRequest =>
      prepare(provider, sample, callOf(dialect, sample.model, overrides));
    const sent = bodies[dialect](sample.model);

    test('the body goes out byte for byte, but for what is documented', () => {
      const request = ask();
      expect(request.body.toString()).toBe(sample.body?.(sent.body, sample.model) ?? sent.body);
      expect(header(request, 'content-length')).toEqual([String(request.body.length)]);
      expect(header(request, 'content-type')).toEqual(['application/json']);
      expect(header(request, 'accept-encoding')).toEqual(['identity']);
    });

    test('path and query are the client’s, behind the account’s address, without a relay key', () => {
      const request = ask({ query: `${sent.query === '' ? '?' : `${sent.query}&`}key=cr_client` });
      const path =
        typeof sample.path === 'string' ? `${sample.path}${sent.path}${sent.query}` : sample.path(sent.path);
      expect(request.path).toBe(path);
      expect(request.origin).toMatch(/^https?:\/\/[^/]+$/);
      const settings = provider.account.settings.parse(sample.settings);
      expect(new URL(provider.baseUrl(settings)).origin).toBe(request.origin);
    });

    test('exactly one credential goes out, and it is the account’s', () => {
      const smuggled = CREDENTIAL_HEADERS.flatMap((name) => [name.toUpperCase(), 'Bearer cr_client']);
      const headers = [
        ...CLIENT_HEADERS,
        ...smuggled,
        'x-relay-hops',
        'cr_client',
        'x-cr-api-key',
        'cr_client',
      ];
      const request = ask({ headers });
      const credentials = CREDENTIAL_HEADERS.flatMap((name) => header(request, name));
      expect(credentials).toHaveLength(1);
      expect(credentials[0]).toContain(sample.presents ?? SECRET);
      expect(JSON.stringify(request)).not.toContain('cr_client');
      if (sample.otherCredential === undefined) return;
      const other = prepare(
        provider,
        sample,
        callOf(dialect, sample.model, { headers }),
        sample.otherCredential,
      );
      expect(CREDENTIAL_HEADERS.flatMap((name) => header(other, name))).toEqual([`Bearer ${SECRET}`]);
    });

    test('no client is dressed up: its own headers go out as they are, and nothing speaks in its name', () => {
      const request = ask();
      expect(header(request, 'user-agent')).toEqual(['some-client/2.1.329 (external, cli)']);
      const own = new Set([...CREDENTIAL_HEADERS, ...BODY_HEADERS, ...(sample.adds ?? [])]);
      const clients = namesOf(request).filter((name) => !own.has(name.toLowerCase()) && name !== 'accept');
      const given = CLIENT_HEADERS.filter((name, index) => index % 2 === 0 && clients.includes(name));
      // In the client's order and spelling; the kind's own come beside them.
      expect(clients.filter((name) => given.includes(name))).toEqual(given);
      expect(clients.filter((name) => !given.includes(name))).toEqual([]);
      expect(given.includes('X-App')).toBe(sample.sendsNameOnly !== true);
      const silent = ask({ headers: [] });
      expect(header(silent, 'user-agent')).toEqual([]);
      const added = namesOf(silent).map((name) => name.toLowerCase());
      expect(added.filter((name) => !own.has(name) && !name.startsWith('anthropic-'))).toEqual([]);
    });

    test('a mapped model changes the model and nothing else', () => {
      const upstreamModel = `${sample.model}-x`;
      const request = ask({ upstreamModel });
      const whole = `${request.path}\n${request.body.toString()}`;
      const plain = `${ask().path}\n${ask().body.toString()}`;
      expect(whole).not.toBe(plain);
      expect(whole.replace(upstreamModel, sample.model)).toBe(plain);
      expect(header(request, 'content-length')).toEqual([String(request.body.length)]);
    });

    test('preparing twice gives the same and leaves the call as it was', () => {
      const call = callOf(dialect, sample.model);
      const before = JSON.stringify(call);
      expect(prepare(provider, sample, call)).toEqual(prepare(provider, sample, call));
      expect(JSON.stringify(call)).toBe(before);
    });
  });

  test('the connection test is a complete request of this kind', () => {
    for (const model of [null, sample.model]) {
      const { call, model: used } = provider.testCall(model);
      expect(used).toBe(model ?? used);
      expect(call).toMatchObject({
        upstreamModel: used,
        stream: false,
        facts: { model: used, stream: false },
      });
      expect(`${call.path} ${call.body.toString()}`).toContain(used);
      expect(provider.speaks[call.operation]).toContain(call.dialect);
      expect(provider.serves(used)).toBe(true);
      expect(prepare(provider, sample, call).body.length).toBeGreaterThan(0);
    }
  });

  test('every failure is judged, and no judgement contradicts itself', () => {
    const texts = [
      '',
      '<html>',
      '{"error":"x"}',
      '{"message":"x"}',
      '{"type":"error","error":{"type":"api_error","message":"x"}}',
      '{"error":{"message":"x","type":"server_error","code":"x","param":null}}',
      '{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED","details":[null,{"@type":1}]}}',
      '[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]',
      '{"error":null}',
      '{"error":{"message":1,"type":[],"code":{},"details":"x"}}',
      'null',
      '[]',
      '7',
    ];
    const statuses = [
      200, 301, 400, 401, 402, 403, 404, 408, 409, 413, 422, 424, 429, 499, 500, 502, 503, 504, 520, 529,
    ];
    const operations: Operation[] = ['generate', 'count_tokens'];
    const failures: FailedResponse[] = [
      ...statuses.flatMap((status) =>
        texts.map((body) => ({ type: 'status', status, headers: {}, body }) as const),
      ),
      ...texts.map((body) => ({ type: 'error-event', headers: {}, body }) as const),
      { type: 'unreachable', code: 'ENOTFOUND', message: 'x' },
      { type: 'cut', message: 'x' },
      { type: 'timeout', stage: 'idle', timeoutMs: 1 },
    ];
    for (const operation of operations) {
      const facts = { ...someFacts, model: sample.model, operation };
      for (const failure of failures) {
        const judged = provider.classify(failure, facts, NOW_MS);
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
    }
  });

  test('serves its vendor’s models, and none of another vendor', () => {
    expect(provider.serves(sample.model)).toBe(true);
    for (const model of [sample.foreignModel, '']) expect(provider.serves(model)).toBe(false);
  });

  test('windows are read of whatever headers come, and none of none', () => {
    expect(provider.limits({ 'content-type': 'application/json' })).toEqual([]);
    for (const { sidecar } of recordingsOf('')) {
      for (const { name, utilization } of provider.limits(sidecar.http.headers)) {
        expect(name).not.toBe('');
        expect(utilization ?? 0).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('a login asks for a code with the proof key’s challenge, and says how long it lasts', () => {
    if (provider.login === undefined) return;
    for (const mode of [null, ...provider.login.modes]) {
      const url = new URL(provider.login.authorizeUrl({ state: 's&1', codeChallenge: 'c-1', mode }));
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        state: 's&1',
        code_challenge: 'c-1',
        code_challenge_method: 'S256',
      });
      expect(url.searchParams.get('client_id')).toMatch(/client/);
      expect(URL.canParse(url.searchParams.get('redirect_uri') ?? '')).toBe(true);
    }
    const credential = { ...sample.credential, expiresAt: '2026-11-21T05:00:00Z' };
    expect(provider.expiresAtMs?.(provider.account.credential.parse(credential))).toBe(NOW_MS);
    expect(provider.expiresAtMs?.(provider.account.credential.parse(sample.credential))).toBeNull();
    expect(provider.termsNote).not.toBeNull();
    expect(provider.defaultClients).toHaveLength(1);
  });
});
