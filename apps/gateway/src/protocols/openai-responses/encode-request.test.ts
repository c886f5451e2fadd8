import { expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalRequest, CanonicalTool } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { openAiFacts, openAiRequests } from '../../../test/openai-fixtures.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { openaiResponses } from './index.ts';

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

function itemsOf(...messages: CanonicalRequest['messages']): JsonObject[] {
  return z.array(z.custom<JsonObject>(isJsonObject)).parse(encoded({ messages }).body['input']);
}

const text = (value: string): CanonicalBlock => ({ type: 'text', text: value });
const call = (id: string): CanonicalBlock => ({ type: 'tool_call', id, name: 'f', input: { x: 1 } });
const result = (callId: string, ...content: CanonicalBlock[]): CanonicalBlock => ({
  type: 'tool_result',
  callId,
  isError: false,
  content,
});
const picture: CanonicalBlock = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' },
};
const f: CanonicalTool = {
  type: 'function',
  name: 'f',
  description: null,
  inputSchema: { type: 'object' },
  strict: null,
};

test('only what was said is said; nothing is kept at the vendor', () => {
  expect(encoded({})).toEqual({ body: { model: 'gpt-4.1', input: [], store: false }, notes: null });
});

test('the fields: each has its place', () => {
  const { body, notes } = encoded({
    system: [
      { type: 'text', text: 'One' },
      { type: 'text', text: 'Two' },
    ],
    stream: true,
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    extras: { ...plain.extras, verbosity: 'low' },
    format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: null },
    tools: [
      { ...f, description: 'F', strict: true },
      { type: 'web_search', maxUses: 3 },
    ],
    toolChoice: { type: 'any' },
    parallelToolCalls: false,
    serviceTier: 'standard',
    endUserId: 'u'.repeat(65),
    cacheKey: 'k',
  });
  expect(notes).toBeNull();
  expect(body).toEqual({
    model: 'gpt-4.1',
    instructions: 'One\n\nTwo',
    input: [],
    stream: true,
    store: false,
    max_output_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } }, verbosity: 'low' },
    tools: [
      { type: 'function', name: 'f', description: 'F', parameters: { type: 'object' }, strict: true },
      { type: 'web_search' },
    ],
    tool_choice: 'required',
    parallel_tool_calls: false,
    max_tool_calls: 3,
    service_tier: 'default',
    safety_identifier: expect.stringMatching(/^[\da-f]{64}$/) as string,
    prompt_cache_key: 'k',
  });
});

test('a conversation with tools: each call with its result, what is not for this vendor left out', () => {
  expect(
    itemsOf(
      { role: 'user', content: [text('Hi'), picture] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', text: 'Hm', signature: { vendor: 'openai', value: 'gAAAA' } },
          { type: 'thinking', text: 'Foreign', signature: { vendor: 'anthropic', value: 's' } },
          { type: 'thinking', text: 'Unproven', signature: null },
          { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'gAAAB' } },
          { type: 'hidden_thinking', signature: { vendor: 'gemini', value: 's' } },
          text('Let me see.'),
          call('a'),
          { type: 'tool_call', id: 'b', name: 'f', input: { _raw: '{"x":' } },
        ],
      },
      {
        role: 'user',
        content: [result('a', text('A'), text('B')), result('b', text('C'), picture), text('And?')],
      },
      { role: 'system', content: [text('Be brief.')] },
    ),
  ).toEqual([
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'Hi' },
        { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' },
      ],
    },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'gAAAA' },
    { type: 'reasoning', summary: [], encrypted_content: 'gAAAB' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me see.' }] },
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
    { type: 'function_call', call_id: 'b', name: 'f', arguments: '{"x":' },
    { type: 'function_call_output', call_id: 'a', output: 'A\n\nB' },
    {
      type: 'function_call_output',
      call_id: 'b',
      output: [
        { type: 'input_text', text: 'C' },
        { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' },
      ],
    },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And?' }] },
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
  ]);
});

test('every call has a result and every result a call, or is told as what it is', () => {
  expect(
    itemsOf({ role: 'assistant', content: [call('a')] }, { role: 'user', content: [result('z', text('Z'))] }),
  ).toMatchObject([
    { type: 'function_call', call_id: 'a' },
    { type: 'function_call_output', call_id: 'a', output: 'No result was recorded.' },
    {
      role: 'user',
      content: [{ text: 'Result of the tool call z:' }, { type: 'input_text', text: 'Z' }],
    },
  ]);
});

test('a result that is an error says so; ids that are too long stay paired', () => {
  const id = 'x'.repeat(65);
  const failed: CanonicalBlock = { type: 'tool_result', callId: id, isError: true, content: [text('broke')] };
  const [told, output] = itemsOf(
    { role: 'assistant', content: [call(id)] },
    { role: 'user', content: [failed] },
  );
  expect(output).toEqual({
    type: 'function_call_output',
    call_id: told?.['call_id'],
    output: 'Error: broke',
  });
  expect(told?.['call_id']).toMatch(/^call_[\da-f]{32}$/);
});

test('documents come as files, texts among them as texts', () => {
  const [message] = itemsOf({
    role: 'user',
    content: [
      {
        type: 'document',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' },
        title: 'a.pdf',
      },
      { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' }, title: null },
      { type: 'document', source: { type: 'text', text: 'Body' }, title: 'Title' },
    ],
  });
  expect(message?.['content']).toEqual([
    { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' },
    { type: 'input_file', file_url: 'https://a.example/b.pdf' },
    { type: 'input_text', text: 'Title\n\nBody' },
  ]);
});

test.each<[what: string, role: 'user' | 'assistant', block: CanonicalBlock]>([
  ['sound', 'user', { type: 'audio', mediaType: 'audio/wav', data: 'QUJD' }],
  ['a picture in an earlier answer', 'assistant', picture],
])('refuses %s and says where', (_what, role, block) => {
  const refused = (): unknown =>
    itemsOf({ role: 'user', content: [text('a')] }, { role, content: [text('b'), block] });
  expect(refused).toThrow(NotConvertible);
  expect(refused).toThrow(expect.objectContaining({ path: 'messages.1.content.1' }));
});

test('what the API knows nothing of is left out and noted under its name', () => {
  const cacheControl = { type: 'ephemeral' };
  const { body, notes } = encoded({
    extras: {
      topK: 1,
      seed: 2,
      frequencyPenalty: 3,
      presencePenalty: 4,
      logitBias: {},
      logprobs: 5,
      verbosity: null,
    },
    stopSequences: ['x'],
    system: [{ type: 'text', text: 'S', cacheControl }],
  });
  expect(notes).toBe(
    'dropped=top_k,seed,frequency_penalty,presence_penalty,logit_bias,logprobs,stop_sequences,cache_control',
  );
  expect(Object.keys(body)).toEqual(['model', 'instructions', 'input', 'store']);
  expect(encoded({ tools: [{ ...f, cacheControl }] }).notes).toBe('dropped=cache_control');
});

test.each<
  [tools: CanonicalTool[], choice: CanonicalRequest['toolChoice'], expected: unknown, notes: string | null]
>([
  [[f], { type: 'auto' }, 'auto', null],
  [[f], { type: 'none' }, 'none', null],
  [[f], { type: 'tool', name: 'f' }, { type: 'function', name: 'f' }, null],
  [[{ type: 'web_search', maxUses: null }], { type: 'tool', name: 'web_search' }, 'required', null],
  [
    [f, { type: 'web_search', maxUses: null }],
    { type: 'tool', name: 'web_search' },
    'auto',
    'downgraded=tool_choice',
  ],
  [[], { type: 'any' }, undefined, null],
])('of %j the choice %j is %j', (tools, toolChoice, expected, notes) => {
  const said = encoded({ tools, toolChoice });
  expect(said.body['tool_choice']).toEqual(expected);
  expect(said.notes).toBe(notes);
});

test('strict is what a schema has to be written for', () => {
  const strictOf = (strict: boolean | null): unknown => encoded({ tools: [{ ...f, strict }] }).body['tools'];
  expect(strictOf(null)).toMatchObject([{ strict: false }]);
  expect(strictOf(true)).toMatchObject([{ strict: true }]);
});

test('how much it thinks: as near as the model can, shown as asked, brought along for the next turn', () => {
  const wanted = encoded({ thinking: { effort: 'max', display: 'summary' }, temperature: 0.5 }, 'gpt-5.5');
  expect(wanted.body).toMatchObject({
    reasoning: { effort: 'xhigh', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
  });
  expect(wanted.body).not.toHaveProperty('temperature');
  expect(wanted.notes).toBe('dropped=temperature; downgraded=effort');
  const off = encoded({ thinking: { effort: 'off', display: 'detailed' }, temperature: 0.5 }, 'gpt-5.5');
  expect(off).toMatchObject({ notes: null, body: { reasoning: { effort: 'none' }, temperature: 0.5 } });
  expect(off.body).not.toHaveProperty('include');
  const unable = encoded({ thinking: { effort: 'high', display: null } }, 'gpt-4.1');
  expect(unable.body).not.toHaveProperty('reasoning');
  expect(unable.notes).toBe('downgraded=effort');
});

test.each(openAiRequests('openai-responses'))(
  '$name says the same once it was read and written again',
  ({ body }) => {
    const facts = openAiFacts(openaiResponses, body);
    const meant = decodeRequest(body, facts, new ConversionNotes());
    const written = encodeRequest(meant, meant.model, new ConversionNotes());
    const said = decodeRequest(written, facts, new ConversionNotes());
    expect(said.system.map((block) => block.text).join('')).toBe(
      meant.system.map((block) => block.text).join('\n\n'),
    );
    // What was not said of a schema is said then.
    const tools = meant.tools.map((tool) =>
      tool.type === 'function' ? { ...tool, strict: tool.strict ?? false } : tool,
    );
    expect(said).toEqual({ ...meant, tools, system: said.system });
  },
);
