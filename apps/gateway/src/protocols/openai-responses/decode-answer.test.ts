import { expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { AnswerCollector } from '../bridge/collect-answer.ts';
import type { CanonicalAnswer, CanonicalEvent } from '../canonical.ts';
import { sseEvent } from '../sse.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { decodeAnswer } from './decode-answer.ts';
import { ResponseDecoder } from './decode-events.ts';
import { openaiResponses } from './index.ts';

const recordings = recordingsOf('openai-responses').filter(({ sidecar }) => sidecar.complete);
const [failed] = recordingsOf('openai-responses-failed');

function decoded(chunks: readonly Buffer[]): CanonicalEvent[] {
  const decoder = new ResponseDecoder();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

/** What the events come to, which only those of a whole stream do. */
function answerOf(events: readonly CanonicalEvent[]): CanonicalAnswer {
  const collector = new AnswerCollector();
  let isOpen = false;
  for (const event of events) {
    if (event.type === 'block_start' && isOpen) throw new Error('two blocks are open at once');
    if (event.type === 'block_start') isOpen = true;
    if (event.type === 'block_stop') isOpen = false;
    const answer = collector.push(event);
    if (answer !== null) return answer;
  }
  throw new Error('no end');
}

type Written = readonly [type: string, fields: JsonObject];

const created: Written = ['response.created', { response: { id: 'resp_1', status: 'in_progress' } }];
const completed: Written = ['response.completed', { response: { id: 'resp_1', status: 'completed' } }];
const added = (index: number, item: JsonObject): Written => [
  'response.output_item.added',
  { output_index: index, item },
];
const done = (index: number, item: JsonObject): Written => [
  'response.output_item.done',
  { output_index: index, item },
];
const piece = (index: number, type: string, delta: string, more: JsonObject = {}): Written => [
  `response.${type}.delta`,
  { output_index: index, delta, ...more },
];
const call = (id: string, text: string): JsonObject => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name: 'f',
  arguments: text,
});
const message = (...content: JsonObject[]): JsonObject => ({ type: 'message', role: 'assistant', content });
const text = (value: string, ...annotations: JsonObject[]): JsonObject => ({
  type: 'output_text',
  text: value,
  annotations,
});

function streamed(...events: readonly Written[]): CanonicalEvent[] {
  const written = events.map(([type, fields]) => sseEvent(type, { type, ...fields }));
  return decoded([Buffer.from(written.join(''))]);
}

test.each(recordings)('$name comes to what it says, however it is cut', ({ bytes, sidecar }) => {
  const { usage, tool_calls: calls = [], anthropic_stop_reason: stop } = sidecar.expected;
  const signature = { vendor: 'openai', value: sidecar.expected['encrypted_reasoning'] };
  for (const [, chunks] of chunkings(bytes)) {
    const events = decoded(chunks);
    expect(events[0]).toMatchObject({ type: 'start', id: 'resp_fixture000000000000000000000009' });
    const expected = {
      id: 'resp_fixture000000000000000000000009',
      content: [
        { type: 'thinking', text: sidecar.expected['reasoning_summary'], signature },
        { type: 'text', text: sidecar.expected.text, citations: [] },
        ...calls.map(({ id, name, arguments: input }) => ({ type: 'tool_call', id, name, input })),
      ],
      stop,
      stopSequence: null,
      refusal: null,
      serviceTier: 'default',
      usage: {
        input: usage?.input_uncached,
        cacheRead: usage?.cache_read,
        cacheWrite5m: usage?.cache_write,
        cacheWrite1h: 0,
        output: usage?.output,
        reasoning: usage?.reasoning,
        webSearches: 0,
      },
    };
    expect(answerOf(events)).toEqual(expected);
    // The whole answer, as its last event carries it, says the same.
    const collector = openaiResponses.collect?.();
    for (const chunk of chunks) expect(collector?.push(chunk)).toHaveLength(0);
    const whole = z
      .custom<JsonObject>(isJsonObject)
      .parse(JSON.parse(Buffer.from(collector?.end() ?? []).toString()));
    expect(collector?.failure).toBeNull();
    expect(decodeAnswer(whole)).toEqual(expected);
  }
});

test.each(recordings)('$name: cut after any event it does not end as if whole', ({ bytes }) => {
  const events = bytes.toString().split('\n\n').slice(0, -1);
  for (let count = 0; count < events.length; count += 1) {
    const part = Buffer.from(events.slice(0, count).join('\n\n'));
    expect(decoded([part]).some(({ type }) => type === 'finish')).toBe(false);
    const collector = openaiResponses.collect?.();
    collector?.push(part);
    expect(collector?.end()).toHaveLength(0);
    expect(collector?.failure).toContain('ended before');
  }
});

test('a failure says nothing more and has no end; neither has nonsense', () => {
  expect(decoded([failed?.bytes ?? Buffer.alloc(0)]).map(({ type }) => type)).toEqual(['start']);
  const late = streamed(created, ['error', { code: 'server_error', message: 'm' }], completed);
  expect(late.map(({ type }) => type)).toEqual(['start']);
  expect(
    decoded([Buffer.from('data: nonsense\n\ndata: [1]\n\ndata: {"type":5}\n\ndata: [DONE]\n\n')]),
  ).toEqual([]);
});

test('the whole of a stream is handed on byte for byte', () => {
  const response = '{ "id":"resp_1",  "status":"completed", "output":[ {"type":"message"} ], "n":1.0 }';
  const collector = openaiResponses.collect?.();
  collector?.push(
    Buffer.from(
      `event: response.completed\ndata: {"type":"response.completed","response": ${response}}\n\ndata: [DONE]\n\n`,
    ),
  );
  expect(Buffer.from(collector?.end() ?? []).toString()).toBe(response);
});

test('the whole of a stream has the items that its last event comes without, in their order', () => {
  const collector = openaiResponses.collect?.();
  const events = [done(1, call('b', '{}')), done(0, message(text('a'))), completed];
  for (const [type, fields] of events) collector?.push(Buffer.from(sseEvent(type, { type, ...fields })));
  expect(JSON.parse(Buffer.from(collector?.end() ?? []).toString())).toEqual({
    id: 'resp_1',
    status: 'completed',
    output: [message(text('a')), call('b', '{}')],
  });
});

test('items that are written at once come one after the other, without waiting for the end', () => {
  const decoder = new ResponseDecoder();
  const push = ([type, fields]: Written): string[] =>
    decoder.push(Buffer.from(sseEvent(type, { type, ...fields }))).map((event) => event.type);
  push(created);
  push(added(0, call('a', '')));
  expect(push(piece(0, 'function_call_arguments', '{'))).toEqual(['block_start', 'input']);
  push(added(1, call('b', '')));
  expect(push(piece(1, 'function_call_arguments', '{'))).toEqual([]);
  expect(push(piece(0, 'function_call_arguments', '}'))).toEqual(['input']);
  expect(push(done(0, call('a', '{}')))).toEqual(['block_stop', 'block_start', 'input']);
  expect(push(piece(1, 'function_call_arguments', '}'))).toEqual(['input']);
  expect(push(done(1, call('b', '{}')))).toEqual(['block_stop']);
  expect(push(completed)).toEqual(['finish']);
});

test.each<[name: string, events: Written[]]>([
  [
    'items at their end only',
    [created, done(0, message(text('Hi'))), done(1, call('a', '{"x":1}')), completed],
  ],
  [
    'items in the last event only',
    [
      [
        'response.completed',
        {
          response: {
            id: 'resp_1',
            status: 'completed',
            output: [message(text('Hi')), call('a', '{"x":1}')],
          },
        },
      ],
    ],
  ],
  [
    'items without their ends',
    [
      created,
      added(0, message()),
      piece(0, 'output_text', 'H', { content_index: 0 }),
      piece(0, 'output_text', 'i', { content_index: 0 }),
      added(1, call('a', '')),
      [
        'response.completed',
        {
          response: {
            id: 'resp_1',
            status: 'completed',
            output: [message(text('Hi')), call('a', '{"x":1}')],
          },
        },
      ],
    ],
  ],
  [
    'no places',
    [
      created,
      ['response.output_item.done', { item: message(text('Hi')) }],
      ['response.output_item.done', { item: call('a', '{"x":1}') }],
      completed,
    ],
  ],
])('what hosts leave out: %s', (_name, events) => {
  expect(answerOf(streamed(...events))).toMatchObject({
    id: 'resp_1',
    content: [
      { type: 'text', text: 'Hi' },
      { type: 'tool_call', id: 'a', input: { x: 1 } },
    ],
    stop: 'tool_use',
  });
});

test('parts of a thought are one block, parts of a message are several', () => {
  const thought = piece(0, 'reasoning_summary_text', 'One', { summary_index: 0 });
  const second = piece(0, 'reasoning_summary_text', 'Two', { summary_index: 1 });
  const { content } = answerOf(
    streamed(
      created,
      added(0, { type: 'reasoning', summary: [] }),
      thought,
      second,
      done(0, { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }),
      done(1, { type: 'reasoning', summary: [], encrypted_content: 'gAAAB' }),
      added(2, message()),
      piece(2, 'output_text', 'a', { content_index: 0 }),
      piece(2, 'output_text', 'b', { content_index: 1 }),
      done(2, message(text('a'), text('b'))),
      completed,
    ),
  );
  expect(content).toEqual([
    { type: 'thinking', text: 'One\n\nTwo', signature: { vendor: 'openai', value: 'gAAAA' } },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'gAAAB' } },
    { type: 'text', text: 'a', citations: [] },
    { type: 'text', text: 'b', citations: [] },
  ]);
});

const cited = { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 };
const search = { type: 'web_search_call', action: { type: 'search', query: 'x' } };

test('cited pages and searches, told by events or by the whole', () => {
  const annotation: Written = [
    'response.output_text.annotation.added',
    { output_index: 1, annotation: cited },
  ];
  const expected = {
    content: [{ type: 'text', text: 'a', citations: [{ url: 'https://a.example', title: 'A' }] }],
    usage: { webSearches: 1 },
  };
  const events = [created, added(0, search), done(0, search)];
  const pieces = [added(1, message()), piece(1, 'output_text', 'a', { content_index: 0 }), annotation];
  const end = done(1, message(text('a', cited, { type: 'file_citation', file_id: 'x' })));
  expect(answerOf(streamed(...events, ...pieces, end, completed))).toMatchObject(expected);
  expect(answerOf(streamed(...events, end, completed))).toMatchObject(expected);
  const whole = { id: 'resp_1', status: 'completed', output: [search, message(text('a', cited))] };
  expect(decodeAnswer(whole)).toMatchObject(expected);
});

test.each<[name: string, more: JsonObject, item: JsonObject, stop: string, refusal: string | null]>([
  ['an end', {}, message(text('a')), 'end_turn', null],
  ['a call', {}, call('a', '{}'), 'tool_use', null],
  ['a refusal in words', {}, message({ type: 'refusal', refusal: 'No.' }), 'refusal', 'No.'],
  [
    'no more tokens',
    { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    message(text('a')),
    'max_tokens',
    null,
  ],
  [
    'filtered',
    { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    message(text('a')),
    'refusal',
    null,
  ],
])('%s ends it the same way in a stream and as a whole', (_name, more, item, stop, refusal) => {
  const response = { id: 'resp_1', status: 'completed', ...more };
  expect(decodeAnswer({ ...response, output: [item] })).toMatchObject({ stop, refusal });
  const type = `response.${response.status}`;
  // The last event may come without the items.
  for (const output of [[item], []]) {
    const events = streamed(created, done(0, item), [type, { response: { ...response, output } }]);
    expect(answerOf(events)).toMatchObject({ stop, refusal });
  }
});

test('what is no answer is none', () => {
  expect(decodeAnswer({})).toBeNull();
  expect(decodeAnswer({ output: 'text' })).toBeNull();
  expect(decodeAnswer({ output: [], error: { code: 'server_error', message: 'm' } })).toBeNull();
});
