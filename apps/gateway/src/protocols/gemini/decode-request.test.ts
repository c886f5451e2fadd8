import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { factsOf, geminiRequests, inspectInput } from '../../../test/gemini-fixtures.ts';
import { client } from './codec.ts';
import { gemini } from './index.ts';

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

function decode(body: JsonObject): { request: CanonicalRequest; notes: string | null } {
  const notes = new ConversionNotes();
  const request = client.decodeRequest(body, factsOf({ contents }), notes);
  return { request, notes: notes.header };
}

function decoded(body: JsonObject): CanonicalRequest {
  return decode({ contents, ...body }).request;
}

function refusal(body: JsonObject): unknown {
  try {
    return decoded(body);
  } catch (error) {
    return error;
  }
}

test.each(geminiRequests('gemini').map((request) => [request.name, request] as const))(
  'what %s asks is said in full, and nothing is dropped',
  (name, recorded) => {
    const inspected = gemini.inspect(inspectInput(recorded));
    if (!inspected.ok) throw new Error(inspected.message);
    const notes = new ConversionNotes();
    const request = client.decodeRequest(recorded.body, inspected.facts, notes);
    expect(notes.header).toBeNull();
    expect(request).toMatchObject({ model: inspected.facts.model, stream: inspected.facts.stream });
    expect(request.messages[0]?.role).toBe('user');
    if (!name.startsWith('gemini-cli')) return;
    expect(request).toMatchObject({ temperature: 1, topP: 0.95, extras: { topK: 64 } });
    expect(request.system[0]?.text.length).toBeGreaterThan(50);
    expect(request.thinking).toMatchObject({ display: 'summary' });
    expect(request.tools.length > 3).toBe(!name.includes('router'));
    for (const tool of request.tools) {
      expect(tool).toMatchObject({ type: 'function', inputSchema: { type: 'object' } });
    }
  },
);

test('the router of Gemini CLI wants JSON, by a schema whose types are Google’s', () => {
  const router = geminiRequests('gemini').find(({ name }) => name.includes('router'));
  expect(decoded(router?.body ?? {}).format).toMatchObject({
    type: 'json_schema',
    schema: { type: 'object', properties: { complexity_score: { type: 'integer' } } },
  });
});

test('a call of Gemini CLI keeps its id and signature, and its result finds it', () => {
  const turn = geminiRequests('gemini').find(({ name }) => name.includes('tool-turn'));
  expect(decoded(turn?.body ?? {}).messages.slice(1)).toMatchObject([
    {
      role: 'assistant',
      content: [
        {
          type: 'tool_call',
          id: '69ac7Vwt',
          name: 'run_shell_command',
          signature: { vendor: 'gemini', value: 'bW9jay1zaWduYXR1cmU=' },
        },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', callId: '69ac7Vwt', isError: false }] },
  ]);
});

test('calls without ids are told apart by name and order', () => {
  const call = (name: string): JsonObject => ({ functionCall: { name, args: {} } });
  const result = (name: string, response: JsonObject): JsonObject => ({
    functionResponse: { name, response },
  });
  const { messages } = decoded({
    contents: [
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: [call('a'), call('b'), call('a')] },
      {
        role: 'function',
        parts: [result('a', { output: 'one' }), result('a', { x: 2 }), result('b', { error: 'no' })],
      },
    ],
  });
  const ids = messages[1]?.content.map((block) => (block.type === 'tool_call' ? block.id : ''));
  expect(new Set(ids).size).toBe(3);
  expect(messages[2]).toEqual({
    role: 'user',
    content: [
      { type: 'tool_result', callId: ids?.[0], content: [{ type: 'text', text: 'one' }], isError: false },
      { type: 'tool_result', callId: ids?.[2], content: [{ type: 'text', text: '{"x":2}' }], isError: false },
      { type: 'tool_result', callId: ids?.[1], content: [{ type: 'text', text: 'no' }], isError: true },
    ],
  });
});

test('thoughts and proofs of other vendors come back as they were, streamed or whole', () => {
  const thought = (text: string, thoughtSignature?: string): JsonObject => ({
    text,
    thought: true,
    ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
  });
  const parts = [
    thought('hm, '),
    thought('so'),
    thought('', 'crs.anthropic.sig'),
    thought('', 'crs.openai.hidden'),
    { functionCall: { name: 'f', id: 'c', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
  ];
  const [, message] = decoded({ contents: [...contents, { role: 'model', parts }] }).messages;
  expect(message?.content).toEqual([
    { type: 'thinking', text: 'hm, so', signature: { vendor: 'anthropic', value: 'sig' } },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'hidden' } },
    { type: 'tool_call', id: 'c', name: 'f', input: {} },
  ]);
});

test('pictures, sounds and documents become blocks', () => {
  const inline = (mimeType: string, data = 'AAAA'): JsonObject => ({ inlineData: { mimeType, data } });
  const file = (mimeType: string, fileUri: string): JsonObject => ({
    file_data: { mime_type: mimeType, file_uri: fileUri },
  });
  const parts = [
    inline('image/png'),
    inline('audio/wav'),
    inline('application/pdf'),
    inline('text/markdown', Buffer.from('# Grüezi').toString('base64')),
    file('image/jpeg', 'https://example.com/a.jpg'),
    file('application/pdf', 'https://example.com/a.pdf'),
  ];
  expect(decoded({ contents: [{ parts }] }).messages[0]?.content).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    { type: 'audio', mediaType: 'audio/wav', data: 'AAAA' },
    { type: 'document', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' }, title: null },
    { type: 'document', source: { type: 'text', text: '# Grüezi' }, title: null },
    { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
    { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, title: null },
  ]);
});

test('settings mean the same', () => {
  expect(
    decoded({
      system_instruction: { parts: { text: 'rules' } },
      serviceTier: 'PRIORITY',
      generation_config: {
        max_output_tokens: '100',
        stopSequences: ['a', 'b'],
        seed: 3,
        presencePenalty: 0.5,
        frequencyPenalty: 0.25,
        responseLogprobs: true,
        logprobs: 4,
      },
    }),
  ).toMatchObject({
    system: [{ type: 'text', text: 'rules' }],
    serviceTier: 'priority',
    maxOutputTokens: 100,
    stopSequences: ['a', 'b'],
    extras: { seed: 3, presencePenalty: 0.5, frequencyPenalty: 0.25, logprobs: 4 },
    thinking: null,
    format: null,
    toolChoice: null,
  });
});

test.each<[config: JsonObject, effort: string | null, display: string]>([
  [{ thinkingLevel: 'LOW' }, 'low', 'omitted'],
  [{ thinkingLevel: 'high', includeThoughts: true }, 'high', 'summary'],
  [{ thinkingBudget: 0 }, 'off', 'omitted'],
  [{ thinkingBudget: -1 }, null, 'omitted'],
  [{ thinkingBudget: 512 }, 'minimal', 'omitted'],
  [{ thinkingBudget: 1024 }, 'minimal', 'omitted'],
  [{ thinkingBudget: 4096 }, 'low', 'omitted'],
  [{ thinkingBudget: 8192 }, 'medium', 'omitted'],
  [{ thinkingBudget: 16384 }, 'high', 'omitted'],
  [{ thinkingBudget: 24576 }, 'xhigh', 'omitted'],
  [{ includeThoughts: true }, null, 'summary'],
])('%j is an effort of %s', (thinkingConfig, effort, display) => {
  expect(decoded({ generationConfig: { thinkingConfig } }).thinking).toEqual({ effort, display });
});

const tools = [{ functionDeclarations: [{ name: 'a' }, { name: 'b' }] }, { google_search: {} }];

test.each<[config: JsonObject, choice: object | null, names: string[]]>([
  [{ mode: 'AUTO' }, { type: 'auto' }, ['a', 'b']],
  [{ mode: 'ANY' }, { type: 'any' }, ['a', 'b']],
  [{ mode: 'NONE' }, { type: 'none' }, ['a', 'b']],
  [{ mode: 'ANY', allowedFunctionNames: ['b'] }, { type: 'tool', name: 'b' }, ['a', 'b']],
  [{ mode: 'any', allowed_function_names: ['a', 'b'] }, { type: 'any' }, ['a', 'b']],
  [{ mode: 'VALIDATED', allowedFunctionNames: ['a'] }, { type: 'auto' }, ['a']],
  [{}, null, ['a', 'b']],
])('calling by %j', (functionCallingConfig, toolChoice, names) => {
  const request = decoded({ tools, toolConfig: { functionCallingConfig } });
  expect(request.toolChoice).toEqual(toolChoice);
  expect(request.tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : []))).toEqual(names);
  expect(request.tools.at(-1)).toEqual({ type: 'web_search', maxUses: null });
});

test('Google’s own schema becomes JSON Schema', () => {
  const parameters = {
    type: 'OBJECT',
    properties: {
      type: { type: 'STRING', nullable: true, enum: ['x', 'y'], example: 'x' },
      list: { type: 'ARRAY', items: { type: 'INTEGER', format: 'int32' }, minItems: '1' },
      either: { anyOf: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }] },
    },
    propertyOrdering: ['list', 'type'],
    required: ['type'],
  };
  const {
    tools: [tool],
  } = decoded({ tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parameters }] }] });
  expect(tool).toEqual({
    type: 'function',
    name: 'f',
    description: 'd',
    strict: null,
    inputSchema: {
      type: 'object',
      properties: {
        type: { type: ['string', 'null'], enum: ['x', 'y', null] },
        list: { type: 'array', items: { type: 'integer', format: 'int32' }, minItems: 1 },
        either: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
      },
      required: ['type'],
    },
  });
});

test('a function without parameters takes none', () => {
  expect(decoded({ tools: [{ functionDeclarations: { name: 'f' } }] }).tools[0]).toMatchObject({
    inputSchema: { type: 'object', properties: {} },
  });
});

test('what has no place elsewhere is named', () => {
  const { notes } = decode({
    contents,
    safetySettings: [{}],
    labels: { a: 'b' },
    generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW', brand_new: 1 },
    tools,
    toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
  });
  expect(notes).toBe(
    'dropped=safetySettings,labels,mediaResolution,brand_new; downgraded=functionCallingConfig.mode',
  );
});

const parts = (part: JsonObject): JsonObject => ({ contents: [{ parts: [{ text: 'x' }, part] }] });

test.each<[path: string, body: JsonObject]>([
  ['cachedContent', { cachedContent: 'cachedContents/x' }],
  ['generationConfig.candidateCount', { generationConfig: { candidateCount: 2 } }],
  ['generationConfig.responseModalities', { generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } }],
  ['generationConfig.speechConfig', { generationConfig: { speechConfig: {} } }],
  ['generationConfig.responseMimeType', { generationConfig: { responseMimeType: 'text/x.enum' } }],
  ['tools.0.urlContext', { tools: [{ urlContext: {} }] }],
  ['tools.1.code_execution', { tools: [{ googleSearch: {} }, { code_execution: {} }] }],
  ['contents.0.parts.1.inlineData', parts({ inlineData: { mimeType: 'video/mp4', data: 'x' } })],
  ['contents.0.parts.1.fileData.fileUri', parts({ fileData: { fileUri: 'gs://bucket/a' } })],
  [
    'contents.0.parts.1.fileData.fileUri',
    parts({ fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/a' } }),
  ],
  ['contents.0.parts.1.novel', parts({ novel: {} })],
])('%s is refused by name: it would not mean the same', (path, body) => {
  const error = refusal(body);
  expect(error).toBeInstanceOf(NotConvertible);
  expect(error).toMatchObject({ path });
});

test('one candidate, text alone and plain text are what everybody answers', () => {
  const generationConfig = {
    candidateCount: 1,
    responseModalities: ['TEXT'],
    responseMimeType: 'text/plain',
  };
  expect(decode({ contents, generationConfig }).notes).toBeNull();
});
