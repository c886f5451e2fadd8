import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { openAiFacts, openAiRequests } from '../../../test/openai-fixtures.ts';
import { decodeRequest } from './decode-request.ts';
import { openaiChat } from './index.ts';

interface Decoded {
  readonly request: CanonicalRequest;
  readonly notes: string | null;
}

function decoded(body: JsonObject): Decoded {
  const whole = { model: 'gpt-5.5', messages: [], ...body };
  const notes = new ConversionNotes();
  const request = decodeRequest(whole, openAiFacts(openaiChat, whole), notes);
  return { request, notes: notes.header };
}

function messagesOf(...messages: JsonObject[]): CanonicalRequest['messages'] {
  return decoded({ messages }).request.messages;
}

test.each(openAiRequests().filter(({ path }) => path.endsWith('/chat/completions')))(
  '$name: nothing is lost or in doubt',
  ({ body }) => {
    const { request, notes } = decoded(body);
    expect(notes).toBeNull();
    expect(request).toMatchObject({
      model: body['model'],
      stream: body['stream'] === true,
      system: [],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x [[say:OK]]' }] }],
      tools: [],
      maxOutputTokens: null,
      thinking: null,
    });
  },
);

test('leading instructions are the system’s, later ones stay where they are', () => {
  const { request } = decoded({
    messages: [
      { role: 'system', content: 'One' },
      { role: 'developer', content: [{ type: 'text', text: 'Two', cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Three' },
    ],
  });
  expect(request.system).toEqual([
    { type: 'text', text: 'One' },
    { type: 'text', text: 'Two', cacheControl: { type: 'ephemeral' } },
  ]);
  expect(request.messages.map(({ role }) => role)).toEqual(['user', 'system']);
});

test('calls and their results: several results are one turn, broken arguments are kept', () => {
  const call = (id: string, text: string): JsonObject => ({
    id,
    type: 'function',
    function: { name: 'look', arguments: text },
  });
  const messages = messagesOf(
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'Hm',
      tool_calls: [call('a', '{"x":1}'), call('b', ''), call('c', '{"x":')],
    },
    { role: 'tool', tool_call_id: 'a', content: 'A' },
    { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'B' }] },
    { role: 'tool', tool_call_id: 'c', content: '' },
    { role: 'user', content: 'And?' },
  );
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'user']);
  expect(messages[1]?.content).toEqual([
    { type: 'thinking', text: 'Hm', signature: null },
    { type: 'tool_call', id: 'a', name: 'look', input: { x: 1 } },
    { type: 'tool_call', id: 'b', name: 'look', input: {} },
    { type: 'tool_call', id: 'c', name: 'look', input: { _raw: '{"x":' } },
  ]);
  expect(messages[2]?.content).toEqual([
    { type: 'tool_result', callId: 'a', content: [{ type: 'text', text: 'A' }], isError: false },
    { type: 'tool_result', callId: 'b', content: [{ type: 'text', text: 'B' }], isError: false },
    { type: 'tool_result', callId: 'c', content: [], isError: false },
  ]);
});

test('calls of the elder form are paired with their results by name', () => {
  const called = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } };
  const messages = messagesOf(called, { role: 'function', name: 'f', content: '1' }, called, {
    role: 'function',
    name: 'f',
    content: '2',
  });
  const ids = messages.map(({ content: [block] }) =>
    block?.type === 'tool_call' ? block.id : block?.type === 'tool_result' ? block.callId : null,
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).toBe(ids[3]);
  expect(ids[0]).not.toBe(ids[2]);
});

test('pictures, sound and documents come with their type', () => {
  const [message] = messagesOf({
    role: 'user',
    content: [
      { type: 'image_url', image_url: { url: 'data:image/PNG;base64,QUJD', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
      { type: 'text', text: '' },
      { type: 'text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } },
    ],
  });
  expect(message?.content).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' }, detail: 'high' },
    { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    { type: 'audio', mediaType: 'audio/mpeg', data: 'QUJD' },
    {
      type: 'document',
      source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' },
      title: 'a.pdf',
    },
    { type: 'text', text: 'x', cacheControl: { type: 'ephemeral', ttl: '1h' } },
  ]);
});

const look = {
  type: 'function',
  function: { name: 'look', description: 'Looks', parameters: { type: 'object' }, strict: true },
};

test('tools, and how they may be used', () => {
  const { request } = decoded({ tools: [look], tool_choice: 'required', parallel_tool_calls: false });
  expect(request).toMatchObject({
    tools: [
      { type: 'function', name: 'look', description: 'Looks', inputSchema: { type: 'object' }, strict: true },
    ],
    toolChoice: { type: 'any' },
    parallelToolCalls: false,
  });
  const named = { type: 'function', function: { name: 'look' } };
  expect(decoded({ tools: [look], tool_choice: named }).request.toolChoice).toEqual({
    type: 'tool',
    name: 'look',
  });
  expect(decoded({ functions: [look.function], function_call: { name: 'look' } }).request).toMatchObject({
    tools: [{ name: 'look' }],
    toolChoice: { type: 'tool', name: 'look' },
  });
  const other = { type: 'function', function: { name: 'other' } };
  const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named] } };
  const few = decoded({ tools: [other, look], tool_choice: allowed }).request;
  expect(few.tools.map((tool) => tool.type === 'function' && tool.name)).toEqual(['look']);
  expect(few.toolChoice).toEqual({ type: 'any' });
});

test('a web search is a tool like others; what only this vendor knows of it is named', () => {
  const { request, notes } = decoded({ web_search_options: { search_context_size: 'low' } });
  expect(request.tools).toEqual([{ type: 'web_search', maxUses: null }]);
  expect(notes).toBe('dropped=web_search_options.search_context_size');
});

test('every wish has its place', () => {
  const { request, notes } = decoded({
    max_completion_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stop: 'END',
    seed: 7,
    frequency_penalty: 0.1,
    presence_penalty: 0.2,
    logit_bias: { 5: 1 },
    logprobs: true,
    top_logprobs: 3,
    verbosity: 'low',
    reasoning_effort: 'none',
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'a', schema: { type: 'object' }, strict: true },
    },
    safety_identifier: 'person',
    user: 'older',
    prompt_cache_key: 'cache',
    service_tier: 'default',
    metadata: { a: 'b' },
    store: false,
    stream_options: {},
    n: 1,
    audio: null,
    modalities: ['text'],
  });
  expect(notes).toBeNull();
  expect(request).toMatchObject({
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    stopSequences: ['END'],
    extras: {
      topK: null,
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logitBias: { 5: 1 },
      logprobs: 3,
      verbosity: 'low',
    },
    thinking: { effort: 'off', display: null },
    format: { type: 'json_schema', name: 'a', schema: { type: 'object' }, strict: true },
    endUserId: 'person',
    cacheKey: 'cache',
    serviceTier: 'standard',
  });
  expect(
    decoded({ max_tokens: 4, stop: ['a', 'b'], response_format: { type: 'json_object' } }).request,
  ).toMatchObject({
    maxOutputTokens: 4,
    stopSequences: ['a', 'b'],
    format: { type: 'json_object' },
  });
});

test('what has no place elsewhere and changes little is told', () => {
  const { notes } = decoded({
    store: true,
    brand_new: 1,
    unset: null,
    service_tier: 'scale',
    reasoning_effort: 'extreme',
    messages: [{ role: 'user', name: 'Ann', content: 'x' }],
  });
  expect(notes).toBe('dropped=store,brand_new,reasoning_effort,messages.name,service_tier');
});

test.each<[path: string, body: JsonObject]>([
  ['n', { n: 2 }],
  ['audio', { audio: { voice: 'a', format: 'mp3' } }],
  ['modalities', { modalities: ['text', 'audio'] }],
  ['prediction', { prediction: { type: 'content', content: 'x' } }],
  ['tools.1.type', { tools: [look, { type: 'custom', custom: { name: 'x' } }] }],
  ['tool_choice', { tool_choice: { type: 'custom', custom: { name: 'x' } } }],
  ['response_format.type', { response_format: { type: 'grammar' } }],
  ['messages.0.role', { messages: [{ role: 'critic', content: 'x' }] }],
  ['messages.0', { messages: ['x'] }],
  ['messages.0.audio', { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }],
  ['messages.0.content.0.type', { messages: [{ role: 'user', content: [{ type: 'video_url' }] }] }],
  [
    'messages.0.content.1.file.file_id',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'file', file: { file_id: 'file_1' } },
          ],
        },
      ],
    },
  ],
  [
    'messages.0.content.0.image_url.url',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ftp://x' } }] }] },
  ],
  [
    'messages.0.content.0.input_audio',
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { format: 'ogg' } }] }] },
  ],
  [
    'messages.0.tool_calls.0',
    { messages: [{ role: 'assistant', tool_calls: [{ id: '1', type: 'custom', custom: {} }] }] },
  ],
])('what would change the meaning is refused by name: %s', (path, body) => {
  expect(() => decoded(body)).toThrow(NotConvertible);
  expect(() => decoded(body)).toThrow(expect.objectContaining({ path }));
});
