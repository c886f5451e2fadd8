import { expect, test } from 'vitest';
import { clientRequests, noAddress } from '../../test/anthropic-fixtures.ts';
import { isJsonObject, type JsonObject } from '../platform/json.ts';
import { type BridgeInput, canConvert, openBridge } from './bridge.ts';
import type { AnswerConverter, DialectId, Operation, RequestFacts } from './protocol.ts';
import { protocols } from './registry.ts';

const { anthropic } = protocols;

function factsOf(body: JsonObject, operation: Operation = 'generate'): RequestFacts {
  const inspected = anthropic.inspect({ ...noAddress, operation, body, bodyBytes: 100, headers: {} });
  if (!inspected.ok) throw new Error(inspected.message);
  return inspected.facts;
}

function inputOf(body: JsonObject, target: DialectId, operation?: Operation): BridgeInput {
  return {
    client: anthropic,
    target: protocols[target],
    facts: factsOf(body, operation),
    json: () => body,
    body: Buffer.from(JSON.stringify(body)),
    query: '?beta=true',
    upstreamModel: 'their-name',
    createdAtMs: 0,
  };
}

function convertedOf(body: JsonObject, target: DialectId, operation?: Operation) {
  const bridge = openBridge(inputOf(body, target, operation));
  if (bridge.type !== 'converted') throw new Error(JSON.stringify(bridge));
  return { ...bridge, json: bridge.body.toString('utf8') };
}

function whole(converter: AnswerConverter | null, body: unknown): string {
  if (converter === null) throw new Error('nothing to convert');
  const pieces = [converter.push(Buffer.from(JSON.stringify(body))), converter.end()];
  return Buffer.concat(pieces).toString('utf8');
}

const ask: JsonObject = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

test('where the dialects match nothing is read', () => {
  const json = (): JsonObject => {
    throw new Error('it was read');
  };
  expect(openBridge({ ...inputOf(ask, 'anthropic'), json })).toEqual({ type: 'native', fit: null });
});

test('the request goes to the other API’s address, under the model’s name there', () => {
  expect(convertedOf(ask, 'openai-chat')).toMatchObject({
    path: '/v1/chat/completions',
    query: '',
    contentType: 'application/json',
    warnings: null,
  });
  expect(convertedOf({ ...ask, stream: true }, 'gemini')).toMatchObject({
    path: '/v1beta/models/their-name:streamGenerateContent',
    query: '?alt=sse',
    contentType: 'text/event-stream; charset=utf-8',
  });
  expect(convertedOf(ask, 'openai-chat').json).toContain('"model":"their-name"');
});

test('what is left out is told, what cannot be said is refused with its place', () => {
  expect(convertedOf({ ...ask, top_k: 5, inference_geo: 'us' }, 'openai-chat').warnings).toBe(
    'dropped=inference_geo,top_k',
  );
  expect(openBridge(inputOf({ ...ask, container: 'c' }, 'gemini'))).toEqual({
    type: 'refused',
    path: 'container',
    message: 'A container lives with Anthropic; leave it out for this model.',
  });
});

const LONG = `mcp__${'server_'.repeat(12)}tool`;

test('a tool name that the upstream refuses goes out under another and comes back as it was', () => {
  const body: JsonObject = {
    ...ask,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_0', name: LONG, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_0', content: 'ok' }] },
    ],
    tools: [
      { name: LONG, input_schema: { type: 'object' } },
      { name: 'short', input_schema: { type: 'object' } },
    ],
    tool_choice: { type: 'tool', name: LONG },
  };
  const bridge = convertedOf(body, 'openai-chat');
  expect(bridge.json).not.toContain(LONG);
  const names = [...bridge.json.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name ?? '');
  const [other = ''] = names.filter((name) => name !== 'short');
  expect(names.filter((name) => name === other)).toHaveLength(3);
  expect(other).toMatch(/^mcp__server_[a-z_]+_[\da-f]{8}$/);
  expect(other.length).toBeLessThanOrEqual(64);

  const call = { id: 'call_1', type: 'function', function: { name: other, arguments: '{}' } };
  const answered = {
    id: 'chatcmpl-1',
    choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }],
  };
  expect(whole(bridge.answer('json'), answered)).toContain(`"name":"${LONG}"`);
  const streaming = convertedOf({ ...body, stream: true }, 'openai-chat');
  expect(whole(streaming.answer('json'), answered)).toContain(`"name":"${LONG}"`);
});

test('tokens are counted across dialects that both count', () => {
  const counted = clientRequests().find(({ path }) => path.endsWith('count_tokens'));
  const bridge = convertedOf(counted?.body ?? {}, 'gemini', 'count_tokens');
  expect(bridge.path).toBe('/v1beta/models/their-name:countTokens');
  expect(whole(bridge.answer('json'), { totalTokens: 12 })).toBe('{"input_tokens":12}');
  const broken = bridge.answer('json');
  expect(whole(broken, { tokens: 12 })).toBe('');
  expect(broken?.failure).toMatch(/no answer/);
});

test('embeddings and compaction are converted for nobody, counting only between those who count', () => {
  for (const client of Object.values(protocols)) {
    for (const target of Object.values(protocols)) {
      expect(canConvert(client, target, 'embeddings')).toBe(false);
      expect(canConvert(client, target, 'compact')).toBe(false);
    }
  }
  expect(canConvert(anthropic, protocols['openai-chat'], 'count_tokens')).toBe(false);
  expect(canConvert(protocols.gemini, anthropic, 'count_tokens')).toBe(true);
  expect(canConvert(protocols['openai-chat'], anthropic, 'generate')).toBe(true);
  expect(canConvert(anthropic, protocols['openai-completions'], 'generate')).toBe(false);
});

test('while the upstream is silent the client is kept awake, until the answer has ended', () => {
  const converter = convertedOf({ ...ask, stream: true }, 'openai-chat').answer('stream');
  expect(Buffer.from(converter?.ping?.() ?? []).toString()).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  const chunk = { id: 'c', choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] };
  const said = converter?.push(Buffer.from(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`));
  expect(Buffer.from(said ?? []).toString()).toContain('event: message_stop');
  expect(converter?.ping?.()).toHaveLength(0);
});

test('an answer is named as its client asked for it', () => {
  const bridge = convertedOf(ask, 'openai-chat');
  const answer: unknown = JSON.parse(
    whole(bridge.answer('json'), {
      id: 'chatcmpl-9',
      model: 'their-name-2026',
      choices: [{ message: { content: 'x' }, finish_reason: 'stop' }],
    }),
  );
  expect(isJsonObject(answer) ? answer : null).toMatchObject({ id: 'msg_9', model: 'm' });
});
