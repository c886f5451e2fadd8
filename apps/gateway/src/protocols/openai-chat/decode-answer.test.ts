import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent } from '../canonical.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { decodeAnswer } from './decode-answer.ts';
import { ChatDecoder } from './decode-events.ts';
import { openaiChat } from './index.ts';

const recordings = [...recordingsOf('openai-chat'), ...recordingsOf('azure-chat')];

function decoded(chunks: readonly Buffer[]): CanonicalEvent[] {
  const decoder = new ChatDecoder();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

/** Chunks of one choice, as a stream that ends as it should. */
function streamed(...deltas: readonly JsonObject[]): CanonicalEvent[] {
  const chunks = deltas.map(
    (delta) => `data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta }] })}\n\n`,
  );
  return decoded([Buffer.from(`${chunks.join('')}data: [DONE]\n\n`)]);
}

function messageIdOf(bytes: Buffer): string | undefined {
  return /"id":"(chatcmpl-[^"]*)"/.exec(bytes.toString())?.[1];
}

interface Told {
  text: string;
  thinking: string;
  readonly calls: { id: string; name: string; json: string }[];
}

/** What the events come to; throws where two blocks are open at once or a piece is of none. */
function told(events: readonly CanonicalEvent[]): Told {
  const all: Told = { text: '', thinking: '', calls: [] };
  let open: string | null = null;
  const demand = (isSo: boolean, event: CanonicalEvent | null): void => {
    if (!isSo) throw new Error(`${JSON.stringify(event)} while ${open} is open`);
  };
  for (const event of events) {
    if (event.type === 'block_start') {
      demand(open === null, event);
      const { block } = event;
      open = block.type;
      if (block.type === 'tool_call') all.calls.push({ id: block.id, name: block.name, json: '' });
    } else if (event.type === 'block_stop') {
      demand(open !== null, event);
      open = null;
    } else if (event.type === 'text' || event.type === 'thinking') {
      demand(open === event.type, event);
      all[event.type] += event.text;
    } else if (event.type === 'input') {
      demand(open === 'tool_call', event);
      const last = all.calls.at(-1);
      if (last !== undefined) last.json += event.json;
    }
  }
  demand(open === null, null);
  return all;
}

test.each(recordings)('$name comes to what it says, however it is cut', ({ bytes, sidecar }) => {
  const { usage, text, tool_calls: calls = [], anthropic_stop_reason: stop } = sidecar.expected;
  for (const [, chunks] of chunkings(bytes)) {
    const events = decoded(chunks);
    expect(events[0]).toMatchObject({ type: 'start', id: messageIdOf(bytes) });
    const all = told(events);
    expect(all.text).toBe(text);
    expect(
      all.calls.map(({ id, name, json }) => ({ id, name, arguments: JSON.parse(json) as unknown })),
    ).toEqual(calls);
    expect(events.at(-1)).toMatchObject({
      type: 'finish',
      stop: stop ?? 'end_turn',
      usage: {
        input: usage?.input_uncached,
        cacheRead: usage?.cache_read,
        cacheWrite5m: usage?.cache_write,
        output: usage?.output,
        reasoning: usage?.reasoning,
      },
    });
    expect(events.filter(({ type }) => type === 'start' || type === 'finish')).toHaveLength(2);
  }
});

test.each(recordings)('$name, collected, is the whole answer', ({ bytes, sidecar }) => {
  const collector = openaiChat.collect?.();
  const { usage, text, tool_calls: calls = [], finish_reason: reason } = sidecar.expected;
  expect(collector?.push(bytes)).toHaveLength(0);
  const body = JSON.parse(Buffer.from(collector?.end() ?? []).toString()) as JsonObject;
  expect(body).toMatchObject({
    object: 'chat.completion',
    model: sidecar.model,
    choices: [{ index: 0, finish_reason: reason }],
  });
  expect(JSON.stringify(body)).not.toMatch(/"delta"|obfuscation|chunk/);
  expect(collector?.failure).toBeNull();
  const answer = decodeAnswer(body);
  expect(
    answer?.content
      .filter(({ type }) => type === 'text')
      .map((block) => 'text' in block && block.text)
      .join(''),
  ).toBe(text);
  expect(
    answer?.content
      .filter((block) => block.type === 'tool_call')
      .map(({ id, name, input }) => ({ id, name, arguments: input })),
  ).toEqual(calls);
  expect(answer?.usage).toMatchObject({ input: usage?.input_uncached, output: usage?.output });
});

test('what a host repeats in every delta is said once in the whole', () => {
  const collector = openaiChat.collect?.();
  const chunk = (content: string, reason: string | null): string =>
    `data: ${JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: reason }] })}\n\n`;
  collector?.push(Buffer.from(`${chunk('a', null)}${chunk('b', 'stop')}`));
  expect(JSON.parse(Buffer.from(collector?.end() ?? []).toString())).toEqual({
    id: '1',
    model: 'm',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'ab' }, finish_reason: 'stop' }],
  });
});

test('of a stream that failed or broke off nothing whole is made', () => {
  for (const last of ['', 'data: {"error":{"message":"m"}}\n\n']) {
    const collector = openaiChat.collect?.();
    collector?.push(
      Buffer.from(`data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n${last}`),
    );
    expect(collector?.end()).toHaveLength(0);
    expect(collector?.failure).toContain('ended before');
  }
});

test.each(recordings)('$name: cut anywhere it neither throws nor ends as if whole', ({ bytes }) => {
  const reason = bytes.indexOf(Buffer.from('"finish_reason":"'));
  for (let end = 0; end < reason; end += 31) {
    const events = decoded([bytes.subarray(0, end)]);
    expect(events.some(({ type }) => type === 'finish')).toBe(false);
  }
});

test('a thought comes before the text, as compatible hosts write it under either name', () => {
  for (const name of ['reasoning_content', 'reasoning']) {
    const events = streamed(
      { role: 'assistant', content: '' },
      { [name]: 'Hm' },
      { [name]: '!' },
      { content: 'Yes' },
    );
    expect(told(events)).toEqual({ text: 'Yes', thinking: 'Hm!', calls: [] });
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'block_start',
      'thinking',
      'thinking',
      'block_stop',
      'block_start',
      'text',
      'block_stop',
      'finish',
    ]);
  }
});

function call(index: number | undefined, id: string | null, name: string | null, text: string): JsonObject {
  return {
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(id === null ? {} : { id, type: 'function' }),
        function: { ...(name === null ? {} : { name }), arguments: text },
      },
    ],
  };
}

test('calls that are written at once come one after the other, text between them behind the one it broke into', () => {
  const events = streamed(
    call(0, 'a', 'f', '{"x'),
    call(1, 'b', 'g', '{"y'),
    { content: 'Mean' },
    call(0, null, null, '":1}'),
    call(2, 'c', 'h', ''),
    call(1, null, null, '":2}'),
    { content: 'while' },
    call(2, null, null, '{}'),
  );
  const all = told(events);
  expect(all.calls).toEqual([
    { id: 'a', name: 'f', json: '{"x":1}' },
    { id: 'b', name: 'g', json: '{"y":2}' },
    { id: 'c', name: 'h', json: '{}' },
  ]);
  expect(all.text).toBe('Meanwhile');
  expect(events.at(-1)).toMatchObject({ stop: 'tool_use' });
});

test('a later call does not wait for the end where the earlier is whole', () => {
  const decoder = new ChatDecoder();
  const push = (delta: JsonObject): string[] =>
    decoder
      .push(Buffer.from(`data: ${JSON.stringify({ id: '1', choices: [{ delta }] })}\n\n`))
      .map(({ type }) => type);
  push(call(0, 'a', 'f', '{"x":"}'));
  expect(push(call(1, 'b', 'g', '{'))).toEqual([]);
  expect(push(call(0, null, null, '"}'))).toEqual(['input', 'block_stop', 'block_start', 'input']);
  expect(push(call(1, null, null, '}'))).toEqual(['input']);
});

test('calls without numbers or ids, of the elder form, with arguments that are no text, or never whole', () => {
  expect(
    told(streamed(call(undefined, 'a', 'f', '{}'), call(undefined, 'b', 'g', '{}'))).calls.map(
      ({ id }) => id,
    ),
  ).toEqual(['a', 'b']);
  expect(
    told(streamed(call(0, null, 'f', '{}'), call(1, null, 'g', '{}'))).calls.map(({ id }) => id),
  ).toEqual(['call_1_0', 'call_1_1']);
  expect(
    told(
      streamed({ function_call: { name: 'f', arguments: '{"a"' } }, { function_call: { arguments: ':1}' } }),
    ).calls,
  ).toEqual([{ id: 'call_1_0', name: 'f', json: '{"a":1}' }]);
  expect(
    told(streamed({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }] }))
      .calls[0]?.json,
  ).toBe('{"x":1}');
  expect(
    told(streamed(call(0, 'a', 'f', '{"x'), call(1, 'b', 'g', '{"y'))).calls.map(({ json }) => json),
  ).toEqual(['{"x', '{"y']);
  const unfinished = [call(0, 'a', 'f', '{"x'), call(1, 'b', 'g', '{"y'), call(2, 'c', 'h', '{"z')];
  expect(told(streamed(...unfinished)).calls.map(({ json }) => json)).toEqual(['{"x', '{"y', '{"z']);
});

const chunk = 'data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"length"}]}\n\n';

test('the end: without its last line, without any, with an error', () => {
  expect(decoded([Buffer.from(chunk)]).at(-1)).toMatchObject({ type: 'finish', stop: 'max_tokens' });
  expect(
    decoded([Buffer.from(chunk.replace('"length"', 'null'))]).some(({ type }) => type === 'finish'),
  ).toBe(false);
  const failed = decoded([
    Buffer.from(`${chunk.replace('"length"', 'null')}data: {"error":{"message":"m"}}\n\ndata: [DONE]\n\n`),
  ]);
  expect(failed.map(({ type }) => type)).toEqual(['start', 'block_start', 'text']);
  expect(decoded([Buffer.from('data: nonsense\n\ndata: [1]\n\ndata: [DONE]\n\n')])).toEqual([]);
});

test('a refusal and cited sources', () => {
  expect(streamed({ refusal: 'I can' }, { refusal: 'not.' }).at(-1)).toMatchObject({
    stop: 'refusal',
    refusal: 'I cannot.',
  });
  const annotations = [
    {
      type: 'url_citation',
      url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 },
    },
  ];
  const events = streamed({ content: 'a' }, { annotations });
  expect(events).toContainEqual({ type: 'citation', citation: { url: 'https://a.example', title: 'A' } });
  expect(events.at(-1)).toMatchObject({ usage: { webSearches: 1 } });
});

test.each<[name: string, message: JsonObject, reason: string, expected: JsonObject]>([
  [
    'text',
    { content: 'a' },
    'stop',
    { content: [{ type: 'text', text: 'a', citations: [] }], stop: 'end_turn', refusal: null },
  ],
  [
    'text in parts',
    {
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    'length',
    { content: [{ text: 'ab' }], stop: 'max_tokens' },
  ],
  [
    'a thought',
    { content: 'a', reasoning_content: 'h' },
    'stop',
    { content: [{ type: 'thinking', text: 'h', signature: null }, { text: 'a' }] },
  ],
  ['a refusal', { content: null, refusal: 'No.' }, 'stop', { content: [], stop: 'refusal', refusal: 'No.' }],
  ['filtered', { content: '' }, 'content_filter', { content: [], stop: 'refusal' }],
  [
    'calls, whatever the host says of the end',
    {
      content: null,
      tool_calls: [
        { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
        { function: { name: 'g', arguments: '{' } },
      ],
    },
    'stop',
    {
      content: [
        { id: 'a', name: 'f', input: { x: 1 } },
        { id: 'call_1_1', name: 'g', input: { _raw: '{' } },
      ],
      stop: 'tool_use',
    },
  ],
  [
    'a call of the elder form',
    { function_call: { name: 'f', arguments: '' } },
    'function_call',
    { content: [{ name: 'f', input: {} }], stop: 'tool_use' },
  ],
])('a whole answer: %s', (_name, message, reason, expected) => {
  const answer = decodeAnswer({
    id: 'chatcmpl-1',
    choices: [{ message, finish_reason: reason }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
    service_tier: 'default',
  });
  expect(answer).toMatchObject({
    id: 'chatcmpl-1',
    usage: { input: 3, output: 2 },
    serviceTier: 'default',
    ...expected,
  });
});

test('what is no answer is none', () => {
  expect(decodeAnswer({})).toBeNull();
  expect(decodeAnswer({ choices: [] })).toBeNull();
  expect(decodeAnswer({ choices: [{ finish_reason: 'stop' }] })).toBeNull();
});
