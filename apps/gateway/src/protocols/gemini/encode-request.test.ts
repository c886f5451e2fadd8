import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { factsOf } from '../../../test/gemini-fixtures.ts';
import { client, upstream } from './codec.ts';

const MODEL = 'gemini-3.8-flash';
const plain: CanonicalRequest = client.decodeRequest(
  { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
  factsOf({ contents: [{ parts: [] }] }),
  new ConversionNotes(),
);

function encode(
  changes: Partial<CanonicalRequest>,
  model = MODEL,
): { body: JsonObject; notes: string | null } {
  const notes = new ConversionNotes();
  const body = upstream.encodeRequest({ ...plain, ...changes }, model, notes);
  return { body, notes: notes.header };
}

function conversation(...turns: CanonicalBlock[][]): Pick<CanonicalRequest, 'messages'> {
  return {
    messages: turns.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
  };
}

const text = (words: string): CanonicalBlock => ({ type: 'text', text: words });
const call = (id: string, signature?: string): CanonicalBlock => ({
  type: 'tool_call',
  id,
  name: `tool_${id}`,
  input: { a: 1 },
  ...(signature === undefined ? {} : { signature: { vendor: 'gemini', value: signature } }),
});
const result = (callId: string, content: CanonicalBlock[], isError = false): CanonicalBlock => ({
  type: 'tool_result',
  callId,
  content,
  isError,
});
const picture: CanonicalBlock = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' },
};
const skip = 'skip_thought_signature_validator';

const rich: Partial<CanonicalRequest> = {
  system: [
    { type: 'text', text: 'rules' },
    { type: 'text', text: 'more', cacheControl: { type: 'ephemeral' } },
  ],
  ...conversation(
    [text('hi'), picture],
    [
      { type: 'thinking', text: 'own', signature: { vendor: 'gemini', value: 'T1' } },
      { type: 'thinking', text: 'foreign', signature: { vendor: 'anthropic', value: 'X' } },
      { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'Y' } },
      text('calling'),
      call('one'),
      call('two'),
    ],
    [text('and'), result('two', [text('2')], true), result('one', [text('1'), picture]), text('')],
  ),
  tools: [
    { type: 'function', name: 'tool_one', description: 'd', inputSchema: { type: 'object' }, strict: true },
    { type: 'web_search', maxUses: 3 },
  ],
  toolChoice: { type: 'tool', name: 'tool_one' },
  parallelToolCalls: false,
  maxOutputTokens: 100,
  temperature: 0.5,
  topP: 0.9,
  extras: {
    topK: 5,
    seed: 6,
    frequencyPenalty: 0.1,
    presencePenalty: 0.2,
    logitBias: { 1: 2 },
    logprobs: 1,
    verbosity: 'low',
  },
  stopSequences: ['end'],
  thinking: { effort: 'medium', display: null },
  format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
  serviceTier: 'flex',
};

test('a rich request is said in full', () => {
  const { body, notes } = encode(rich);
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: 'rules' }, { text: 'more' }] },
    contents: [
      { role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
      {
        role: 'model',
        parts: [
          { text: 'own', thought: true, thoughtSignature: 'T1' },
          { text: 'calling' },
          { functionCall: { id: 'one', name: 'tool_one', args: { a: 1 } }, thoughtSignature: skip },
          { functionCall: { id: 'two', name: 'tool_two', args: { a: 1 } } },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              id: 'one',
              name: 'tool_one',
              response: { output: '1' },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
            },
          },
          { functionResponse: { id: 'two', name: 'tool_two', response: { error: '2' } } },
          { text: 'and' },
        ],
      },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: 'tool_one', description: 'd', parametersJsonSchema: { type: 'object' } },
        ],
      },
      { googleSearch: {} },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['tool_one'] } },
    generationConfig: {
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      seed: 6,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      stopSequences: ['end'],
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
      thinkingConfig: { includeThoughts: true, thinkingLevel: 'MEDIUM' },
    },
    serviceTier: 'flex',
  });
  expect(notes).toBe(
    'dropped=logit_bias,logprobs,verbosity,strict,max_uses,cache_control; downgraded=parallel_tool_calls',
  );
});

test('what was said in Google’s words comes back in them', () => {
  const { body } = encode(rich);
  const notes = new ConversionNotes();
  const again = client.decodeRequest(body, factsOf({ contents: [{ parts: [] }] }), notes);
  expect(notes.header).toBeNull();
  expect(upstream.encodeRequest(again, MODEL, notes)).toEqual(body);
});

test('a call signs for itself, and for those beside it', () => {
  const { body } = encode(
    conversation([text('hi')], [call('one', 'S'), call('two')], [result('one', []), result('two', [])]),
  );
  expect(body).toMatchObject({
    contents: [{}, { parts: [{ thoughtSignature: 'S' }, { functionCall: { id: 'two' } }] }, {}],
  });
  expect(JSON.stringify(body)).not.toContain(skip);
});

test('calls and results stay paired: a missing result says so, one without a call is a text', () => {
  const { body } = encode(
    conversation(
      [text('hi')],
      [call('one'), call('two')],
      [result('two', [text('2')]), result('gone', [text('3')])],
      [call('last')],
    ),
  );
  expect(body['contents']).toMatchObject([
    {},
    {},
    {
      parts: [
        { functionResponse: { id: 'one', response: { error: 'No result was recorded.' } } },
        { functionResponse: { id: 'two', response: { output: '2' } } },
        { text: 'Result of the tool call gone:' },
        { text: '3' },
      ],
    },
    {},
    { role: 'user', parts: [{ functionResponse: { id: 'last' } }] },
  ]);
});

test('neighbours of one role are one turn, and so is what the system says in between', () => {
  const { body, notes } = encode({
    messages: [
      { role: 'user', content: [text('a')] },
      { role: 'system', content: [text('b')] },
      { role: 'user', content: [text('c')] },
      { role: 'assistant', content: [text('')] },
    ],
  });
  expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }]);
  expect(notes).toBe('downgraded=messages.role');
});

test('models before Gemini 3 get the pictures of a result beside it', () => {
  const turns = conversation([text('hi')], [call('one')], [result('one', [text('1'), picture])]);
  expect(encode(turns, 'gemini-2.5-pro').body['contents']).toMatchObject([
    {},
    {},
    {
      parts: [{ functionResponse: { response: { output: '1' } } }, { inlineData: { mimeType: 'image/png' } }],
    },
  ]);
});

test.each<[model: string, effort: CanonicalRequest['thinking'], config: object | undefined, notes?: string]>([
  [
    'gemini-3.8-flash',
    { effort: 'off', display: null },
    { includeThoughts: false, thinkingLevel: 'MINIMAL' },
    'downgraded=thinking',
  ],
  [
    'gemini-3.8-flash',
    { effort: 'minimal', display: 'summary' },
    { includeThoughts: true, thinkingLevel: 'MINIMAL' },
  ],
  [
    'gemini-3.8-flash',
    { effort: 'low', display: 'omitted' },
    { includeThoughts: false, thinkingLevel: 'LOW' },
  ],
  [
    'gemini-3.8-flash',
    { effort: 'max', display: 'detailed' },
    { includeThoughts: true, thinkingLevel: 'HIGH' },
  ],
  ['gemini-3.8-flash', { effort: null, display: null }, { includeThoughts: true }],
  [
    'gemini-3.1-pro-preview',
    { effort: 'minimal', display: null },
    { includeThoughts: true, thinkingLevel: 'LOW' },
    'downgraded=thinking',
  ],
  [
    'gemini-flash-latest',
    { effort: 'high', display: null },
    { includeThoughts: true, thinkingLevel: 'HIGH' },
  ],
  ['gemini-2.5-flash', { effort: 'off', display: null }, { includeThoughts: false, thinkingBudget: 0 }],
  ['gemini-2.5-flash', { effort: 'xhigh', display: null }, { includeThoughts: true, thinkingBudget: 24576 }],
  ['gemini-2.5-flash', { effort: 'max', display: null }, { includeThoughts: true, thinkingBudget: 24576 }],
  ['gemini-2.5-flash', { effort: null, display: null }, { includeThoughts: true, thinkingBudget: -1 }],
  [
    'gemini-2.5-pro',
    { effort: 'off', display: null },
    { includeThoughts: false, thinkingBudget: 128 },
    'downgraded=thinking',
  ],
  ['gemini-2.5-pro', { effort: 'max', display: null }, { includeThoughts: true, thinkingBudget: 32768 }],
  ['gemini-2.0-flash', { effort: 'high', display: null }, undefined, 'dropped=thinking'],
])('%s thinks %j', (model, thinking, config, notes) => {
  const encoded = encode({ thinking }, model);
  expect((encoded.body['generationConfig'] as JsonObject | undefined)?.['thinkingConfig']).toEqual(config);
  expect(encoded.notes).toBe(notes ?? null);
});

test.each([
  ['auto', 'AUTO'],
  ['any', 'ANY'],
  ['none', 'NONE'],
] as const)('a choice of %s is the mode %s', (type, mode) => {
  const tools: CanonicalRequest['tools'] = [
    { type: 'function', name: 'f', description: null, inputSchema: {}, strict: null },
  ];
  expect(encode({ tools, toolChoice: { type } }).body['toolConfig']).toEqual({
    functionCallingConfig: { mode },
  });
  expect(encode({ toolChoice: { type } }).body).not.toHaveProperty('toolConfig');
});

test('a plain request has nothing that was not asked for', () => {
  expect(encode({}).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] });
});

const asked = (block: CanonicalBlock): Partial<CanonicalRequest> => conversation([text('x'), block]);

test.each<[path: string, changes: Partial<CanonicalRequest>]>([
  ['stop_sequences', { stopSequences: ['1', '2', '3', '4', '5', '6'] }],
  [
    'messages.0.content.1.source.url',
    asked({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
  ],
  [
    'messages.0.content.1.source.url',
    asked({ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, title: null }),
  ],
])('%s is refused by name', (path, changes) => {
  expect(() => encode(changes)).toThrow(NotConvertible);
  expect(() => encode(changes)).toThrow(expect.objectContaining({ path }) as Error);
});

test.each([
  ['read_file', true],
  ['_a.b:c-d', true],
  ['1st', false],
  ['x'.repeat(65), false],
  ['mit Umlaut ä', false],
])('a function may be called %s: %s', (name, isLegal) => {
  expect(upstream.toolName?.test(name)).toBe(isLegal);
});

test('files that Google reads itself may be named', () => {
  const uri = 'https://generativelanguage.googleapis.com/v1beta/files/a';
  expect(encode(asked({ type: 'image', source: { type: 'url', url: uri } })).body).toMatchObject({
    contents: [{ parts: [{ text: 'x' }, { fileData: { fileUri: uri } }] }],
  });
});

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function post(operation: 'generate' | 'count_tokens', body: JsonObject): Promise<JsonObject> {
  const { path, query } = upstream.address(operation, MODEL, false);
  const answer = await fetch(`${simulator.url}${path}${query}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'AIza-test', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json = (await answer.json()) as JsonObject;
  expect(answer.status, JSON.stringify(json)).toBe(200);
  return json;
}

test('the vendor takes what is encoded: calls without signatures, orphans, a count', async () => {
  const orphans = conversation(
    [text('hi')],
    [call('one'), call('two')],
    [result('two', [])],
    [text('ok'), call('x')],
  );
  for (const changes of [rich, orphans, {}]) {
    const answer = upstream.decodeAnswer(await post('generate', encode(changes).body));
    expect(answer?.usage.output).toBeGreaterThan(0);
  }
  const counted = upstream.count?.encodeRequest({ ...plain, ...rich }, MODEL, new ConversionNotes()) ?? {};
  expect(counted).toMatchObject({
    generateContentRequest: { model: `models/${MODEL}`, systemInstruction: {} },
  });
  expect(upstream.count?.decodeAnswer(await post('count_tokens', counted))).toBeGreaterThan(100);
});

test('a model cannot lead the address elsewhere', () => {
  expect(upstream.address('generate', '../files/x?a=', true)).toEqual({
    path: '/v1beta/models/..%2Ffiles%2Fx%3Fa%3D:streamGenerateContent',
    query: '?alt=sse',
  });
});
