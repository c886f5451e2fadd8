import { ApiError, GoogleGenAI } from '@google/genai';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ModelInfo, PublicError } from '../protocol.ts';
import { streamFacts } from '../../../test/gemini-fixtures.ts';
import { gemini } from './index.ts';
import { EventsToArray } from './stream-array.ts';

const refusal: PublicError = {
  status: 402,
  code: 'budget_exceeded',
  message: 'The daily budget is spent.',
  retryAfterSeconds: 12.2,
  shouldRetry: false,
};

let close = (): void => undefined;
afterEach(() => close());

/** Google's own SDK, at a server that answers so. */
async function sdkAt(status: number, contentType: string, body: string): Promise<GoogleGenAI> {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'content-type': contentType }).end(body),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => void server.close();
  const { port } = server.address() as AddressInfo;
  return new GoogleGenAI({ apiKey: 'cr_x', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
}

const ask = { model: 'gemini-3.8-flash', contents: 'hi' };

test.each<[given: number, name: string, status?: number]>([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [402, 'RESOURCE_EXHAUSTED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [413, 'INVALID_ARGUMENT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [502, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [529, 'UNAVAILABLE', 503],
])('status %i is worded %s', (given, name, status = given) => {
  const reply = gemini.renderError({ ...refusal, status: given }, 'req_1');
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.body)).toEqual({
    error: {
      code: status,
      message: 'The daily budget is spent.',
      status: name,
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'budget_exceeded', domain: 'gateway' },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '13s' },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req_1' },
      ],
    },
  });
});

test('what to do next is said only where it is known', () => {
  expect(gemini.renderError(refusal, 'req_1').headers).toEqual({
    'content-type': 'application/json',
    'retry-after': '13',
    'x-should-retry': 'false',
  });
  const silent = gemini.renderError({ ...refusal, retryAfterSeconds: null, shouldRetry: null }, 'req_1');
  expect(silent.headers).toEqual({ 'content-type': 'application/json' });
  expect(silent.body).not.toContain('RetryInfo');
});

test('the SDK throws what it is told, before and inside a stream', async () => {
  const { status, body } = gemini.renderError(refusal, 'req_1');
  const refused = await (await sdkAt(status, 'application/json', body)).models
    .generateContent(ask)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ status: 402 });
  close();
  const first = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'a' }] } }] })}\r\n\r\n`;
  const event = gemini.renderErrorEvent({ ...refusal, status: 503 }, 'req_1');
  const stream = await (await sdkAt(200, 'text/event-stream', first + event)).models.generateContentStream(
    ask,
  );
  const texts: (string | undefined)[] = [];
  const read = async (): Promise<void> => {
    for await (const chunk of stream) texts.push(chunk.text);
  };
  await expect(read()).rejects.toMatchObject({ name: 'ApiError', status: 503 });
  expect(texts).toEqual(['a']);
});

test('the stream does not end with the event, as SDKs that pass over errors in events would take it for whole', () => {
  const event = gemini.renderErrorEvent(refusal, 'req_1');
  expect(event.slice(event.lastIndexOf('\n') + 1)).toMatch(/^: ./);
});

test('the error event is read as one, also after half an event', () => {
  for (const before of [
    '',
    'data: {"candidates":[',
    'data: {"candidates":[]}\r\n\r\n',
    'data: {"a":1}\r\n',
  ]) {
    const observer = gemini.observe('stream', streamFacts);
    observer.push(Buffer.from(before + gemini.renderErrorEvent(refusal, 'req_1')));
    expect(observer.phase).toBe('error');
  }
});

test('in an array the error is the last element, whatever came before it', () => {
  const array = new EventsToArray();
  const sent = Buffer.from(array.push(Buffer.from('data: {"a":1}\r\n\r\ndata: {"b":'))).toString();
  const rest = gemini.renderErrorEvent(refusal, 'req_1', { streamForm: 'array', isFirst: false });
  expect(JSON.parse(sent + rest)).toMatchObject([{ a: 1 }, { error: { code: 402 } }]);
  const alone = gemini.renderErrorEvent(refusal, 'req_1', { streamForm: 'array', isFirst: true });
  expect(JSON.parse(alone)).toMatchObject([{ error: { code: 402 } }]);
});

const models: ModelInfo[] = Array.from({ length: 120 }, (_, index) => ({
  id: `gemini-${index}`,
  displayName: `Model ${index}`,
  createdAt: '2026-11-09T00:00:00Z',
  maxInputTokens: 1_000_000,
  maxOutputTokens: null,
}));
const pageSchema = z.strictObject({
  models: z.array(z.looseObject({ name: z.string() })),
  nextPageToken: z.string().optional(),
});

test.each([
  ['', 50, true],
  ['pageSize=1000', 120, false],
  ['pageSize=7', 7, true],
  ['pageSize=0', 50, true],
  ['pageSize=nonsense&pageToken=unknown', 50, true],
  ['page_size=3', 3, true],
])('a page of models: %s', (query, length, hasMore) => {
  const page = pageSchema.parse(JSON.parse(gemini.renderModels(models, new URLSearchParams(query))));
  expect(page.models).toHaveLength(length);
  expect(page.nextPageToken !== undefined).toBe(hasMore);
});

test('pages joined by their tokens are the whole list', () => {
  const names: string[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const query = new URLSearchParams({ pageSize: '33', pageToken: token });
    const page = pageSchema.parse(JSON.parse(gemini.renderModels(models, query)));
    names.push(...page.models.map(({ name }) => name));
    token = page.nextPageToken;
  }
  expect(names).toEqual(models.map(({ id }) => `models/${id}`));
});

test('a model has the vendor’s shape, and the SDK lists it', async () => {
  const one = models.slice(38, 39).map((model) => ({ ...model, id: 'gemini-3.8-flash' }));
  expect(one.map((model) => JSON.parse(gemini.renderModel(model)) as unknown)).toEqual([
    {
      name: 'models/gemini-3.8-flash',
      version: '3.8',
      displayName: 'Model 38',
      inputTokenLimit: 1_000_000,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
    },
  ]);
  const client = await sdkAt(200, 'application/json', gemini.renderModels(one, new URLSearchParams()));
  const listed = await client.models.list();
  expect(listed.page.map(({ name, inputTokenLimit }) => [name, inputTokenLimit])).toEqual([
    ['models/gemini-3.8-flash', 1_000_000],
  ]);
});
