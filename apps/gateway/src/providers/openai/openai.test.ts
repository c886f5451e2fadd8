// What the kinds of OpenAI's own API do with a call, and that the API takes it.
import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { sendDirectly } from '../../../test/send-directly.ts';
import type { DialectId, Operation } from '../../protocols/protocol.ts';
import { createOpenAiResponses } from '../openai-responses/index.ts';
import type { AnyProvider, PreparedRequest, UpstreamCall } from '../provider.ts';
import { createOpenAi } from './index.ts';

const API = 'https://api.openai.com';
const nowMs = Date.parse('2026-11-21T05:00:00Z');
const openai = createOpenAi(API, () => nowMs);
const responses = createOpenAiResponses(API, () => nowMs);

function kindOf(kind: string): AnyProvider {
  return kind === 'openai' ? openai : responses;
}

function callOf(overrides: Partial<UpstreamCall> = {}): UpstreamCall {
  const { call } = openai.testCall('gpt-6-luna');
  return {
    ...call,
    headers: ['User-Agent', 'OpenAI/JS 7.55.0', 'content-type', 'application/json'],
    ...overrides,
  };
}

function prepare(settings: unknown, overrides: Partial<UpstreamCall> = {}): PreparedRequest {
  return openai.prepare(
    callOf(overrides),
    { id: 'a1', settings: openai.account.settings.parse(settings) },
    { apiKey: 'sk-1' },
  );
}

test.each([
  [undefined, 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
  ['https://host.example/x', 'https://host.example/x/v1/chat/completions'],
  ['https://host.example/x/v1/chat/completions', 'https://host.example/x/v1/chat/completions'],
  ['https://host.example/api/paas/v4', 'https://host.example/api/paas/v4/chat/completions'],
  ['https://host.example/v1beta/openai/', 'https://host.example/v1beta/openai/chat/completions'],
])('calls to the base URL %s go to %s', (baseUrl, expected) => {
  const { origin, path } = prepare(baseUrl === undefined ? {} : { baseUrl });
  expect(origin + path).toBe(expected);
});

test('what clients of other vendors tell their vendor stays here', () => {
  const { headers } = prepare(
    {},
    {
      headers: [
        'User-Agent',
        'claude-cli/2',
        'Anthropic-Version',
        '2023-06-01',
        'anthropic-beta',
        'x',
        'x-app',
        'cli',
      ],
      facts: { ...someFacts, dialect: 'anthropic' },
      upstreamModel: someFacts.model,
    },
  );
  expect(headers.filter((_, index) => index % 2 === 0)).toEqual([
    'User-Agent',
    'x-app',
    'authorization',
    'accept-encoding',
    'content-type',
    'content-length',
  ]);
});

test('the query is the client’s, without a relay key', () => {
  expect(prepare({}, { query: '?key=cr_1&x=1' }).path).toBe('/v1/chat/completions?x=1');
});

test('the client’s organisation and project are not the account’s', () => {
  const { headers } = prepare(
    {},
    { headers: ['OpenAI-Organization', 'org-x', 'openai-project', 'p', 'OpenAI-Beta', 'b'] },
  );
  expect(headers).not.toContain('org-x');
  expect(headers).not.toContain('p');
  expect(headers.slice(0, 2)).toEqual(['OpenAI-Beta', 'b']);
});

test.each([
  ['gpt-6.1-sol', true],
  ['o3-mini', true],
  ['chatgpt-4o-latest', true],
  ['codex-mini-latest', true],
  ['text-embedding-3-small', true],
  ['davinci-002', true],
  ['ft:gpt-4.1:org::id', true],
  ['deepseek-chat', false],
  ['llama-4', false],
])('OpenAI itself is asked for %s: %s; another host may have either', (model, isOwn) => {
  for (const provider of [openai, responses]) {
    const settings = (given: object) => provider.account.settings.parse(given);
    expect(provider.serves(model)).toBe(true);
    expect(provider.lacks?.(model, settings({})) === null).toBe(isOwn);
    expect(provider.lacks?.(model, settings({ baseUrl: 'https://host.example' }))).toBeNull();
  }
});

test.each(['claude-opus-5-5', 'gemini-3.8-flash', 'anthropic/claude-opus-5-5', 'us.anthropic.claude-x', ''])(
  '%s is another vendor’s',
  (model) => {
    expect([openai.serves(model), responses.serves(model)]).toEqual([false, false]);
  },
);

describe('at the vendor', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.reset());

  const input = 'Reply with the word OK';
  const messages = [{ role: 'user', content: input }];
  const calls: readonly (readonly [kind: string, DialectId, Operation, path: string, body: object])[] = [
    ['openai', 'openai-chat', 'generate', '/v1/chat/completions', { messages }],
    ['openai', 'openai-completions', 'generate', '/v1/completions', { prompt: input }],
    ['openai', 'openai-responses', 'generate', '/v1/responses', { input }],
    ['openai', 'openai-responses', 'compact', '/v1/responses/compact', { input: messages }],
    ['openai', 'openai-chat', 'embeddings', '/v1/embeddings', { input }],
    ['openai-responses', 'openai-responses', 'generate', '/v1/responses', { input }],
    ['openai-responses', 'openai-responses', 'compact', '/v1/responses/compact', { input: messages }],
  ];

  test.each(calls)('%s in %s: %s is answered', async (kind, dialect, operation, path, body) => {
    const provider = kindOf(kind);
    expect(provider.speaks[operation]).toContain(dialect);
    const model = operation === 'embeddings' ? 'text-embedding-3-small' : 'gpt-5.4-mini';
    const facts = { ...callOf().facts, dialect, operation, model };
    const bytes = Buffer.from(JSON.stringify({ model, ...body }));
    const answer = await sendDirectly(
      provider.prepare(
        callOf({ dialect, operation, path, body: bytes, facts, upstreamModel: model }),
        { id: 'a1', settings: provider.account.settings.parse({ baseUrl: `${simulator.url}/v1` }) },
        { apiKey: 'sk-1' },
      ),
    );
    expect(answer.status).toBe(200);
    expect(simulator.requests[0]).toMatchObject({ url: path, apiKey: 'sk-1' });
    expect(simulator.requests[0]?.rawBody.equals(bytes)).toBe(true);
    expect(provider.limits(answer.headers).map(({ name }) => name)).toEqual(['requests', 'tokens']);
  });

  test.each([
    ['openai', null],
    ['openai', 'gpt-5.4'],
    ['openai-responses', null],
    ['openai-responses', 'gpt-5.4'],
  ])('the connection test of %s with the model %s is answered', async (kind, model) => {
    const provider = kindOf(kind);
    const sample = provider.testCall(model);
    const settings = provider.account.settings.parse({ baseUrl: simulator.url });
    const answer = await sendDirectly(
      provider.prepare(sample.call, { id: 'a1', settings }, { apiKey: 'sk-1' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('OK');
  });

  test('an embedding model is tested by what it can do', async () => {
    const sample = openai.testCall('text-embedding-3-small');
    const settings = openai.account.settings.parse({ baseUrl: simulator.url });
    const answer = await sendDirectly(
      openai.prepare(sample.call, { id: 'a1', settings }, { apiKey: 'sk-1' }),
    );
    expect([answer.status, simulator.requests[0]?.url]).toEqual([200, '/v1/embeddings']);
  });

  test.each([
    ['insufficient_quota', 429, 'billing', 'blocked'],
    ['rate_limit_exceeded', 429, 'rate_limited', null],
    ['model_not_found', 404, 'not_found', null],
    ['server_overloaded', 503, 'overloaded', null],
    ['invalid_api_key', 401, 'credential_rejected', 'needs-login'],
  ])('its %s is judged', async (errorType, status, reason, accountState) => {
    simulator.enqueue({ status, errorType });
    const { call } = openai.testCall(null);
    const settings = openai.account.settings.parse({ baseUrl: simulator.url });
    const { headers, body } = await sendDirectly(
      openai.prepare(call, { id: 'a1', settings }, { apiKey: 'sk-1' }),
    );
    const failure = { type: 'status', status, headers, body: body.toString() } as const;
    expect(openai.classify(failure, call.facts, nowMs)).toMatchObject({ reason, accountState });
  });
});
