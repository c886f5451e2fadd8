import { expect, test } from 'vitest';
import type { ModelInfo, PublicError } from '../protocol.ts';
import { chatFacts, openAiClient } from '../../../test/openai-fixtures.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { openaiCompletions } from '../openai-completions/index.ts';

const refusal: PublicError = {
  status: 402,
  code: 'budget_exceeded',
  message: 'The daily budget is spent.',
  retryAfterSeconds: 12.2,
  shouldRetry: false,
};

test.each([
  [400, 'invalid_request_error', 'budget_exceeded'],
  [401, 'invalid_request_error', 'invalid_api_key'],
  [402, 'insufficient_quota', 'budget_exceeded'],
  [403, 'permission_denied', 'budget_exceeded'],
  [404, 'invalid_request_error', 'budget_exceeded'],
  [413, 'invalid_request_error', 'budget_exceeded'],
  [429, 'rate_limit_exceeded', 'budget_exceeded'],
  [500, 'server_error', 'budget_exceeded'],
  [502, 'server_error', 'budget_exceeded'],
  [503, 'server_error', 'budget_exceeded'],
  [504, 'timeout', 'budget_exceeded'],
])('status %i is worded %s with the code %s', (status, type, code) => {
  const reply = openaiChat.renderError({ ...refusal, status }, 'req_1');
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.body)).toEqual({
    error: { message: 'The daily budget is spent.', type, param: null, code },
  });
});

test('an overload of another vendor has a status that these clients know', () => {
  expect(openaiChat.renderError({ ...refusal, status: 529 }, 'req_1').status).toBe(503);
});

test('a refusal names the field it is about, and what to do next where it is known', () => {
  const named = openaiChat.renderError({ ...refusal, status: 400, param: 'messages.3' }, 'req_1');
  expect(JSON.parse(named.body)).toMatchObject({ error: { param: 'messages.3' } });
  expect(named.headers).toEqual({
    'content-type': 'application/json',
    'retry-after': '13',
    'x-should-retry': 'false',
  });
  const silent = openaiChat.renderError({ ...refusal, retryAfterSeconds: null, shouldRetry: null }, 'req_1');
  expect(Object.keys(silent.headers)).toEqual(['content-type']);
});

test.each([openaiChat, openaiCompletions])(
  'the error event of $id ends a stream without its last line',
  (protocol) => {
    const text = protocol.renderErrorEvent({ ...refusal, message: 'two\nlines' }, 'req_1');
    expect(text).not.toContain('[DONE]');
    const observer = protocol.observe('stream', chatFacts);
    observer.push(Buffer.from(text));
    expect(observer.phase).toBe('error');
    expect(observer.observation().error).toMatchObject({ type: 'insufficient_quota', message: 'two\nlines' });
  },
);

test('the error event is an event of its own, also where the upstream broke off inside one', () => {
  const text = openaiChat.renderErrorEvent(refusal, 'req_1');
  for (const before of ['', 'data: {"id":"chatcmpl-1","choi', 'data: {"id":"chatcmpl-1"}\n\n']) {
    const events = `${before}${text}`.split(/\n\n+/).filter((event) => event !== '');
    expect(events.at(-1)).toMatch(/^data: \{"error":\{.*\}\}$/);
  }
});

test('the vendor’s client library reports the error event as an error', async () => {
  const chunk = 'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[]}\n\n';
  const client = openAiClient([chunk, openaiChat.renderErrorEvent(refusal, 'req_1')], 'text/event-stream');
  const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
  const read = async (): Promise<number> => {
    let chunks = 0;
    for await (const _ of stream) chunks += 1;
    return chunks;
  };
  await expect(read()).rejects.toMatchObject({ code: 'budget_exceeded', type: 'insufficient_quota' });
});

const model: ModelInfo = {
  id: 'claude-opus-5-5',
  displayName: 'Claude Opus 5.5',
  createdAt: '2026-09-22T00:00:00Z',
  maxInputTokens: 1_000_000,
  maxOutputTokens: null,
};

test('models have the vendor’s shape, in one list without pages', () => {
  const wire = { id: 'claude-opus-5-5', object: 'model', created: 1_790_035_200, owned_by: 'anthropic' };
  expect(JSON.parse(openaiChat.renderModel(model))).toEqual(wire);
  const models = [model, { ...model, id: 'gpt-5.5' }, { ...model, id: 'llama-9' }];
  expect(JSON.parse(openaiChat.renderModels(models, new URLSearchParams('limit=1')))).toEqual({
    object: 'list',
    data: [
      wire,
      { ...wire, id: 'gpt-5.5', owned_by: 'openai' },
      { ...wire, id: 'llama-9', owned_by: 'system' },
    ],
  });
});
