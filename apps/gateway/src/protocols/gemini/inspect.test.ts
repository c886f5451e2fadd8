import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { InspectInput } from '../protocol.ts';
import { factsOf, geminiRequests, inspectInput } from '../../../test/gemini-fixtures.ts';
import { gemini } from './index.ts';

const requests = geminiRequests('gemini');
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
const good: JsonObject = { contents };
const streaming: Partial<InspectInput> = {
  address: { model: 'gemini-3.8-flash', stream: true, service: null },
};

test.each(requests.map((request) => [request.name, request] as const))(
  'what %s sends is accepted and understood',
  (name, request) => {
    const result = gemini.inspect(inspectInput(request));
    if (!result.ok) throw new Error(result.message);
    const { facts } = result;
    const isCli = name.startsWith('gemini-cli');
    expect(facts).toMatchObject({
      dialect: 'gemini',
      operation: 'generate',
      model: /models\/([^:]+)/.exec(request.path)?.[1],
      stream: request.path.includes('streamGenerateContent'),
      client: isCli ? 'gemini_cli' : 'google-genai-sdk',
      pinnedTo: null,
      streamForm: 'events',
      sessionId: expect.stringMatching(/^[\da-f]{32}$/) as string,
    });
    expect(facts.inputTokensEstimate).toBeGreaterThan(JSON.stringify(request.body).length / 4);
  },
);

test('there are recordings of several clients', () => {
  expect(requests.length).toBeGreaterThan(4);
});

test.each<[path: string, body: JsonObject, model?: string]>([
  ['model', good, ''],
  ['contents', {}],
  ['contents', { contents: [] }],
  ['contents', { contents: 'hello' }],
  ['contents', { generateContentRequest: { systemInstruction: {} } }],
])('refuses %s of %j and names it', (path, body, model = 'm') => {
  const input = inspectInput({ path: '', query: '', headers: {}, body });
  const result = gemini.inspect({ ...input, address: { model, stream: false, service: null } });
  expect(result).toMatchObject({ ok: false, path, message: expect.stringContaining(path) as string });
});

test.each<[name: string, body: JsonObject]>([
  ['unknown fields', { ...good, brandNew: { a: 1 }, safetySettings: [{}] }],
  ['a single content without its list', { contents: { parts: { text: 'hi' } } }],
  ['unknown roles and parts', { contents: [{ role: 'x', parts: [{ novel: 1 }] }, { parts: null }] }],
  ['names with underscores', { contents, generation_config: { max_output_tokens: 5 } }],
])('accepts %s', (_, body) => {
  expect(factsOf(body).model).toBe('gemini-3.8-flash');
});

test.each([
  ['?alt=sse', 'events'],
  ['?alt=json', 'array'],
  ['', 'array'],
])('a stream with the query "%s" comes as %s', (query, streamForm) => {
  expect(factsOf(good, { ...streaming, query })).toMatchObject({ stream: true, streamForm });
});

test('a whole answer has no form of a stream', () => {
  expect(factsOf(good)).toMatchObject({ stream: false, streamForm: 'events' });
});

test('counting knows the request that lies inside', () => {
  expect(
    factsOf({ generateContentRequest: { model: 'models/x', contents } }, { operation: 'count_tokens' }),
  ).toMatchObject({ operation: 'count_tokens', stream: false, maxOutputTokens: null });
});

test('a session is what the client says, else the beginning of the conversation', () => {
  const beginning = factsOf({ ...good, systemInstruction: { parts: [{ text: 'rules' }] } }).sessionId;
  const later = [
    ...contents,
    { role: 'model', parts: [{ text: 'a' }] },
    { role: 'user', parts: [{ text: 'b' }] },
  ];
  expect(factsOf({ contents: later, systemInstruction: { parts: [{ text: 'rules' }] } }).sessionId).toBe(
    beginning,
  );
  expect(factsOf({ ...good, systemInstruction: { parts: [{ text: 'others' }] } }).sessionId).not.toBe(
    beginning,
  );
  expect(factsOf({ ...good, session_id: 'said' }).sessionId).toBe('said');
  expect(factsOf({ ...good, labels: { session_id: 'label' } }).sessionId).toBe('label');
  expect(factsOf({ ...good, session_id: 'said' }, { headers: { 'x-session-id': 'header' } }).sessionId).toBe(
    'header',
  );
});

test('all that may be generated is reserved: thoughts, and each candidate', () => {
  const config = { maxOutputTokens: 100, candidateCount: 3, thinkingConfig: { thinkingBudget: 50 } };
  expect(factsOf({ ...good, generationConfig: config }).maxOutputTokens).toBe(450);
  expect(
    factsOf({ ...good, generationConfig: { maxOutputTokens: 7, thinkingConfig: { thinkingBudget: -1 } } })
      .maxOutputTokens,
  ).toBe(7);
  expect(factsOf(good).maxOutputTokens).toBeNull();
});

test('what is pinned to an account says to which', () => {
  const file = (fileUri: string): JsonObject => ({
    contents: [{ parts: [{ fileData: { mimeType: 'video/mp4', fileUri } }] }],
  });
  const uploaded = 'https://generativelanguage.googleapis.com/v1beta/files/abc-123';
  expect(factsOf(file(uploaded)).pinnedTo).toBe(`file:${uploaded}`);
  expect(factsOf({ contents: [{ parts: [{ file_data: { file_uri: uploaded } }] }] }).pinnedTo).toBe(
    `file:${uploaded}`,
  );
  expect(factsOf(file('https://www.youtube.com/watch?v=1')).pinnedTo).toBeNull();
  expect(factsOf({ ...good, cachedContent: 'cachedContents/x' }).pinnedTo).toBe('cache:cachedContents/x');
});

test('pictures are estimated by their number, not their bytes; a strict budget takes the most awkward', () => {
  const picture = (data: string): JsonObject => ({
    contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data } }] }],
  });
  const small = factsOf(picture('x'.repeat(10)));
  const large = factsOf(picture('x'.repeat(1_000_000)));
  expect(large.inputTokensEstimate).toBe(small.inputTokensEstimate);
  expect(small.inputTokensEstimate).toBeGreaterThan(1120);
  expect(small.ceiling.inputTokens).toBeGreaterThan(10_000);
});

test.each<[name: string, body: JsonObject]>([
  ['sound', { contents: [{ parts: [{ inlineData: { mimeType: 'audio/wav', data: 'x' } }] }] }],
  [
    'a document in a result',
    {
      contents: [
        { parts: [{ functionResponse: { parts: [{ inlineData: { mimeType: 'application/pdf' } }] } }] },
      ],
    },
  ],
  ['a cache', { ...good, cachedContent: 'cachedContents/x' }],
  ['a tool that reads addresses', { ...good, tools: [{ urlContext: {} }] }],
  ['a tool that runs code', { ...good, tools: [{ code_execution: {} }] }],
])('%s is bounded by the model only', (_, body) => {
  expect(factsOf(body).ceiling.inputTokens).toBeNull();
});

test('searches are reserved where they are allowed', () => {
  expect(factsOf({ ...good, tools: [{ googleSearch: {} }] }).ceiling).toMatchObject({
    inputTokens: null,
    webSearches: 20,
  });
  expect(factsOf({ ...good, serviceTier: 'FLEX' }).ceiling).toMatchObject({
    webSearches: 0,
    conditions: { serviceTier: 'flex' },
  });
});
