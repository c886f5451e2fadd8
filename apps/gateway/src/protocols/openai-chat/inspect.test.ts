import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../platform/json.ts';
import { parseSkeleton } from '../../platform/json-skeleton.ts';
import type { InspectInput, RequestFacts } from '../protocol.ts';
import { openAiFacts, openAiInput, openAiRequests } from '../../../test/openai-fixtures.ts';
import { openaiChat } from './index.ts';

const good: JsonObject = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hello' }] };

function facts(body: JsonObject, more: Partial<InspectInput> = {}): RequestFacts {
  const result = openaiChat.inspect(openAiInput(body, more));
  if (!result.ok) throw new Error(result.message);
  return result.facts;
}

test.each(openAiRequests())('what $name sends is accepted and understood', ({ path, headers, body }) => {
  const isEmbedding = path.endsWith('/embeddings');
  const result = facts(body, { headers, operation: isEmbedding ? 'embeddings' : 'generate' });
  expect(result).toMatchObject({
    dialect: 'openai-chat',
    model: body['model'],
    stream: body['stream'] === true,
    maxOutputTokens: isEmbedding ? 0 : null,
    client: 'OpenAI/JS',
    pinnedTo: null,
  });
  expect(result.wantsUsage === true).toBe(body['stream_options'] !== undefined);
});

test.each<[path: string, body: JsonObject, operation?: 'embeddings']>([
  ['model', { messages: [] }],
  ['model', { ...good, model: ' ' }],
  ['messages', { model: 'm' }],
  ['messages', { ...good, messages: 'hello' }],
  ['max_completion_tokens', { ...good, max_completion_tokens: 'many' }],
  ['max_tokens', { ...good, max_tokens: -1 }],
  ['n', { ...good, n: 0 }],
  ['input', { model: 'm' }, 'embeddings'],
  ['input', { model: 'm', input: 5 }, 'embeddings'],
])('refuses %s of %j and names it', (path, body, operation) => {
  const result = openaiChat.inspect(openAiInput(body, { operation: operation ?? 'generate' }));
  expect(result).toMatchObject({ ok: false, path });
  expect(result).toHaveProperty('message', expect.stringContaining(path));
});

test('the address names the model where the body does not, as Azure’s does', () => {
  const address = { model: 'my-deployment', stream: null, service: null };
  expect(facts({ messages: [] }, { address }).model).toBe('my-deployment');
});

test.each<[body: JsonObject, most: number | null]>([
  [{}, null],
  [{ max_tokens: 5 }, 5],
  [{ max_tokens: 5, max_completion_tokens: 7 }, 7],
  [{ max_completion_tokens: 7, n: 3 }, 21],
  [{ n: 2 }, 262_144],
])('the output of %j can be %s tokens', (body, most) => {
  expect(facts({ ...good, ...body }).maxOutputTokens).toBe(most);
});

test('pictures count by their number, not by their bytes, however the body was read', () => {
  const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(300_000)}` } };
  const body = {
    ...good,
    messages: [{ role: 'user', content: [picture, picture, { type: 'text', text: 'x' }] }],
  };
  const bytes = Buffer.from(JSON.stringify(body));
  for (const read of [body, parseSkeleton(bytes)]) {
    const { inputTokensEstimate, ceiling } = facts(z.custom<JsonObject>().parse(read), {
      bodyBytes: bytes.length,
    });
    expect(inputTokensEstimate).toBeGreaterThan(3000);
    expect(inputTokensEstimate).toBeLessThan(3300);
    expect(ceiling.inputTokens).toBeGreaterThan(700_000);
  }
});

test('what runs or is looked up at the vendor has no bound but the model’s', () => {
  expect(facts({ ...good, web_search_options: {}, service_tier: 'flex' }).ceiling).toEqual({
    inputTokens: null,
    passes: 21,
    webSearches: 20,
    conditions: { serviceTier: 'flex', speed: null, inferenceGeo: null },
  });
  const file = { type: 'file', file: { file_data: 'AAAA' } };
  expect(facts({ ...good, messages: [{ role: 'user', content: [file] }] }).ceiling.inputTokens).toBeNull();
  expect(facts(good).ceiling).toMatchObject({ passes: 1, webSearches: 0 });
});

test('the session is the client’s own where it says one', () => {
  const body = { ...good, prompt_cache_key: 'cache' };
  expect(facts(body, { headers: { session_id: 'a', 'x-session-id': 'b' } }).sessionId).toBe('a');
  expect(facts(body, { headers: { 'session-id': 'c' } }).sessionId).toBe('c');
  expect(facts(body).sessionId).toBe('cache');
});

test('else it is the conversation: its beginning and whose it is', () => {
  const system = { role: 'system', content: 'You are the same for everybody.' };
  const first = { role: 'user', content: 'Hello' };
  const session = (messages: JsonObject[], more: JsonObject = {}): string | null =>
    facts({ model: 'm', messages, ...more }).sessionId;
  const id = session([system, first]);
  expect(id).toMatch(/^[\da-f]{32}$/);
  expect(
    session([system, first, { role: 'assistant', content: 'Hi' }, { role: 'user', content: 'Go on' }]),
  ).toBe(id);
  expect(session([system, { role: 'user', content: 'Other' }])).not.toBe(id);
  expect(session([system, first], { user: 'u1' })).not.toBe(id);
  expect(session([system, { role: 'user', content: [{ type: 'text', text: 'Hello' }] }])).toBe(id);
  expect(session([system])).toBeNull();
  expect(openAiFacts(openaiChat, { model: 'e', input: 'x' }, 'embeddings').sessionId).toBeNull();
});
