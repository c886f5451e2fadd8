import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { openAiFacts } from '../../../test/openai-fixtures.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { openaiChat } from './index.ts';

const plain: CanonicalRequest = {
  model: 'asked-for',
  system: [],
  messages: [],
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  extras: {
    topK: null,
    seed: null,
    frequencyPenalty: null,
    presencePenalty: null,
    logitBias: null,
    logprobs: null,
    verbosity: null,
  },
  stopSequences: [],
  stream: false,
  tools: [],
  toolChoice: null,
  parallelToolCalls: null,
  thinking: null,
  format: null,
  endUserId: null,
  serviceTier: null,
  cacheKey: null,
};

function encoded(
  changes: Partial<CanonicalRequest>,
  model = 'gpt-4.1',
): { readonly body: JsonObject; readonly notes: string | null } {
  const notes = new ConversionNotes();
  return { body: encodeRequest({ ...plain, ...changes }, model, notes), notes: notes.header };
}

function messagesOf(changes: Partial<CanonicalRequest>): unknown {
  return encoded(changes).body['messages'];
}

test('only what was said is said; a stream asks for its usage', () => {
  expect(encoded({}).body).toEqual({ model: 'gpt-4.1', messages: [] });
  expect(encoded({ stream: true }).body).toEqual({
    model: 'gpt-4.1',
    messages: [],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('a conversation with tools: results right behind their calls, pictures out of them in a turn of the user’s', () => {
  const picture = { type: 'base64', mediaType: 'image/png', data: 'QUJD' } as const;
  expect(
    messagesOf({
      system: [
        { type: 'text', text: 'One' },
        { type: 'text', text: 'Two', cacheControl: { type: 'ephemeral' } },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', text: 'Hm', signature: { vendor: 'anthropic', value: 's' } },
            { type: 'text', text: 'Let me see.' },
            { type: 'tool_call', id: 'a', name: 'look', input: { x: 1 } },
            { type: 'tool_call', id: 'b', name: 'look', input: { _raw: '{"x":' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And?' },
            {
              type: 'tool_result',
              callId: 'a',
              isError: false,
              content: [
                { type: 'text', text: 'A' },
                { type: 'image', source: picture, detail: 'low' },
              ],
            },
            { type: 'tool_result', callId: 'b', isError: true, content: [] },
          ],
        },
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      ],
    }),
  ).toEqual([
    { role: 'system', content: 'One\n\nTwo' },
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: 'Let me see.',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'look', arguments: '{"x":1}' } },
        { id: 'b', type: 'function', function: { name: 'look', arguments: '{"x":' } },
      ],
    },
    { role: 'tool', tool_call_id: 'a', content: 'A' },
    { role: 'tool', tool_call_id: 'b', content: '' },
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } },
        { type: 'text', text: 'And?' },
      ],
    },
    { role: 'system', content: 'Be brief.' },
  ]);
});

test('every call has a result and every result a call, or is told as what it is', () => {
  const call = (id: string) => ({
    role: 'assistant' as const,
    content: [{ type: 'tool_call' as const, id, name: 'f', input: {} }],
  });
  const result = (callId: string) => ({
    role: 'user' as const,
    content: [
      {
        type: 'tool_result' as const,
        callId,
        isError: false,
        content: [{ type: 'text' as const, text: 'R' }],
      },
    ],
  });
  const roles = (messages: CanonicalRequest['messages']): unknown =>
    (encoded({ messages }).body['messages'] as JsonObject[]).map(({ role, tool_call_id: id, content }) =>
      role === 'tool' ? [id, content] : role,
    );
  const none = 'No result was recorded.';
  expect(roles([call('a'), { role: 'user', content: [{ type: 'text', text: 'x' }] }])).toEqual([
    'assistant',
    ['a', none],
    'user',
  ]);
  expect(roles([call('a'), call('b'), result('b')])).toEqual([
    'assistant',
    ['a', none],
    'assistant',
    ['b', 'R'],
  ]);
  expect(roles([call('a')])).toEqual(['assistant', ['a', none]]);
  // Results may come in turns of their own.
  expect(
    roles([
      { role: 'assistant', content: [...call('a').content, ...call('b').content] },
      result('a'),
      result('b'),
    ]),
  ).toEqual(['assistant', ['a', 'R'], ['b', 'R']]);
  expect(messagesOf({ messages: [result('z')] })).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Result of the tool call z:' },
        { type: 'text', text: 'R' },
      ],
    },
  ]);
});

test('ids that are too long become the same short one for a call and its result', () => {
  const id = `toolu_${'x'.repeat(70)}`;
  const messages = messagesOf({
    messages: [
      { role: 'assistant', content: [{ type: 'tool_call', id, name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', callId: id, isError: false, content: [] }] },
    ],
  });
  expect(messages).toMatchObject([
    { tool_calls: [{ id: expect.stringMatching(/^call_[\da-f]{32}$/) as unknown }] },
    { role: 'tool' },
  ]);
  const [called, answered] = messages as [{ tool_calls: [{ id: string }] }, { tool_call_id: string }];
  expect(answered.tool_call_id).toBe(called.tool_calls[0].id);
});

test('documents and sound', () => {
  expect(
    messagesOf({
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' },
              title: null,
            },
            { type: 'document', source: { type: 'text', text: 'Long ago' }, title: 'Tale' },
            { type: 'audio', mediaType: 'audio/mpeg', data: 'QUJD' },
            { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
          ],
        },
      ],
    }),
  ).toEqual([
    {
      role: 'user',
      content: [
        { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
        { type: 'text', text: 'Tale\n\nLong ago' },
        { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
        { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      ],
    },
  ]);
  for (const block of [
    { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' }, title: null },
    { type: 'audio', mediaType: 'audio/ogg', data: 'QUJD' },
  ] as const) {
    expect(() => messagesOf({ messages: [{ role: 'user', content: [block] }] })).toThrow(NotConvertible);
  }
});

test('tools and their use, and nothing of their use without them', () => {
  const tool = {
    type: 'function',
    name: 'look',
    description: null,
    inputSchema: { type: 'object' },
    strict: null,
  } as const;
  expect(
    encoded({ tools: [tool], toolChoice: { type: 'any' }, parallelToolCalls: false }).body,
  ).toMatchObject({
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
  });
  expect(encoded({ tools: [tool], toolChoice: { type: 'tool', name: 'look' } }).body['tool_choice']).toEqual({
    type: 'function',
    function: { name: 'look' },
  });
  expect(encoded({ toolChoice: { type: 'auto' }, parallelToolCalls: true }).body).toEqual({
    model: 'gpt-4.1',
    messages: [],
  });
  const search = encoded({ tools: [{ type: 'web_search', maxUses: 3 }] });
  expect(search.body).toMatchObject({ web_search_options: {} });
  expect(search.body).not.toHaveProperty('tools');
  expect(search.notes).toBe('dropped=max_uses');
});

test('marks of what to cache are told as left out, wherever they were', () => {
  const cacheControl = { type: 'ephemeral' };
  const marked = [
    { system: [{ type: 'text', text: 'S', cacheControl }] },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'x', cacheControl }] }] },
    {
      tools: [
        { type: 'function', name: 'f', description: null, inputSchema: {}, strict: null, cacheControl },
      ],
    },
  ] as const;
  for (const changes of marked) {
    const { body, notes } = encoded(changes);
    expect(notes).toBe('dropped=cache_control');
    expect(JSON.stringify(body)).not.toContain('ephemeral');
  }
});

test('every wish this vendor knows, and what it does not', () => {
  const { body, notes } = encoded({
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    extras: {
      topK: 5,
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logitBias: { 5: 1 },
      logprobs: 3,
      verbosity: 'low',
    },
    stopSequences: ['a', 'b', 'c', 'd', 'e'],
    format: { type: 'json_schema', name: 'a', schema: { type: 'object' }, strict: null },
    endUserId: `{"device_id":"${'d'.repeat(64)}"}`,
    cacheKey: 'cache',
    serviceTier: 'standard',
  });
  expect(body).toEqual({
    model: 'gpt-4.1',
    messages: [],
    max_completion_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    frequency_penalty: 0.1,
    presence_penalty: 0.2,
    logit_bias: { 5: 1 },
    logprobs: true,
    top_logprobs: 3,
    verbosity: 'low',
    stop: ['a', 'b', 'c', 'd'],
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
    safety_identifier: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
    prompt_cache_key: 'cache',
    service_tier: 'default',
  });
  expect(notes).toBe('dropped=top_k; downgraded=stop_sequences');
});

test.each([
  ['gpt-4.1', 'high', undefined, 'downgraded=effort'],
  ['gpt-4.1', 'off', undefined, null],
  ['o3', 'off', 'low', 'downgraded=effort'],
  ['o3', 'max', 'high', 'downgraded=effort'],
  ['gpt-5', 'minimal', 'minimal', null],
  ['gpt-5.1', 'minimal', 'none', 'downgraded=effort'],
  ['gpt-5.5', 'xhigh', 'xhigh', null],
  ['gpt-5.5', 'off', 'none', null],
  ['gpt-6.1-sol', 'minimal', 'low', 'downgraded=effort'],
  ['gpt-6.1-sol', 'max', 'max', null],
  ['deepseek-reasoner', 'high', 'high', null],
] as const)('%s thinks at %s as %s', (model, effort, expected, noted) => {
  const { body, notes } = encoded({ thinking: { effort, display: null } }, model);
  expect(body['reasoning_effort']).toBe(expected);
  expect(notes).toBe(noted);
});

test('models that think take no sampling parameters while they do', () => {
  const sampling = { temperature: 0.2, topP: 1 };
  const thinking = encoded(sampling, 'gpt-5.5');
  expect(thinking.body).not.toHaveProperty('temperature');
  expect(thinking.notes).toBe('dropped=temperature');
  const off = { effort: 'off', display: null } as const;
  expect(encoded({ ...sampling, thinking: off }, 'gpt-5.5').body).toMatchObject({
    temperature: 0.2,
    top_p: 1,
  });
  expect(encoded({ temperature: 1 }, 'gpt-5.5')).toMatchObject({ notes: null });
  expect(encoded(sampling, 'some-other-model').body).toMatchObject({ temperature: 0.2 });
});

test('there and back again nothing is lost', () => {
  const body = {
    model: 'gpt-4.1',
    messages: [
      { role: 'system', content: 'S' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'x' },
          { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        content: 'y',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"b":1}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'R' },
    ],
    max_completion_tokens: 5,
    tools: [
      {
        type: 'function',
        function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
      },
    ],
    tool_choice: 'auto',
    temperature: 0.5,
    stop: ['x'],
    response_format: { type: 'json_object' },
    service_tier: 'flex',
    safety_identifier: 'u',
  };
  const notes = new ConversionNotes();
  const request = decodeRequest(body, openAiFacts(openaiChat, body), notes);
  expect(encodeRequest(request, 'gpt-4.1', notes)).toEqual(body);
  expect(notes.header).toBeNull();
});
