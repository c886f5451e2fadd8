import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GoogleGenAI, type GenerateContentResponse } from '@google/genai';
import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalAnswer, CanonicalEvent } from '../canonical.ts';
import type { AnswerContext, UpstreamCodec } from '../codec.ts';
import { codeAssist } from '../code-assist/index.ts';
import { streamFacts } from '../../../test/gemini-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { client, upstream } from './codec.ts';
import { gemini } from './index.ts';

const upstreamOf = (name: string): UpstreamCodec =>
  (name.includes('code-assist') ? codeAssist.upstream : undefined) ?? upstream;

function eventsOf(chunks: readonly Uint8Array[], codec: UpstreamCodec = upstream): CanonicalEvent[] {
  const decoder = codec.decodeEvents();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

const joined = (events: readonly CanonicalEvent[], type: 'text' | 'thinking'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('');

const recorded = recordingsOf('gemini').map((each) => [each.name, each] as const);

test.each(recorded)('%s says the same under every cut', (name, { bytes, sidecar }) => {
  const { expected } = sidecar;
  for (const [cut, chunks] of chunkings(bytes)) {
    const events = eventsOf(chunks, upstreamOf(name));
    expect(joined(events, 'text'), cut).toBe(expected.text);
    expect(joined(events, 'thinking'), cut).toBe(expected.thinking ?? '');
    expect(events[0], cut).toMatchObject({
      type: 'start',
      id: 'fixtureGem10AAAAQ',
      usage: { cacheRead: 3072 },
    });
  }
});

test.each(recorded.filter(([, { sidecar }]) => sidecar.complete))(
  '%s ends with its call and its usage under every cut',
  (name, { bytes, sidecar: { expected } }) => {
    const [tool] = expected.tool_calls ?? [];
    for (const [cut, chunks] of chunkings(bytes)) {
      expect(eventsOf(chunks, upstreamOf(name)).slice(-5), cut).toEqual([
        { type: 'block_start', block: { type: 'tool_call', id: tool?.id, name: tool?.name } },
        { type: 'signature', signature: { vendor: 'gemini', value: tool?.['thought_signature'] } },
        { type: 'input', json: JSON.stringify(tool?.arguments) },
        { type: 'block_stop' },
        {
          type: 'finish',
          stop: expected.anthropic_stop_reason,
          stopSequence: null,
          refusal: null,
          serviceTier: 'standard',
          usage: {
            input: expected.usage?.input_uncached,
            cacheRead: expected.usage?.cache_read,
            cacheWrite5m: 0,
            cacheWrite1h: 0,
            output: expected.usage?.output,
            reasoning: expected.usage?.reasoning,
            webSearches: 0,
          },
        },
      ]);
    }
  },
);

test.each(recorded.filter(([, { sidecar }]) => !sidecar.complete))(
  '%s is not given an end: the error is the observer’s to tell',
  (name, { bytes }) => {
    expect(eventsOf([bytes], upstreamOf(name)).at(-1)?.type).toBe('text');
  },
);

test('blocks open and close one after another', () => {
  const [recording] = recordingsOf('gemini-generate');
  const events = eventsOf([recording?.bytes ?? Buffer.alloc(0)]);
  const kinds = events.map((event) => (event.type === 'block_start' ? event.block.type : event.type));
  expect(kinds.join(' ')).toBe(
    'start thinking thinking block_stop text text text block_stop tool_call signature input block_stop finish',
  );
});

const candidate = (parts: JsonObject[], more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 2 },
  modelVersion: 'gemini-3.8-flash',
  responseId: 'r1',
});
const call = { functionCall: { name: 'f', args: { a: 1 } } };

test.each<[reason: string, parts: JsonObject[], stop: CanonicalAnswer['stop'] | null]>([
  ['STOP', [{ text: 'a' }], 'end_turn'],
  ['STOP', [{ text: 'a' }, call], 'tool_use'],
  ['MAX_TOKENS', [{ text: 'a' }], 'max_tokens'],
  ['SAFETY', [], 'refusal'],
  ['RECITATION', [{ text: 'a' }], 'refusal'],
  ['CONTINUATION', [{ text: 'a' }], 'pause_turn'],
  ['OTHER', [{ text: 'a' }], 'end_turn'],
  ['MALFORMED_FUNCTION_CALL', [{ text: 'a' }], 'end_turn'],
  ['MALFORMED_FUNCTION_CALL', [], null],
  ['UNEXPECTED_TOOL_CALL', [{ text: '' }], null],
  ['BRAND_NEW', [{ text: 'a' }], 'end_turn'],
])('%s after %j ends as %s', (finishReason, parts, stop) => {
  expect(upstream.decodeAnswer(candidate(parts, { finishReason }))?.stop ?? null).toBe(stop);
});

test('a whole answer is read with its thoughts, sources and calls', () => {
  const body = candidate(
    [
      { text: 'hm', thought: true, thoughtSignature: 'T' },
      { text: 'one ' },
      { text: 'two', thoughtSignature: 'of a text' },
      call,
      { ...call, thoughtSignature: 'C' },
    ],
    {
      finishReason: 'STOP',
      groundingMetadata: {
        webSearchQueries: ['q', 'r'],
        groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }],
      },
    },
  );
  const text = { text: 'one two', citations: [] };
  expect(upstream.decodeAnswer(body)).toMatchObject({
    id: 'r1',
    content: [
      { type: 'thinking', text: 'hm', signature: { vendor: 'gemini', value: 'T' } },
      { type: 'text', ...text },
      { type: 'tool_call', id: 'call_r1_0', name: 'f', input: { a: 1 } },
      { type: 'tool_call', id: 'call_r1_1', signature: { vendor: 'gemini', value: 'C' } },
    ],
    stop: 'tool_use',
    usage: { input: 10, output: 6, reasoning: 2, webSearches: 2 },
  });
});

test('sources belong to the text they come with', () => {
  const sources = {
    finishReason: 'STOP',
    groundingMetadata: {
      groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }, { web: { uri: 'https://a' } }],
    },
    citationMetadata: { citations: [{ uri: 'https://b' }] },
  };
  expect(upstream.decodeAnswer(candidate([{ text: 'x' }], sources))?.content).toEqual([
    {
      type: 'text',
      text: 'x',
      citations: [
        { url: 'https://a', title: 'A' },
        { url: 'https://b', title: null },
      ],
    },
  ]);
});

test('a blocked prompt is a refusal that says why', () => {
  const blocked = {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: { promptTokenCount: 3 },
  };
  expect(upstream.decodeAnswer(blocked)).toMatchObject({
    content: [],
    stop: 'refusal',
    refusal: 'The prompt was blocked: PROHIBITED_CONTENT',
    usage: { input: 3 },
  });
});

test.each([{}, { error: { code: 503 } }, { totalTokens: 5 }])('%j is no answer', (body) => {
  expect(upstream.decodeAnswer(body)).toBeNull();
});

const answer: CanonicalAnswer = {
  id: 'msg_1',
  content: [
    { type: 'thinking', text: 'hm', signature: { vendor: 'anthropic', value: 'S' } },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'H' } },
    { type: 'text', text: 'Grüezi 🌧', citations: [{ url: 'https://a', title: 'A' }] },
    {
      type: 'tool_call',
      id: 'toolu_1',
      name: 'f',
      input: { a: 1 },
      signature: { vendor: 'gemini', value: 'G' },
    },
  ],
  stop: 'tool_use',
  stopSequence: null,
  refusal: null,
  usage: {
    input: 10,
    cacheRead: 5,
    cacheWrite5m: 3,
    cacheWrite1h: 2,
    output: 9,
    reasoning: 4,
    webSearches: 0,
  },
  serviceTier: 'standard',
};
const context: AnswerContext = { model: 'asked-for', createdAtMs: 0, facts: streamFacts, request: {} };
const usageMetadata = {
  promptTokenCount: 20,
  candidatesTokenCount: 5,
  totalTokenCount: 29,
  cachedContentTokenCount: 5,
  thoughtsTokenCount: 4,
  serviceTier: 'standard',
};
const functionCall = { functionCall: { id: 'toolu_1', name: 'f', args: { a: 1 } }, thoughtSignature: 'G' };
const groundingMetadata = { groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }] };

test('a whole answer is said in Google’s words', () => {
  expect(client.encodeAnswer(answer, context)).toEqual({
    candidates: [
      {
        content: {
          parts: [
            { text: 'hm', thought: true, thoughtSignature: 'crs.anthropic.S' },
            { text: '', thought: true, thoughtSignature: 'crs.openai.H' },
            { text: 'Grüezi 🌧' },
            functionCall,
          ],
          role: 'model',
        },
        finishReason: 'STOP',
        groundingMetadata,
        index: 0,
      },
    ],
    usageMetadata,
    modelVersion: 'asked-for',
    responseId: 'msg_1',
  });
});

const { usage, stop, stopSequence, refusal, serviceTier } = answer;
const played: readonly CanonicalEvent[] = [
  { type: 'start', id: 'msg_1', usage },
  { type: 'block_start', block: { type: 'thinking' } },
  { type: 'thinking', text: 'hm' },
  { type: 'signature', signature: { vendor: 'anthropic', value: 'S' } },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'text' } },
  { type: 'text', text: 'Grüezi ' },
  { type: 'text', text: '🌧' },
  { type: 'citation', citation: { url: 'https://a', title: 'A' } },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'tool_call', id: 'toolu_1', name: 'f' } },
  { type: 'input', json: '{"a"' },
  { type: 'signature', signature: { vendor: 'gemini', value: 'G' } },
  { type: 'input', json: ':1}' },
  { type: 'block_stop' },
  { type: 'finish', stop, stopSequence, refusal, usage, serviceTier },
];

function encoded(events: readonly CanonicalEvent[], facts = streamFacts): string {
  const encoder = client.encodeEvents({ ...context, facts });
  return events.map((event) => encoder.push(event) + encoder.ping()).join('');
}

let close = (): void => undefined;
afterEach(() => close());

async function readBySdk(body: string): Promise<GenerateContentResponse[]> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => void server.close();
  const { port } = server.address() as AddressInfo;
  const sdk = new GoogleGenAI({ apiKey: 'x', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
  const responses: GenerateContentResponse[] = [];
  for await (const response of await sdk.models.generateContentStream({ model: 'm', contents: 'x' })) {
    responses.push(response);
  }
  return responses;
}

test('Google’s SDK reads a stream that was made of another vendor’s', async () => {
  const responses = await readBySdk(encoded(played));
  const parts = responses.flatMap((response) => response.candidates?.[0]?.content?.parts ?? []);
  expect(parts).toEqual([
    { text: 'hm', thought: true },
    { text: '', thought: true, thoughtSignature: 'crs.anthropic.S' },
    { text: 'Grüezi ' },
    { text: '🌧' },
    functionCall,
    { text: '' },
  ]);
  expect(responses.flatMap((response) => response.functionCalls ?? [])).toEqual([functionCall.functionCall]);
  const last = responses.at(-1);
  expect(last?.candidates?.[0]).toMatchObject({ finishReason: 'STOP', groundingMetadata });
  expect(last?.usageMetadata).toEqual(usageMetadata);
  expect(responses.every(({ modelVersion }) => modelVersion === 'asked-for')).toBe(true);
  expect(responses.every(({ responseId }) => responseId === 'msg_1')).toBe(true);
});

test('the observer of the dialect finds the same in it', () => {
  const observer = gemini.observe('stream', streamFacts);
  observer.push(Buffer.from(encoded(played)));
  expect(observer.phase).toBe('complete');
  expect(observer.observation().usage).toMatchObject({ input: 15, cacheRead: 5, output: 9 });
});

test('asked for as an array, the stream is one', () => {
  const array = encoded(played, { ...streamFacts, streamForm: 'array' });
  const events = encoded(played)
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as unknown] : []));
  expect(JSON.parse(array)).toEqual(events);
});

test('a call without input has none, broken input is kept', () => {
  const tool = (json: string): CanonicalEvent[] => [
    { type: 'block_start', block: { type: 'tool_call', id: 'c', name: 'f' } },
    { type: 'input', json },
    { type: 'block_stop' },
  ];
  expect(encoded(tool(''))).toContain('"args":{}');
  expect(encoded(tool('{"a":'))).toContain(String.raw`"args":{"_raw":"{\"a\":"}`);
});

test.each<[stop: CanonicalAnswer['stop'], reason: string]>([
  ['end_turn', 'STOP'],
  ['tool_use', 'STOP'],
  ['stop_sequence', 'STOP'],
  ['max_tokens', 'MAX_TOKENS'],
  ['context_window', 'MAX_TOKENS'],
  ['refusal', 'SAFETY'],
  ['pause_turn', 'CONTINUATION'],
])('%s is the reason %s', (reasonOf, finishReason) => {
  expect(client.encodeAnswer({ ...answer, stop: reasonOf, refusal: 'because' }, context)).toMatchObject({
    candidates: [{ finishReason, finishMessage: 'because' }],
  });
});

test('counts are said and read', () => {
  expect(client.encodeCount?.(5)).toEqual({ totalTokens: 5 });
  expect(upstream.count?.decodeAnswer({ totalTokens: 5 })).toBe(5);
  expect(upstream.count?.decodeAnswer({})).toBeNull();
});
