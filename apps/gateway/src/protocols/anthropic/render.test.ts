import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ModelInfo, PublicError } from '../protocol.ts';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { anthropic } from './index.ts';

const refusal: PublicError = {
  status: 402,
  code: 'budget_exceeded',
  message: 'The daily budget is spent.',
  retryAfterSeconds: 12.2,
  shouldRetry: false,
};

test.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [422, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])('status %i is worded %s', (status, type) => {
  const reply = anthropic.renderError({ ...refusal, status }, 'req_1');
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.body)).toEqual({
    type: 'error',
    error: { type, message: 'The daily budget is spent.', details: { error_code: 'budget_exceeded' } },
    request_id: 'req_1',
  });
});

test('what to do next is in the headers, and only where it is known', () => {
  expect(anthropic.renderError(refusal, 'req_1').headers).toEqual({
    'content-type': 'application/json',
    'request-id': 'req_1',
    'retry-after': '13',
    'x-should-retry': 'false',
  });
  const silent = anthropic.renderError({ ...refusal, retryAfterSeconds: null, shouldRetry: null }, 'req_1');
  expect(Object.keys(silent.headers)).toEqual(['content-type', 'request-id']);
});

test('the error event is one event named error, also after half an event', () => {
  const text = anthropic.renderErrorEvent({ ...refusal, message: 'two\nlines' }, 'req_1');
  for (const before of [
    '',
    'event: content_block_del',
    'event: content_block_delta\ndata: {"type":"content',
  ]) {
    const events = `${before}${text}`.split('\n\n').filter((event) => event.trim() !== '');
    expect(events).toHaveLength(1);
    expect(events[0]?.match(/^event: .*$/gm)?.at(-1)).toBe('event: error');
  }
  const observer = anthropic.observe('stream', someFacts);
  observer.push(Buffer.from(text));
  expect(observer.phase).toBe('error');
  expect(observer.observation().error).toMatchObject({ type: 'billing_error', message: 'two\nlines' });
});

const models: ModelInfo[] = Array.from({ length: 45 }, (_, index) => ({
  id: `m${index}`,
  displayName: `Model ${index}`,
  createdAt: '2026-11-09T00:00:00Z',
  maxInputTokens: 1_000_000,
  maxOutputTokens: null,
}));
const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

test.each([
  ['', 'm0', 'm19', 20, true],
  ['limit=1000', 'm0', 'm44', 45, false],
  ['limit=3&after_id=m3', 'm4', 'm6', 3, true],
  ['limit=20&after_id=m30', 'm31', 'm44', 14, false],
  ['limit=3&before_id=m10', 'm7', 'm9', 3, true],
  ['limit=30&before_id=m10', 'm0', 'm9', 10, false],
  ['limit=0', 'm0', 'm0', 1, true],
  ['limit=nonsense', 'm0', 'm19', 20, true],
  ['limit=5&after_id=gone', 'm0', 'm4', 5, true],
])('a page of models: %s', (query, first, last, length, hasMore) => {
  const page = pageSchema.parse(JSON.parse(anthropic.renderModels(models, new URLSearchParams(query))));
  expect(page.data.map(({ id }) => id)).toHaveLength(length);
  expect(page).toMatchObject({ first_id: first, last_id: last, has_more: hasMore });
  expect([page.data[0]?.id, page.data.at(-1)?.id]).toEqual([first, last]);
});

test('pages joined by after_id are the whole list', () => {
  const ids: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const query = new URLSearchParams(after === '' ? 'limit=7' : `limit=7&after_id=${after}`);
    const page = pageSchema.parse(JSON.parse(anthropic.renderModels(models, query)));
    ids.push(...page.data.map(({ id }) => id));
    after = page.has_more ? page.last_id : null;
  }
  expect(ids).toEqual(models.map(({ id }) => id));
});

test('no models are an empty page', () => {
  expect(JSON.parse(anthropic.renderModels([], new URLSearchParams()))).toEqual({
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
});

test('a model has the vendor’s shape', () => {
  expect(JSON.parse(anthropic.renderModel({ ...models[0], id: 'claude-opus-5-5' } as ModelInfo))).toEqual({
    type: 'model',
    id: 'claude-opus-5-5',
    display_name: 'Model 0',
    created_at: '2026-11-09T00:00:00Z',
    lifecycle: 'active',
    max_input_tokens: 1_000_000,
    max_tokens: null,
    capabilities: null,
  });
});
