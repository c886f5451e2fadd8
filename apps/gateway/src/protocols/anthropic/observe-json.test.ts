import { expect, test } from 'vitest';
import type { AnswerObserver } from '../protocol.ts';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { anthropic } from './index.ts';

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-5',
  content: [{ type: 'text', text: 'Grüezi — 你好' }],
  stop_reason: 'end_turn',
  usage: {
    input_tokens: 12,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    cache_read_input_tokens: 40,
    output_tokens: 50,
    service_tier: 'standard',
    server_tool_use: { web_search_requests: 1 },
  },
};

function observe(body: string, chunkBytes = 1_000_000): AnswerObserver {
  const observer = anthropic.observe('json', someFacts);
  const bytes = Buffer.from(body);
  for (let start = 0; start < bytes.length; start += chunkBytes)
    observer.push(bytes.subarray(start, start + chunkBytes));
  return observer;
}

test.each([1, 3, 1_000_000])('a whole message, %s bytes a chunk', (chunkBytes) => {
  const observer = observe(JSON.stringify(message), chunkBytes);
  expect(observer.phase).toBe('complete');
  expect(observer.observation()).toEqual({
    usageSource: 'reported',
    usage: { input: 12, cacheWrite5m: 10, cacheWrite1h: 20, cacheRead: 40, output: 50, webSearches: 1 },
    conditions: { serviceTier: 'standard', speed: null, inferenceGeo: null },
    servedModel: 'claude-opus-5-5',
    messageId: 'msg_1',
    stopReason: 'end_turn',
    isComplete: true,
    error: null,
  });
});

test('white space around the body does no harm', () => {
  expect(observe(`\n ${JSON.stringify(message, null, 2)} \r\n\n`, 5).phase).toBe('complete');
});

test.each([
  [
    'the vendor',
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    'overloaded_error',
    'Overloaded',
  ],
  ['another relay', '{ "error" : "no account left" }', 'api_error', 'no account left'],
  [
    'a body that says it late',
    `{"request_id":"${'r'.repeat(80)}","type":"error","error":{"type":"api_error","message":"x"}}`,
    'api_error',
    'x',
  ],
  ['another service', '{"message":"not here"}', 'api_error', 'not here'],
  [
    'a page',
    '<html><body>502</body></html>',
    'api_error',
    'The upstream answered something that is not JSON.',
  ],
])('an error with status 200: %s', (_name, body, type, text) => {
  const observer = observe(body);
  expect(observer.observation().error).toMatchObject({ type, message: text });
  expect(observer.phase).toBe('error');
  expect(observer.observation().isComplete).toBe(false);
});

test('an error shows at the head of the body, before all of it is here', () => {
  const observer = anthropic.observe('json', someFacts);
  observer.push(Buffer.from('{"type":"err'));
  expect(observer.phase).toBe('waiting');
  observer.push(Buffer.from('or","error":{"type":"api'));
  expect(observer.phase).toBe('error');
});

test('a body that broke off is charged: the input by estimate, the output by its bytes', () => {
  const body = JSON.stringify({ ...message, content: [{ type: 'text', text: 'y'.repeat(3000) }] });
  const observer = observe(body.slice(0, 3000));
  expect(observer.phase).toBe('content');
  expect(observer.observation()).toMatchObject({
    usageSource: 'estimated',
    isComplete: false,
    error: null,
    usage: { input: 777, output: 1000 },
  });
});

test('a brace at the end of a chunk is not the end of the body', () => {
  const body = JSON.stringify(message);
  const observer = anthropic.observe('json', someFacts);
  const cut = body.indexOf('}') + 1;
  observer.push(Buffer.from(body.slice(0, cut)));
  expect(observer.phase).toBe('content');
  observer.push(Buffer.from(body.slice(cut)));
  expect(observer.phase).toBe('complete');
});

test('a count of tokens is complete and costs nothing', () => {
  const observer = anthropic.observe('json', { ...someFacts, operation: 'count_tokens' });
  observer.push(Buffer.from('{"input_tokens":2095}'));
  expect(observer.phase).toBe('complete');
  expect(observer.observation()).toMatchObject({ isComplete: true, error: null });
});
