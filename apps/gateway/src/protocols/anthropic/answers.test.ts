import Anthropic from '@anthropic-ai/sdk';
import AnthropicElder from 'anthropic-sdk-0';
import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import type { JsonObject } from '../../platform/json.ts';
import { AnswerCollector } from '../bridge/collect-answer.ts';
import { playAnswer } from '../bridge/play-answer.ts';
import { type AnswerBlock, type CanonicalAnswer, type CanonicalEvent, noUsage } from '../canonical.ts';
import { type AnswerContext, ConversionNotes } from '../codec.ts';
import { client, upstream } from './codec.ts';

const context: AnswerContext = { model: 'asked-for', createdAtMs: 0, facts: someFacts, request: {} };

function decode(chunks: readonly Uint8Array[]): CanonicalEvent[] {
  const decoder = upstream.decodeEvents();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function collect(events: readonly CanonicalEvent[]): CanonicalAnswer | null {
  const collector = new AnswerCollector();
  const answers = events.map((event) => collector.push(event));
  return answers.find((answer) => answer !== null) ?? null;
}

function encode(events: readonly CanonicalEvent[]): string {
  const encoder = client.encodeEvents(context);
  return events.map((event) => encoder.push(event)).join('');
}

const recordings = [...recordingsOf('anthropic-'), ...recordingsOf('ccr-')];
const whole = recordings.filter(({ sidecar }) => sidecar.complete);
const textOf = (blocks: readonly AnswerBlock[], type: 'text' | 'thinking'): string =>
  blocks.map((block) => (block.type === type ? block.text : '')).join('');

test.each(whole.map((each) => [each.name, each] as const))(
  '%s is read to what it says under every cut',
  (_name, { bytes, sidecar: { expected } }) => {
    for (const [cut, chunks] of chunkings(bytes)) {
      const answer = collect(decode(chunks));
      const content = answer?.content ?? [];
      expect(textOf(content, 'text'), cut).toBe(expected.text ?? '');
      expect(textOf(content, 'thinking'), cut).toBe(expected.thinking ?? '');
      expect(content.flatMap((block) => (block.type === 'tool_call' ? [block] : []))).toEqual(
        (expected.tool_calls ?? []).map(({ id, name, arguments: input }) => ({
          type: 'tool_call',
          id,
          name,
          input,
        })),
      );
      expect(answer?.stop).toBe(expected['stop_reason']);
      expect(answer?.usage).toEqual({
        input: expected.usage?.input_uncached,
        cacheRead: expected.usage?.cache_read,
        cacheWrite5m: expected.usage?.cache_write_5m,
        cacheWrite1h: expected.usage?.cache_write_1h,
        output: expected.usage?.output,
        reasoning: expected.usage?.reasoning,
        webSearches: 0,
      });
    }
  },
);

test.each(recordings.map((each) => [each.name, each] as const))(
  '%s cut off anywhere says no more than came, and no end',
  (_name, { bytes }) => {
    const all = JSON.stringify(decode([bytes]).filter(({ type }) => type !== 'finish'));
    const end = bytes.indexOf('stop_reason":"') === -1 ? bytes.length : bytes.lastIndexOf('message_delta');
    for (let length = 0; length < end; length += 37) {
      const decoder = upstream.decodeEvents();
      const events = decoder.push(bytes.subarray(0, length));
      expect(events.some(({ type }) => type === 'finish')).toBe(false);
      expect(all.startsWith(JSON.stringify(events).slice(0, -1))).toBe(true);
    }
  },
);

test('an error inside a stream ends it without an end', () => {
  for (const { bytes } of recordingsOf('anthropic-error')) {
    expect(decode([bytes]).map(({ type }) => type)).not.toContain('finish');
  }
});

test.each(whole.map((each) => [each.name, each] as const))(
  '%s is said as it was read',
  (_name, { bytes }) => {
    const events = decode([bytes]);
    const again = collect(decode([Buffer.from(encode(events))]));
    expect(again).toEqual({ ...collect(events), serviceTier: 'standard' });
  },
);

const rich: CanonicalAnswer = {
  id: 'resp_123',
  content: [
    { type: 'thinking', text: 'hmm', signature: { vendor: 'openai', value: 'gAAA' } },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'Enc' } },
    { type: 'thinking', text: 'unsigned', signature: null },
    { type: 'text', text: 'see', citations: [{ url: 'https://a.example', title: 'A' }] },
    {
      type: 'tool_call',
      id: 'call_1',
      name: 'f',
      input: { a: [1, 'ü'] },
      signature: { vendor: 'gemini', value: 'Cs0B' },
    },
    { type: 'tool_call', id: 'call_2', name: 'g', input: {} },
  ],
  stop: 'tool_use',
  stopSequence: null,
  refusal: null,
  usage: {
    input: 10,
    cacheRead: 20,
    cacheWrite5m: 3,
    cacheWrite1h: 4,
    output: 50,
    reasoning: 5,
    webSearches: 1,
  },
  serviceTier: 'default',
};

function fetching(body: string, type: string): () => Promise<Response> {
  return () => Promise.resolve(new Response(body, { headers: { 'content-type': type } }));
}

const ask = {
  model: 'asked-for',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'x' }],
};

const streamed = fetching(encode(playAnswer(rich)), 'text/event-stream');
const inOne = fetching(JSON.stringify(client.encodeAnswer(rich, context)), 'application/json');

test.each([
  [
    'its library',
    () => new Anthropic({ apiKey: 'k', fetch: streamed }).messages.stream(ask).finalMessage(),
    () => new Anthropic({ apiKey: 'k', fetch: inOne }).messages.create(ask),
  ],
  [
    'the one before it',
    () => new AnthropicElder({ apiKey: 'k', fetch: streamed }).messages.stream(ask).finalMessage(),
    () => new AnthropicElder({ apiKey: 'k', fetch: inOne }).messages.create(ask),
  ],
])('%s builds the same message of a stream as of a whole answer', async (_name, readStream, readWhole) => {
  const message = await readWhole();
  expect(await readStream()).toMatchObject(JSON.parse(JSON.stringify(message)) as JsonObject);
  expect(message).toMatchObject({
    id: 'msg_123',
    type: 'message',
    role: 'assistant',
    model: 'asked-for',
    stop_reason: 'tool_use',
    content: [
      { type: 'thinking', thinking: 'hmm', signature: 'crs.openai.gAAA' },
      { type: 'redacted_thinking', data: 'crs.openai.Enc' },
      { type: 'thinking', thinking: 'unsigned' },
      { type: 'text', text: 'see', citations: [{ url: 'https://a.example', title: 'A' }] },
      { type: 'thinking', thinking: '', signature: 'crs.gemini.Cs0B' },
      { type: 'tool_use', id: 'call_1', name: 'f', input: { a: [1, 'ü'] } },
      { type: 'tool_use', id: 'call_2', name: 'g', input: {} },
    ],
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 5 },
      server_tool_use: { web_search_requests: 1 },
      service_tier: 'standard',
    },
  });
});

test('what a client sends back of an answer is read as it was', () => {
  const { content } = client.encodeAnswer(rich, context);
  const notes = new ConversionNotes();
  const request = client.decodeRequest(
    { messages: [{ role: 'assistant', content: content ?? null }] },
    someFacts,
    notes,
  );
  expect(notes.header).toBeNull();
  expect(request.messages[0]?.content).toEqual(
    rich.content.map((block) => (block.type === 'text' ? { type: 'text', text: block.text } : block)),
  );
});

test('blocks are opened and closed one after the other, with rising numbers', () => {
  const said = encode(playAnswer(rich));
  const order = [...said.matchAll(/"type":"content_block_(start|stop)","index":(\d+)/g)].map(
    ([, kind, index]) => `${kind} ${index}`,
  );
  const blocks = [...rich.content, 'the proof of the call'];
  expect(order).toEqual(blocks.flatMap((_block, index) => [`start ${index}`, `stop ${index}`]));
  expect(said.match(/^event: .*$/gm)?.slice(-2)).toEqual(['event: message_delta', 'event: message_stop']);
});

test.each([
  ['max_tokens', 'max_tokens', null],
  ['context_window', 'model_context_window_exceeded', null],
  ['pause_turn', 'pause_turn', null],
  ['refusal', 'refusal', { type: 'refusal', category: null, explanation: 'no' }],
] as const)('the end %s is said and read', (stop, reason, details) => {
  const answer: CanonicalAnswer = { ...rich, content: [], stop, refusal: stop === 'refusal' ? 'no' : null };
  const body = client.encodeAnswer(answer, context);
  expect(body).toMatchObject({ stop_reason: reason, stop_details: details });
  expect(upstream.decodeAnswer(body)).toMatchObject({ stop, refusal: answer.refusal });
});

test('what is no message is no answer; a reason that nobody knows is an end', () => {
  expect(upstream.decodeAnswer({ type: 'error', error: { type: 'api_error', message: 'x' } })).toBeNull();
  expect(upstream.decodeAnswer({ content: [], stop_reason: 'novel' })).toMatchObject({
    stop: 'end_turn',
    usage: noUsage,
  });
});

function wire(data: JsonObject & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

test('searches that ran at the vendor are counted and cited, their blocks stay there', () => {
  const stream = [
    wire({ type: 'message_start', message: { id: 'msg_1', usage: { input_tokens: 5 } } }),
    wire({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
    }),
    wire({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"query":"x"}' },
    }),
    wire({ type: 'content_block_stop', index: 0 }),
    wire({
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
    }),
    wire({ type: 'content_block_stop', index: 1 }),
    wire({ type: 'content_block_start', index: 2, content_block: { type: 'text', text: '' } }),
    wire({ type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'found' } }),
    wire({
      type: 'content_block_delta',
      index: 2,
      delta: {
        type: 'citations_delta',
        citation: { type: 'web_search_result_location', url: 'https://a', title: null },
      },
    }),
    wire({ type: 'content_block_stop', index: 2 }),
    wire({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: 9, server_tool_use: { web_search_requests: 2 } },
    }),
    wire({ type: 'message_stop' }),
  ].join('');
  expect(collect(decode([Buffer.from(stream)]))).toMatchObject({
    content: [{ type: 'text', text: 'found', citations: [{ url: 'https://a', title: null }] }],
    usage: { input: 5, output: 9, webSearches: 2 },
  });
});

test('a call that another relay sends whole at once keeps its arguments', () => {
  const stream = [
    wire({ type: 'message_start', message: { id: 'm', usage: {} } }),
    wire({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
    }),
    wire({ type: 'content_block_stop', index: 0 }),
    wire({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } }),
    wire({ type: 'message_stop' }),
  ].join('');
  expect(collect(decode([Buffer.from(stream)]))?.content).toEqual([
    { type: 'tool_call', id: 't', name: 'f', input: { a: 1 } },
  ]);
});
