import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordingsOf } from '../../../test/recordings.ts';
import { sendDirectly } from '../../../test/send-directly.ts';
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { createAzureOpenAi } from './index.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');
const azure = createAzureOpenAi(() => nowMs);
const ENDPOINT = 'https://res.openai.azure.com';
const deployments = { 'gpt-6-luna': 'my-luna', 'gpt-5.4': 'gpt-5.4' };

const body = Buffer.from(
  '{ "messages":[{"role":"user","content":"hi"}],\n "model" : "gpt-6-luna", "new":1.0 }',
);

function callOf(overrides: Partial<UpstreamCall> = {}): UpstreamCall {
  return { ...azure.testCall('gpt-6-luna').call, body, ...overrides };
}

function prepare(settings: object, overrides: Partial<UpstreamCall> = {}): PreparedRequest {
  const parsed = azure.account.settings.parse({ endpoint: ENDPOINT, ...settings });
  return azure.prepare(callOf(overrides), { id: 'a1', settings: parsed }, { apiKey: 'azure-1' });
}

const responses: Partial<UpstreamCall> = { dialect: 'openai-responses', path: '/v1/responses' };
const embeddings: Partial<UpstreamCall> = { operation: 'embeddings', path: '/v1/embeddings' };
const dated = { apiVersion: '2024-10-21', deployments };

test.each<[name: string, settings: object, call: Partial<UpstreamCall>, path: string, model: string]>([
  ['v1', { deployments }, {}, '/openai/v1/chat/completions', 'my-luna'],
  ['v1, named', { deployments, apiVersion: 'v1' }, {}, '/openai/v1/chat/completions', 'my-luna'],
  [
    'the previews of v1',
    { deployments, apiVersion: 'preview' },
    {},
    '/openai/v1/chat/completions?api-version=preview',
    'my-luna',
  ],
  ['Responses of v1', { deployments }, responses, '/openai/v1/responses', 'my-luna'],
  ['embeddings of v1', { deployments }, embeddings, '/openai/v1/embeddings', 'my-luna'],
  ['v1 without a list', {}, {}, '/openai/v1/chat/completions', 'gpt-6-luna'],
  [
    'a date',
    dated,
    {},
    '/openai/deployments/my-luna/chat/completions?api-version=2024-10-21',
    // The address names it, so the body stays as it came.
    'gpt-6-luna',
  ],
  [
    'embeddings of a date',
    dated,
    embeddings,
    '/openai/deployments/my-luna/embeddings?api-version=2024-10-21',
    'gpt-6-luna',
  ],
  [
    'completions of a date',
    dated,
    { dialect: 'openai-completions', path: '/v1/completions' },
    '/openai/deployments/my-luna/completions?api-version=2024-10-21',
    'gpt-6-luna',
  ],
  [
    'Responses of a date',
    { ...dated, apiVersion: '2025-04-01-preview' },
    responses,
    '/openai/responses?api-version=2025-04-01-preview',
    'my-luna',
  ],
  [
    'the account’s version, whatever the client asks for',
    dated,
    { query: '?api-version=2023-05-15&x=1' },
    '/openai/deployments/my-luna/chat/completions?x=1&api-version=2024-10-21',
    'gpt-6-luna',
  ],
  [
    'no version for v1',
    { deployments },
    { query: '?api-version=2023-05-15' },
    '/openai/v1/chat/completions',
    'my-luna',
  ],
  ['a mapped model', { deployments }, { upstreamModel: 'gpt-5.4' }, '/openai/v1/chat/completions', 'gpt-5.4'],
])('%s', (_name, settings, call, path, model) => {
  const request = prepare(settings, call);
  expect(request.path).toBe(path);
  expect(request.body.toString()).toBe(body.toString().replace('"gpt-6-luna"', `"${model}"`));
  expect(request.headers.filter((_, index) => request.headers[index - 1] === 'content-length')).toEqual([
    String(request.body.length),
  ]);
});

test('a converted body, which names the mapped model already, gets the deployment too', () => {
  const settings = azure.account.settings.parse({
    endpoint: ENDPOINT,
    deployments: { 'gpt-5.4': 'asked-for' },
  });
  const call = callOf();
  const prepared = azure.prepare(
    {
      ...call,
      body: Buffer.from('{"model":"gpt-5.4"}'),
      facts: { ...call.facts, dialect: 'anthropic', model: 'asked-for' },
      upstreamModel: 'gpt-5.4',
    },
    { id: 'a1', settings },
    { apiKey: 'azure-1' },
  );
  expect(prepared.body.toString()).toBe('{"model":"asked-for"}');
});

test.each([
  [ENDPOINT, '/openai/v1/chat/completions'],
  [`${ENDPOINT}/`, '/openai/v1/chat/completions'],
  [`${ENDPOINT}/openai/`, '/openai/v1/chat/completions'],
  [`${ENDPOINT}/openai/v1/`, '/openai/v1/chat/completions'],
  ['https://proxy.example/azure', '/azure/openai/v1/chat/completions'],
])('the endpoint %s is understood', (endpoint, path) => {
  expect(prepare({ endpoint }).path).toBe(path);
});

test('the key goes out as Azure wants it, the client’s not at all', () => {
  const { headers } = prepare(
    {},
    { headers: ['Authorization', 'Bearer cr_1', 'api-key', 'cr_1', 'User-Agent', 'x'] },
  );
  expect(headers.slice(0, 4)).toEqual(['User-Agent', 'x', 'api-key', 'azure-1']);
  expect(headers.join()).not.toContain('cr_1');
});

test('a model without a deployment is lacking, unless deployments are called like their models', () => {
  const settings = (given: object) => azure.account.settings.parse({ endpoint: ENDPOINT, ...given });
  expect(azure.lacks?.('gpt-6-luna', settings({ deployments }))).toBeNull();
  expect(azure.lacks?.('gpt-6-astra', settings({ deployments }))).toContain('gpt-6-astra');
  expect(azure.lacks?.('constructor', settings({ deployments }))).not.toBeNull();
  expect(azure.lacks?.('gpt-6-astra', settings({}))).toBeNull();
});

test.each(['2024', 'latest', '2024-10-21 ', '2024-10-21&x=1'])('the version %j is refused', (apiVersion) => {
  expect(azure.account.settings.safeParse({ endpoint: ENDPOINT, apiVersion }).success).toBe(false);
});

test('an endpoint is needed, and names of deployments are plain', () => {
  expect(azure.account.settings.safeParse({}).success).toBe(false);
  expect(azure.account.settings.safeParse({ endpoint: ENDPOINT, deployments: { a: 'b/c' } }).success).toBe(
    false,
  );
});

test('the recorded answer says nothing of the quota that could be shown', () => {
  const [recording] = recordingsOf('azure-chat');
  expect(azure.limits(recording?.sidecar.http.headers ?? {})).toEqual([]);
});

describe('at the vendor', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.reset());

  const send = (settings: object, call: UpstreamCall) =>
    sendDirectly(
      azure.prepare(
        call,
        { id: 'a1', settings: azure.account.settings.parse({ endpoint: simulator.url, ...settings }) },
        { apiKey: 'azure-1' },
      ),
    );

  const input = Buffer.from('{"model":"gpt-6-luna","input":"x"}');
  test.each<[name: string, settings: object, call: Partial<UpstreamCall>]>([
    ['chat of v1', { deployments }, {}],
    ['chat of a date', dated, {}],
    ['Responses of v1', { deployments }, { ...responses, body: input }],
    ['Responses of a date', { ...dated, apiVersion: '2025-04-01-preview' }, { ...responses, body: input }],
    ['embeddings of v1', { deployments }, { ...embeddings, body: input }],
    ['embeddings of a date', dated, { ...embeddings, body: input }],
    ['the previews of v1', { deployments, apiVersion: 'preview' }, {}],
  ])('%s is answered by the deployment', async (_name, settings, call) => {
    const answer = await send(settings, callOf(call));
    expect(answer.status).toBe(200);
    expect(simulator.requests[0]).toMatchObject({ model: 'my-luna', apiKey: 'azure-1' });
  });

  test.each([{ deployments: { 'text-embedding-3-small': 'embed', 'gpt-5.4': 'own-name' } }, dated, {}])(
    'the connection test finds a deployment in %j',
    async (settings) => {
      const answer = await send(settings, azure.testCall(null).call);
      expect(answer.status).toBe(200);
      expect(answer.body.toString()).toContain('OK');
    },
  );

  test('a named model is tested by its own deployment only', async () => {
    const answer = await send({ deployments }, azure.testCall('not-there').call);
    expect(answer.status).toBe(404);
    const failure = { type: 'status', ...answer, body: answer.body.toString() } as const;
    expect(azure.classify(failure, callOf().facts, nowMs)).toMatchObject({
      reason: 'not_found',
      deniesModel: true,
    });
  });

  test.each([
    [
      { status: 400, errorType: 'content_filter' },
      { reason: 'invalid_request', retry: 'never' },
    ],
    [{ status: 401 }, { reason: 'credential_rejected', accountState: 'needs-login' }],
    [{ status: 429 }, { reason: 'rate_limited', coolDownMs: 26_000, coolDownScope: 'family' }],
    [{ status: 503, errorType: 'NoCapacity' }, { reason: 'overloaded' }],
    [{ status: 500 }, { reason: 'server_error', retry: 'same' }],
  ])('%j is judged', async (fault, expected) => {
    simulator.enqueue(fault);
    const answer = await send(dated, callOf());
    const failure = { type: 'status', ...answer, body: answer.body.toString() } as const;
    expect(azure.classify(failure, callOf().facts, nowMs)).toMatchObject(expected);
  });
});
