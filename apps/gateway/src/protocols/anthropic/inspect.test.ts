import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { modelFamily } from '../model-family.ts';
import type { Operation, RequestFacts } from '../protocol.ts';
import { clientRequests, noAddress } from '../../../test/anthropic-fixtures.ts';
import { inspect } from './inspect.ts';

const good: JsonObject = { model: 'claude-opus-5-5', max_tokens: 10, messages: [] };

function facts(
  body: JsonObject,
  headers: Record<string, string> = {},
  operation: Operation = 'generate',
): RequestFacts {
  const result = inspect({ ...noAddress, operation, body, bodyBytes: JSON.stringify(body).length, headers });
  if (!result.ok) throw new Error(`${result.path}: ${result.message}`);
  return result.facts;
}

const sessionId = '00000000-0000-4000-8000-000000000001';
const requests = clientRequests();

test.each(requests.map((request) => [request.name, request] as const))(
  'what %s sends is accepted and understood',
  (name, { path, headers, body }) => {
    const isCount = path.endsWith('/count_tokens');
    const result = facts(body, headers, isCount ? 'count_tokens' : 'generate');
    expect(result.model).toBe(body['model']);
    expect(result.stream).toBe(body['stream'] === true);
    expect(result.maxOutputTokens).toBe(isCount ? null : body['max_tokens']);
    const isClaudeCode = name.startsWith('claude-code');
    expect(result.client === 'claude_code').toBe(isClaudeCode);
    expect(result.sessionId).toBe(isClaudeCode ? headers['x-claude-code-session-id'] : null);
    expect(result.inputTokensEstimate).toBeGreaterThan(JSON.stringify(body).length / 4);
  },
);

test('there are recordings of several clients', () => {
  expect(requests.length).toBeGreaterThan(10);
});

test.each<[path: string, body: JsonObject]>([
  ['model', { max_tokens: 1, messages: [] }],
  ['model', { ...good, model: '' }],
  ['model', { ...good, model: 5 }],
  ['model', { ...good, model: null }],
  ['messages', { model: 'm', max_tokens: 1 }],
  ['messages', { ...good, messages: 'hello' }],
  ['messages', { ...good, messages: null }],
  ['messages', { ...good, messages: {} }],
  ['max_tokens', { model: 'm', messages: [] }],
  ['max_tokens', { ...good, max_tokens: null }],
  ['max_tokens', { ...good, max_tokens: 'many' }],
  ['max_tokens', { ...good, max_tokens: [] }],
  ['max_tokens', { ...good, max_tokens: -1 }],
  ['max_tokens', { ...good, max_tokens: 1.5 }],
])('refuses %s of %j and names it', (path, body) => {
  const result = inspect({ ...noAddress, operation: 'generate', body, bodyBytes: 10, headers: {} });
  expect(result).toMatchObject({ ok: false, path });
  expect(result).toHaveProperty('message', expect.stringContaining(path));
});

test.each<[name: string, body: JsonObject]>([
  ['unknown fields', { ...good, safeguards: [{ type: 'x' }], context_management: {}, brand_new: { a: 1 } }],
  [
    'unknown roles and blocks',
    {
      ...good,
      messages: [
        { role: 'system', content: 'x' },
        { role: 'novel', content: [{ type: 'new' }] },
      ],
    },
  ],
  ['messages that are no objects', { ...good, messages: ['x', null, 5] }],
  ['a warm-up of the cache', { ...good, max_tokens: 0 }],
  ['stream null', { ...good, stream: null }],
  ['stream as anything', { ...good, stream: 'perhaps' }],
  ['a thread that goes on', { model: 'm', max_tokens: 1, thread: { id: 'thread_1' } }],
  ['a temperature the vendor may refuse', { ...good, temperature: 9 }],
])('leaves to the vendor: %s', (_name, body) => {
  expect(inspect({ ...noAddress, operation: 'generate', body, bodyBytes: 10, headers: {} })).toMatchObject({
    ok: true,
  });
});

test('what the vendor reads out of loose types is read here too', () => {
  expect(facts({ ...good, max_tokens: '100', stream: 'true' })).toMatchObject({
    maxOutputTokens: 100,
    stream: true,
  });
  expect(facts({ ...good, stream: 'false' }).stream).toBe(false);
});

test('counting tokens needs no max_tokens, and never streams', () => {
  const { max_tokens: _, ...body } = good;
  expect(facts({ ...body, stream: true }, {}, 'count_tokens')).toMatchObject({
    operation: 'count_tokens',
    maxOutputTokens: null,
    stream: false,
  });
});

test.each<[name: string, userId: unknown, session: string | null]>([
  ['JSON', JSON.stringify({ device_id: 'd', account_uuid: '', session_id: sessionId }), sessionId],
  ['the older form', `user_${'a'.repeat(64)}_account__session_${sessionId}`, sessionId],
  ['JSON without a session', '{"device_id":"d"}', null],
  ['broken JSON', '{"session_id":"x', null],
  ['something else', 'customer-42', null],
  ['no string', 42, null],
])('session in metadata.user_id: %s', (_name, userId, session) => {
  expect(facts({ ...good, metadata: { user_id: userId as string } }).sessionId).toBe(session);
});

test('the session of the header wins over the one in the body', () => {
  const body = { ...good, metadata: { user_id: JSON.stringify({ session_id: 'body' }) } };
  expect(facts(body, { 'x-claude-code-session-id': 'header' }).sessionId).toBe('header');
});

test.each([
  ['claude-opus-5-5', 'opus'],
  ['claude-opus-4-1-20250805', 'opus'],
  ['claude-3-5-sonnet-20241022', 'sonnet'],
  ['claude-sonnet-4-5-20250929[1m]', 'sonnet'],
  ['claude-haiku-5-5', 'haiku'],
  ['claude-fable-5-2', 'fable'],
  ['us.anthropic.claude-opus-4-6-v1', 'opus'],
  ['claude-2.1', 'claude-2.1'],
  ['gpt-6-luna', 'gpt-6-luna'],
])('family of %s is %s', (model, family) => {
  expect(modelFamily(model)).toBe(family);
});

test('a picture counts as a picture, not as its bytes', () => {
  const image = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(900_000) },
  };
  const inMessage = facts({ ...good, messages: [{ role: 'user', content: [image] }] });
  const inToolResult = facts({
    ...good,
    messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [image] }] }],
  });
  for (const { inputTokensEstimate } of [inMessage, inToolResult]) {
    expect(inputTokensEstimate).toBeGreaterThan(4800);
    expect(inputTokensEstimate).toBeLessThan(5000);
  }
});
