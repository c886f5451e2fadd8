import { expect, test } from 'vitest';
import { clientRequests, noAddress, someFacts } from '../../../test/anthropic-fixtures.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import type { RequestFacts } from '../protocol.ts';
import { client } from './codec.ts';
import { anthropic } from './index.ts';

function decode(
  body: JsonObject,
  facts: Partial<RequestFacts> = {},
): { request: CanonicalRequest; warnings: string | null } {
  const notes = new ConversionNotes();
  const request = client.decodeRequest({ messages: [], ...body }, { ...someFacts, ...facts }, notes);
  return { request, warnings: notes.header };
}

function refusal(body: JsonObject): NotConvertible {
  try {
    decode(body);
  } catch (error) {
    if (error instanceof NotConvertible) return error;
  }
  throw new Error('it was not refused');
}

const recorded = clientRequests().map((request) => [request.name, request] as const);

test.each(recorded)('%s is read in full', (_name, { body, path, headers }) => {
  const inspected = anthropic.inspect({
    ...noAddress,
    operation: path.endsWith('count_tokens') ? 'count_tokens' : 'generate',
    body,
    bodyBytes: 1000,
    headers,
  });
  if (!inspected.ok) throw new Error(inspected.message);
  const { request, warnings } = decode(body, inspected.facts);
  expect(request).toMatchObject({ model: body['model'], stream: body['stream'] === true });
  expect(request.maxOutputTokens).toBe(body['max_tokens'] ?? null);
  expect(request.messages).toHaveLength((body['messages'] as unknown[]).length);
  expect(request.messages.every(({ content }) => content.length > 0)).toBe(true);
  expect(request.tools).toHaveLength(((body['tools'] ?? []) as unknown[]).length);
  expect(request.system.some(({ text }) => text.startsWith('x-anthropic-billing-header'))).toBe(false);
  expect(warnings ?? '').not.toContain('downgraded');
});

test('a turn with a call and its result, as Claude Code sends it', () => {
  const found = recorded.find(([name]) => name === 'claude-code.tool-turn')?.[1];
  const { request } = decode(found?.body ?? {});
  const [call, result] = request.messages.flatMap(({ content }) =>
    content.filter(({ type }) => type === 'tool_call' || type === 'tool_result'),
  );
  expect(call).toMatchObject({ name: 'Bash', input: { command: 'echo relay_probe_$((40+2))' } });
  expect(result).toMatchObject({
    callId: 'toolu_01psvIfUFUxw4Rx6zBr8V7XMEM',
    content: [{ type: 'text', text: 'relay_probe_42' }],
    isError: false,
    cacheControl: { type: 'ephemeral' },
  });
  expect(request.thinking).toEqual({ effort: 'medium', display: 'summary' });
  expect(request.messages[1]?.role).toBe('system');
});

test.each<[JsonObject, CanonicalRequest['thinking']]>([
  [{}, null],
  [{ thinking: { type: 'disabled' } }, { effort: 'off', display: null }],
  [{ thinking: { type: 'enabled', budget_tokens: 4000 } }, { effort: 'low', display: null }],
  [
    { thinking: { type: 'enabled', budget_tokens: 4000 }, output_config: { effort: 'max' } },
    { effort: 'max', display: null },
  ],
  [{ thinking: { type: 'adaptive', display: 'omitted' } }, { effort: null, display: 'omitted' }],
  [{ output_config: { effort: 'high' } }, { effort: 'high', display: null }],
])('%o thinks so', (body, thinking) => {
  expect(decode(body).request.thinking).toEqual(thinking);
});

test('every kind of block, also those of other vendors’ making', () => {
  const { request } = decode({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
          { type: 'document', title: 'T', source: { type: 'url', url: 'https://x/a.pdf' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
          { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'inner' }] } },
          { type: 'search_result', title: 'S', source: 's', content: [{ type: 'text', text: 'hit' }] },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'own', signature: 'ErUB' },
          { type: 'thinking', thinking: 'other', signature: 'crs.openai.gAAA' },
          { type: 'thinking', thinking: 'none', signature: '' },
          { type: 'redacted_thinking', data: 'crs.openai.hidden' },
          { type: 'thinking', thinking: '', signature: 'crs.gemini.Cs0B' },
          { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } },
        ],
      },
    ],
  });
  expect(request.messages[0]?.content).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
    { type: 'document', title: 'T', source: { type: 'url', url: 'https://x/a.pdf' } },
    { type: 'document', title: null, source: { type: 'text', text: 'plain' } },
    { type: 'text', text: 'inner' },
    { type: 'document', title: 'S', source: { type: 'text', text: 'hit' } },
  ]);
  expect(request.messages[1]?.content).toEqual([
    { type: 'thinking', text: 'own', signature: { vendor: 'anthropic', value: 'ErUB' } },
    { type: 'thinking', text: 'other', signature: { vendor: 'openai', value: 'gAAA' } },
    { type: 'thinking', text: 'none', signature: null },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'hidden' } },
    {
      type: 'tool_call',
      id: 'call_1',
      name: 'f',
      input: { a: 1 },
      signature: { vendor: 'gemini', value: 'Cs0B' },
    },
  ]);
});

test('the settings of a request', () => {
  const { request, warnings } = decode(
    {
      temperature: 0.3,
      top_p: 0.9,
      top_k: 5,
      stop_sequences: ['END'],
      service_tier: 'standard_only',
      metadata: { user_id: 'u1' },
      tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      tools: [
        {
          name: 'f',
          description: 'd',
          input_schema: { type: 'object' },
          cache_control: { type: 'ephemeral' },
        },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 3, allowed_domains: ['a.example'] },
      ],
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
      context_management: { edits: [] },
      inference_geo: 'us',
      cache_control: { type: 'ephemeral' },
    },
    { sessionId: 's1' },
  );
  expect(request).toMatchObject({
    temperature: 0.3,
    topP: 0.9,
    extras: { topK: 5 },
    stopSequences: ['END'],
    serviceTier: 'standard',
    endUserId: 'u1',
    cacheKey: 's1',
    toolChoice: { type: 'tool', name: 'f' },
    parallelToolCalls: false,
    tools: [
      { type: 'function', name: 'f', description: 'd', cacheControl: { type: 'ephemeral' } },
      { type: 'web_search', maxUses: 3 },
    ],
    format: { type: 'json_schema', schema: { type: 'object' } },
  });
  expect(warnings).toBe('dropped=inference_geo,cache_control,tools.allowed_domains');
});

test('fast is what others call priority', () => {
  expect(decode({ speed: 'fast' }).request.serviceTier).toBe('priority');
});

test('what ran at the vendor is left out, and said so', () => {
  const { request, warnings } = decode({
    messages: [
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
          { type: 'text', text: 'found' },
        ],
      },
    ],
  });
  expect(request.messages[0]?.content).toEqual([{ type: 'text', text: 'found' }]);
  expect(warnings).toBe('dropped=server_tool_use,web_search_tool_result');
});

const image = (source: JsonObject): JsonObject => ({
  messages: [{ role: 'user', content: [{ type: 'image', source }] }],
});

test.each<[string, JsonObject]>([
  ['thread', { thread: { id: 't' } }],
  ['container', { container: 'c' }],
  ['mcp_servers', { mcp_servers: [{ url: 'https://x' }] }],
  ['max_tokens', { max_tokens: 0 }],
  ['tools.0.type', { tools: [{ type: 'computer_20250124', name: 'computer' }] }],
  ['output_config.format', { output_config: { format: { type: 'grammar' } } }],
  ['messages.0.content.0.source.file_id', image({ type: 'file', file_id: 'f' })],
  ['messages.0.content.0', { messages: [{ role: 'user', content: [{ type: 'container_upload' }] }] }],
])('%s cannot be said elsewhere, and the refusal names it', (path, body) => {
  expect(refusal(body).path).toBe(path);
});
