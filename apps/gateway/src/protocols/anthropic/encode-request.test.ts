import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalMessage, CanonicalRequest, CanonicalTool } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { upstream } from './codec.ts';

const plain: CanonicalRequest = {
  model: 'gpt-x',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  maxOutputTokens: 1000,
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
const tool: CanonicalTool = {
  type: 'function',
  name: 'f',
  description: null,
  inputSchema: { type: 'object', properties: {} },
  strict: null,
};
/** Takes whatever a Claude model ever took. */
const ELDER = 'claude-sonnet-4-5';
const ADAPTIVE = 'claude-opus-4-6';
const STERN = 'claude-opus-5-5';

function encode(
  changes: Partial<CanonicalRequest>,
  model = ELDER,
): { body: JsonObject; warnings: string | null } {
  const notes = new ConversionNotes();
  const body = upstream.encodeRequest({ ...plain, ...changes }, model, notes);
  return { body, warnings: notes.header };
}

function messagesOf(...messages: CanonicalMessage[]): unknown {
  return encode({ messages, tools: [tool] }).body['messages'];
}

const user = (...content: CanonicalMessage['content']): CanonicalMessage => ({ role: 'user', content });
const assistant = (...content: CanonicalMessage['content']): CanonicalMessage => ({
  role: 'assistant',
  content,
});
const text = (words: string) => ({ type: 'text', text: words }) as const;
const call = (id: string) => ({ type: 'tool_call', id, name: 'f', input: { a: 1 } }) as const;
const result = (callId: string, words: string) =>
  ({ type: 'tool_result', callId, content: [text(words)], isError: false }) as const;
const missing = (id: string) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'No result was recorded.',
  is_error: true,
});

test('a plain request is short', () => {
  expect(encode({})).toEqual({
    body: {
      model: ELDER,
      max_tokens: 1000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    },
    warnings: null,
  });
});

test('turns alternate, nothing is empty, results come first and in the order of their calls', () => {
  expect(
    messagesOf(
      user(text('one'), text(' ')),
      user(text('two')),
      assistant(text(''), call('a')),
      assistant(call('b')),
      user(text('meanwhile')),
      user(result('b', 'B')),
      user(result('a', 'A')),
      assistant(text('\n')),
      user(text('three')),
    ),
  ).toEqual([
    { role: 'user', content: [text('one'), text('two')] },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'b', name: 'f', input: { a: 1 } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: [text('A')] },
        { type: 'tool_result', tool_use_id: 'b', content: [text('B')] },
        text('meanwhile'),
        text('three'),
      ],
    },
  ]);
});

test('calls without results are given one, also at the very end', () => {
  const called = (id: string) => ({
    role: 'assistant',
    content: [{ type: 'tool_use', id, name: 'f', input: { a: 1 } }],
  });
  expect(messagesOf(user(text('x')), assistant(call('a')), user(text('no')), assistant(call('b')))).toEqual([
    { role: 'user', content: [text('x')] },
    called('a'),
    { role: 'user', content: [missing('a'), text('no')] },
    called('b'),
    { role: 'user', content: [missing('b')] },
  ]);
});

test('a result without a call stays as a text', () => {
  const { body, warnings } = encode({ messages: [user(result('ghost', 'boo'))] });
  expect(body['messages']).toEqual([
    { role: 'user', content: [text('Result of the tool call ghost:'), text('boo')] },
  ]);
  expect(warnings).toBe('downgraded=messages.tool_result');
});

test('ids that the vendor refuses are others, the same for call and result', () => {
  const encoded = JSON.stringify(
    messagesOf(user(text('x')), assistant(call('a.b:c')), user(result('a.b:c', 'r'))),
  );
  const ids = [...encoded.matchAll(/"(?:tool_use_)?id":"([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
});

test('only its own thoughts reach the vendor', () => {
  expect(
    messagesOf(
      user(text('x')),
      assistant(
        { type: 'thinking', text: 'mine', signature: { vendor: 'anthropic', value: 'ErUB' } },
        { type: 'thinking', text: 'theirs', signature: { vendor: 'openai', value: 'gAAA' } },
        { type: 'thinking', text: 'nobody’s', signature: null },
        { type: 'hidden_thinking', signature: { vendor: 'anthropic', value: 'Enc' } },
        { type: 'hidden_thinking', signature: { vendor: 'gemini', value: 'Cs' } },
        text('said'),
      ),
      user(text('y')),
    ),
  ).toMatchObject([
    {},
    {
      content: [
        { type: 'thinking', thinking: 'mine', signature: 'ErUB' },
        { type: 'redacted_thinking', data: 'Enc' },
        { type: 'text', text: 'said' },
      ],
    },
    {},
  ]);
});

test('what a system says in the middle becomes the user’s word, and said so', () => {
  const { body, warnings } = encode({
    system: [text('be good'), text('')],
    messages: [user(text('a')), { role: 'system', content: [text('b')] }],
  });
  expect(body).toMatchObject({
    system: [text('be good')],
    messages: [{ role: 'user', content: [text('a'), text('b')] }],
  });
  expect(warnings).toBe('downgraded=messages.role');
});

test('instructions alone are what is asked', () => {
  const { body } = encode({ system: [text('only this')], messages: [] });
  expect(body['messages']).toEqual([{ role: 'user', content: [text('only this')] }]);
  expect(body['system']).toBeUndefined();
});

test('media of every kind, and cache marks where they were', () => {
  const cacheControl = { type: 'ephemeral' };
  const data = Buffer.from('plain').toString('base64');
  expect(
    messagesOf(
      user(
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' }, cacheControl },
        { type: 'image', source: { type: 'url', url: 'https://x/a.png' } },
        {
          type: 'document',
          title: 'T',
          source: { type: 'base64', mediaType: 'application/pdf', data: 'BB==' },
        },
        { type: 'document', title: null, source: { type: 'base64', mediaType: 'text/csv', data } },
      ),
    ),
  ).toMatchObject([
    {
      content: [
        { source: { type: 'base64', media_type: 'image/png', data: 'AA==' }, cache_control: cacheControl },
        { source: { type: 'url', url: 'https://x/a.png' } },
        { title: 'T', source: { type: 'base64', media_type: 'application/pdf', data: 'BB==' } },
        { source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
      ],
    },
  ]);
});

test.each<[string, CanonicalMessage]>([
  ['sound', user({ type: 'audio', mediaType: 'audio/wav', data: 'AA==' })],
  [
    'application/msword',
    user({
      type: 'document',
      title: null,
      source: { type: 'base64', mediaType: 'application/msword', data: 'AA==' },
    }),
  ],
])('%s cannot be sent to it', (word, message) => {
  expect(() => encode({ messages: [message] })).toThrow(NotConvertible);
  expect(() => encode({ messages: [message] })).toThrow(word);
});

test('an answer that is begun is gone on with where the model does so, and refused where not', () => {
  const messages = [user(text('x')), assistant(text('It is  \n'))];
  expect(encode({ messages }).body['messages']).toMatchObject([{}, { content: [text('It is')] }]);
  expect(() => encode({ messages }, STERN)).toThrow(NotConvertible);
});

test.each<[string, number | null, number, string | null]>([
  [ELDER, null, 64_000, null],
  [STERN, null, 128_000, null],
  ['some-host-model', null, 4096, null],
  ['claude-3-haiku-20240307', 100_000, 4096, 'downgraded=max_tokens'],
  ['some-host-model', 100_000, 100_000, null],
])('%s asked for %s tokens may write %i', (model, maxOutputTokens, tokens, warnings) => {
  const encoded = encode({ maxOutputTokens }, model);
  expect(encoded.body['max_tokens']).toBe(tokens);
  expect(encoded.warnings).toBe(warnings);
});

const extras = { ...plain.extras, topK: 5 };

test.each<[string, Partial<CanonicalRequest>, string, JsonObject, string | null]>([
  ['clamped', { temperature: 1.7 }, ELDER, { temperature: 1 }, 'downgraded=temperature'],
  ['one of two', { temperature: 0.2, topP: 0.5 }, ELDER, { temperature: 0.2 }, 'dropped=top_p'],
  ['alone', { topP: 0.5, extras }, ELDER, { top_p: 0.5, top_k: 5 }, null],
  ['refused', { temperature: 0.2, topP: 0.5, extras }, STERN, {}, 'dropped=temperature,top_p,top_k'],
  ['defaults', { temperature: 1, topP: 1 }, STERN, {}, null],
  [
    'beside thinking',
    { temperature: 0.2, topP: 0.96, thinking: { effort: 'low', display: null }, maxOutputTokens: 9000 },
    ELDER,
    { top_p: 0.96 },
    'dropped=temperature',
  ],
])('sampling: %s', (_name, changes, model, expected, warnings) => {
  const { body, warnings: told } = encode(changes, model);
  const { temperature, top_p, top_k } = body;
  expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
  expect(told).toBe(warnings);
});

const effort = (level: NonNullable<CanonicalRequest['thinking']>['effort']): Partial<CanonicalRequest> => ({
  maxOutputTokens: 64_000,
  thinking: { effort: level, display: null },
});

test.each<[string, Partial<CanonicalRequest>, string, JsonObject, string | null]>([
  ['off', effort('off'), ELDER, {}, null],
  ['a budget', effort('high'), ELDER, { thinking: { type: 'enabled', budget_tokens: 16_384 } }, null],
  ['as it likes', effort(null), ELDER, { thinking: { type: 'enabled', budget_tokens: 8192 } }, null],
  [
    'half of the answer',
    { ...effort('high'), maxOutputTokens: 8000 },
    ELDER,
    { thinking: { type: 'enabled', budget_tokens: 4000 } },
    'downgraded=thinking',
  ],
  ['no room', { ...effort('high'), maxOutputTokens: 2000 }, ELDER, {}, 'downgraded=thinking'],
  ['none at all', effort('low'), 'claude-3-5-haiku-20241022', {}, 'dropped=thinking; downgraded=max_tokens'],
  ['off', effort('off'), ADAPTIVE, { thinking: { type: 'disabled' } }, null],
  [
    'an effort',
    effort('max'),
    ADAPTIVE,
    { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
    null,
  ],
  [
    'the nearest below',
    effort('xhigh'),
    ADAPTIVE,
    { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    'downgraded=effort',
  ],
  ['as it likes', effort(null), ADAPTIVE, { thinking: { type: 'adaptive' } }, null],
  [
    'never off',
    effort('off'),
    STERN,
    { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    'downgraded=thinking',
  ],
  ['off', effort('off'), 'claude-sonnet-5-5', { thinking: { type: 'between_tools' } }, null],
  [
    'shown',
    { thinking: { effort: 'minimal', display: 'detailed' } },
    STERN,
    { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
    null,
  ],
  ['unsaid', {}, STERN, {}, null],
])('thinking %s, %o of %s', (_name, changes, model, expected, warnings) => {
  const { body, warnings: told } = encode(changes, model);
  const { thinking, output_config } = body;
  expect(JSON.parse(JSON.stringify({ thinking, output_config }))).toEqual(expected);
  expect(told).toBe(warnings);
});

test('a model with a budget does not think where it answers calls it made without a thought', () => {
  const loop = [user(text('x')), assistant(call('a')), user(result('a', 'A'))];
  expect(encode({ ...effort('high'), messages: loop, tools: [tool] })).toMatchObject({
    warnings: 'downgraded=thinking',
  });
  const thought = { type: 'thinking', text: 't', signature: { vendor: 'anthropic', value: 'E' } } as const;
  const known = [user(text('x')), assistant(thought, call('a')), user(result('a', 'A'))];
  expect(encode({ ...effort('high'), messages: known, tools: [tool] }).body['thinking']).toBeDefined();
  expect(
    encode({ ...effort('high'), messages: loop, tools: [tool] }, ADAPTIVE).body['thinking'],
  ).toBeDefined();
});

test.each<[Partial<CanonicalRequest>, string, JsonObject, string | null]>([
  [{ toolChoice: { type: 'any' } }, ELDER, { tool_choice: { type: 'any' } }, null],
  [{ toolChoice: { type: 'tool', name: 'f' } }, ELDER, { tool_choice: { type: 'tool', name: 'f' } }, null],
  [
    { toolChoice: { type: 'tool', name: 'f' } },
    STERN,
    { tool_choice: { type: 'auto' }, system: [text('Call the tool f in this answer.')] },
    'downgraded=tool_choice',
  ],
  [
    { toolChoice: { type: 'any' } },
    STERN,
    { tool_choice: { type: 'auto' }, system: [text('Call one of the tools in this answer.')] },
    'downgraded=tool_choice',
  ],
  [
    { toolChoice: { type: 'any' }, ...effort('high') },
    ELDER,
    { tool_choice: { type: 'any' } },
    'downgraded=thinking',
  ],
  [
    { toolChoice: { type: 'any' }, ...effort('high') },
    'claude-opus-5',
    { tool_choice: { type: 'any' }, thinking: { type: 'disabled' } },
    'downgraded=thinking',
  ],
  [
    { parallelToolCalls: false },
    ELDER,
    { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    null,
  ],
  [
    { parallelToolCalls: false, toolChoice: { type: 'any' } },
    ELDER,
    { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
    null,
  ],
  [
    { parallelToolCalls: false, toolChoice: { type: 'none' } },
    ELDER,
    { tool_choice: { type: 'none' } },
    null,
  ],
])('%o of %s', (changes, model, expected, warnings) => {
  const { body, warnings: told } = encode({ tools: [tool], ...changes }, model);
  const { tool_choice, thinking, system } = body;
  expect(JSON.parse(JSON.stringify({ tool_choice, thinking, system }))).toEqual(expected);
  expect(told).toBe(warnings);
});

test('tools: strict where their schema can be kept to, the search by its own name', () => {
  const closed = { type: 'object', properties: { a: { type: 'string' } } };
  const { body, warnings } = encode({
    tools: [
      { ...tool, strict: true, inputSchema: closed, cacheControl: { type: 'ephemeral' } },
      { ...tool, name: 'g', strict: true, inputSchema: { type: 'object' }, description: 'd' },
      { ...tool, name: 'h', inputSchema: {} },
      { type: 'web_search', maxUses: 2 },
    ],
  });
  expect(body['tools']).toEqual([
    {
      name: 'f',
      input_schema: { ...closed, additionalProperties: false },
      strict: true,
      cache_control: { type: 'ephemeral' },
    },
    { name: 'g', description: 'd', input_schema: { type: 'object' } },
    { name: 'h', input_schema: { type: 'object' } },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
  ]);
  expect(warnings).toBe('downgraded=tools.strict');
});

test('calls of tools that are no longer there find their names', () => {
  const { body } = encode({ messages: [user(text('x')), assistant(call('a')), user(result('a', 'A'))] });
  expect(body).toMatchObject({
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    tool_choice: { type: 'none' },
  });
});

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const format = { type: 'json_schema', name: 'n', schema, strict: true } as const;

test('a format is kept to where the model can, else it is asked for', () => {
  expect(encode({ format })).toMatchObject({
    body: { output_config: { format: { type: 'json_schema', schema: { additionalProperties: false } } } },
    warnings: null,
  });
  const asked = encode({ format, system: [text('s')] }, 'claude-3-7-sonnet-20250219');
  expect(asked.warnings).toBe('downgraded=response_format');
  expect(JSON.stringify(asked.body['system'])).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1));
  expect(encode({ format: { type: 'json_object' } })).toMatchObject({
    body: { system: [text('Answer with one JSON object and nothing else.')] },
    warnings: 'downgraded=response_format',
  });
});

test('what has no equal is named', () => {
  const { body, warnings } = encode({
    stopSequences: ['END', ' '],
    stream: true,
    endUserId: 'u',
    serviceTier: 'priority',
    cacheKey: 'k',
    extras: {
      topK: null,
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: 0,
      logitBias: { 1: 2 },
      logprobs: 0,
      verbosity: 'low',
    },
  });
  expect(body).toMatchObject({
    stop_sequences: ['END'],
    stream: true,
    metadata: { user_id: 'u' },
    service_tier: 'auto',
  });
  expect(warnings).toBe(
    'dropped=seed,frequency_penalty,logit_bias,logprobs,verbosity,stop_sequences; downgraded=service_tier',
  );
});

test('a request to count has no more than counting takes', () => {
  const notes = new ConversionNotes();
  const body = upstream.count?.encodeRequest(
    { ...plain, system: [text('s')], tools: [tool], temperature: 0.5, ...effort('low') },
    ELDER,
    notes,
  );
  expect(Object.keys(body ?? {})).toEqual(['model', 'messages', 'system', 'tools', 'thinking']);
  expect(upstream.count?.decodeAnswer({ input_tokens: 12 })).toBe(12);
  expect(upstream.count?.decodeAnswer({ total: 12 })).toBeNull();
});
