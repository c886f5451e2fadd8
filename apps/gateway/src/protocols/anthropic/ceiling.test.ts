// What a strict budget relies on: no request uses more than its ceiling says.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { ceilingOf } from './ceiling.ts';

const ask = (content: JsonObject['x'], fields: JsonObject = {}): JsonObject => ({
  model: 'claude-opus-5-5',
  max_tokens: 10,
  messages: [{ role: 'user', content }],
  ...fields,
});
const ceiling = (body: JsonObject) => ceilingOf(body, JSON.stringify(body).length);

test('text has at most a token for each byte, a picture what the vendor counts for the largest', () => {
  const text = ask('x'.repeat(900));
  expect(ceiling(text).inputTokens).toBeGreaterThan(900);
  const picture = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
  const inResult = { type: 'tool_result', tool_use_id: 't', content: [picture] };
  expect(ceiling(ask([picture, inResult])).inputTokens).toBeGreaterThan(9600);
});

test.each([
  ['a document', ask([{ type: 'document', source: { type: 'base64', data: 'JVBE' } }])],
  ['a file', ask([{ type: 'document', source: { type: 'file', file_id: 'f' } }])],
  [
    'a document in a result',
    ask([{ type: 'tool_result', content: [{ type: 'document', source: { type: 'url', url: 'u' } }] }]),
  ],
  ['a container', ask('hi', { container: 'c' })],
  ['a thread', ask('hi', { thread: 't' })],
])('%s is bounded by the model only', (_, body) => {
  expect(ceiling(body)).toMatchObject({ inputTokens: null, passes: 1 });
});

test('a document that is plain text is bounded by its bytes', () => {
  const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hello' } };
  expect(ceiling(ask([document])).inputTokens).toBeGreaterThan(0);
});

test('tools that run at the vendor read everything once more for each use', () => {
  const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 };
  expect(ceiling(ask('hi', { tools: [search] }))).toMatchObject({
    inputTokens: null,
    passes: 4,
    webSearches: 3,
  });
  expect(ceiling(ask('hi', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }))).toMatchObject({
    passes: 21,
    webSearches: 20,
  });
  expect(ceiling(ask('hi', { mcp_servers: [{ url: 'u' }] })).passes).toBe(21);
  expect(ceiling(ask('hi', { tools: [{ name: 'mine', input_schema: {} }] }))).toMatchObject({
    passes: 1,
    webSearches: 0,
  });
});

test('conditions that make a call dearer are those asked for', () => {
  expect(ceiling(ask('hi', { speed: 'fast', inference_geo: 'us' })).conditions).toEqual({
    serviceTier: null,
    speed: 'fast',
    inferenceGeo: 'us',
  });
});
