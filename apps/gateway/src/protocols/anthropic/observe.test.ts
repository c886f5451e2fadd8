import { expect, test } from 'vitest';
import type { AnswerObserver, Observation } from '../protocol.ts';
import { recording, recordings, someFacts } from '../../../test/anthropic-fixtures.ts';
import { anthropic } from './index.ts';

function observe(bytes: Uint8Array, ends: Iterable<number> = [bytes.length]): AnswerObserver {
  const observer = anthropic.observe('stream', someFacts);
  let from = 0;
  for (const end of ends) {
    observer.push(bytes.subarray(from, end));
    from = end;
  }
  return observer;
}

function* everyByte(length: number): Iterable<number> {
  for (let end = 1; end <= length; end += 1) yield end;
}

/** Deterministic, so that a failure can be repeated. */
function randomEnds(length: number, seed: number): number[] {
  const ends: number[] = [];
  let state = seed;
  for (let end = 0; end < length; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    end = Math.min(length, end + 1 + (state % 40));
    ends.push(end);
  }
  return ends;
}

/** A partial answer is estimated from its bytes, of which other forms have more or fewer; its error keeps their text. */
function withoutEstimates(observation: Observation): unknown {
  const { usage, isComplete, error } = observation;
  return {
    ...observation,
    usage: isComplete ? usage : { ...usage, output: null },
    error: error === null ? null : error.type,
  };
}

const all = recordings();

test.each(all.map((each) => [each.name, each] as const))(
  '%s comes to the same under every cut',
  (_name, each) => {
    const { expected, bytes } = each;
    const whole = observe(bytes);
    const observation = whole.observation();
    const { usage } = expected.expected;
    // Thirty bytes of text had passed when the one that breaks off broke off.
    const output = expected.complete ? usage.output : 10;
    expect(observation.usage).toMatchObject({
      input: usage.input_uncached,
      cacheRead: usage.cache_read,
      cacheWrite5m: usage.cache_write_5m,
      cacheWrite1h: usage.cache_write_1h,
      output,
    });
    expect(observation.usageSource).toBe(expected.complete ? 'reported' : 'partial');
    expect(observation.isComplete).toBe(expected.complete);
    expect(observation.servedModel).toBe(expected.model);
    expect(observation.stopReason).toBe(expected.expected.stop_reason);
    expect(observation.messageId).toBe(expected.message_id ?? 'msg_ccr_0000000005');
    expect(observation.error === null ? undefined : { ...observation.error, raw: undefined }).toEqual(
      expected.expected.error === undefined
        ? undefined
        : { type: expected.expected.error.type, message: expected.expected.error.message },
    );
    expect(whole.phase).toBe(expected.complete ? 'complete' : 'error');

    const cuts: Iterable<number>[] = [everyByte(bytes.length), ...each.plans.map(([, ends]) => ends)];
    for (let seed = 1; seed <= 50; seed += 1) cuts.push(randomEnds(bytes.length, seed));
    for (const ends of cuts) expect(observe(bytes, ends).observation()).toEqual(observation);
  },
);

test.each(all.map((each) => [each.name, each] as const))(
  '%s with CRLF, CR, comments and no spaces',
  (_name, each) => {
    const original = each.bytes.toString('utf8').replaceAll('\r\n', '\n');
    const expected = observe(each.bytes).observation();
    const forms: readonly [string, string][] = [
      ['CRLF', original.replaceAll('\n', '\r\n')],
      ['CR', original.replaceAll('\n', '\r')],
      ['comments', original.replaceAll('\n\n', '\n: keep-alive\n\n: another\n\n')],
      ['no spaces', original.replaceAll(/^(event|data): /gm, '$1:')],
      ['a byte order mark', `\ufeff${original}`],
      ['ids and retries', original.replaceAll('event:', 'id: 7\nretry: 100\nevent:')],
      ['data before the name', original.replaceAll(/^(event:.*)\n(data:.*)$/gm, '$2\n$1')],
      ['data over several lines', original.replaceAll(/^data: ?(.*),"/gm, 'data: $1,\ndata: "')],
    ];
    for (const [name, form] of forms) {
      const bytes = Buffer.from(form);
      for (const ends of [[bytes.length], everyByte(bytes.length), randomEnds(bytes.length, 3)]) {
        const observation = observe(bytes, ends).observation();
        expect(withoutEstimates(observation), name).toEqual(withoutEstimates(expected));
      }
    }
  },
);

test('a stream without event names is read by the types in its data', () => {
  const { bytes } = recording('anthropic-thinking-tools-cache');
  const nameless = Buffer.from(bytes.toString('utf8').replaceAll(/^event:.*\n/gm, ''));
  expect(observe(nameless).observation()).toEqual(observe(bytes).observation());
  expect(observe(nameless, everyByte(nameless.length)).observation()).toEqual(observe(bytes).observation());
});

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function start(usage: unknown, model = 'claude-opus-5-5'): string {
  return event('message_start', { type: 'message_start', message: { id: 'msg_1', model, usage } });
}

function text(chunk: string): string {
  return event('content_block_delta', {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: chunk },
  });
}

function change(usage: unknown, stopReason: string | null = 'end_turn'): string {
  return event('message_delta', { type: 'message_delta', delta: { stop_reason: stopReason }, usage });
}

const ping = event('ping', { type: 'ping' });
const stop = event('message_stop', { type: 'message_stop' });

function result(...parts: string[]): Observation {
  return observe(Buffer.from(parts.join(''))).observation();
}

test('phases: waiting until content, then content, then complete', () => {
  const observer = anthropic.observe('stream', someFacts);
  const seen = [
    start({ input_tokens: 5, output_tokens: 1 }),
    ping,
    ': comment\n\n',
    event('content_block_start', {}),
    text('a'),
    ping,
    change({ output_tokens: 3 }),
    stop,
  ].map((part) => {
    observer.push(Buffer.from(part));
    return observer.phase;
  });
  expect(seen).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'content',
    'content',
    'content',
    'content',
    'complete',
  ]);
});

test('an event counts only when its empty line is here', () => {
  const observer = anthropic.observe('stream', someFacts);
  observer.push(Buffer.from('event: content_block_start\ndata: {}\n'));
  expect(observer.phase).toBe('waiting');
  observer.push(Buffer.from('\n'));
  expect(observer.phase).toBe('content');
});

test('an error as the first meaningful event is seen as such, with its text', () => {
  const error = event('error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
  const observer = observe(Buffer.from(start({ input_tokens: 5, output_tokens: 1 }) + ping + error));
  expect(observer.phase).toBe('error');
  expect(observer.observation().error).toEqual({
    type: 'overloaded_error',
    message: 'Overloaded',
    raw: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  });
});

test.each([
  ['a bare string', 'data: {"error":"no credit"}\n\n', { type: 'api_error', message: 'no credit' }],
  [
    'the shape of OpenAI',
    'data: {"error":{"message":"slow down","type":"rate_limit"}}\n\n',
    { type: 'rate_limit', message: 'slow down' },
  ],
  [
    'text that is no JSON',
    'event: error\ndata: upstream gone\n\n',
    { type: 'api_error', message: 'upstream gone' },
  ],
])('errors of other relays: %s', (_name, bytes, error) => {
  const observer = observe(Buffer.from(bytes));
  expect(observer.phase).toBe('error');
  expect(observer.observation().error).toMatchObject(error);
});

test('usage is cumulative: later figures replace, absent and null ones keep', () => {
  const { usage } = result(
    start({
      input_tokens: 100,
      cache_read_input_tokens: 50,
      cache_creation_input_tokens: 0,
      output_tokens: 1,
    }),
    text('a'),
    change({ output_tokens: 10, input_tokens: null }, null),
    change({ output_tokens: 25, input_tokens: 120 }),
    stop,
  );
  expect(usage).toEqual({
    input: 120,
    cacheRead: 50,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: 25,
    webSearches: 0,
  });
});

const split = { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 80 };

test.each<[name: string, first: object, last: object, fiveMinutes: number, hour: number]>([
  [
    'the split of message_start, the sum after it',
    { cache_creation_input_tokens: 100, cache_creation: split },
    { cache_creation_input_tokens: 100 },
    20,
    80,
  ],
  ['a sum alone is written for five minutes', { cache_creation_input_tokens: 100 }, {}, 100, 0],
  ['a sum alone, told only at the end', {}, { cache_creation_input_tokens: 100 }, 100, 0],
  ['a sum beyond the split', { cache_creation: split }, { cache_creation_input_tokens: 150 }, 70, 80],
  ['a sum below the split', { cache_creation: split }, { cache_creation_input_tokens: 60 }, 0, 60],
  [
    'a split of zeros beside a sum',
    {
      cache_creation_input_tokens: 100,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    },
    {},
    100,
    0,
  ],
  [
    'a later split',
    { cache_creation: split },
    { cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 } },
    1,
    2,
  ],
  [
    'null',
    { cache_creation_input_tokens: 100, cache_creation: split },
    { cache_creation_input_tokens: null, cache_creation: null },
    20,
    80,
  ],
])('cache writes: %s', (_name, first, last, fiveMinutes, hour) => {
  const { usage } = result(
    start({ input_tokens: 1, output_tokens: 1, ...first }),
    change({ output_tokens: 5, ...last }),
    stop,
  );
  expect([usage.cacheWrite5m, usage.cacheWrite1h]).toEqual([fiveMinutes, hour]);
});

test('searches and price conditions are read, the later ones win', () => {
  const observation = result(
    start({
      input_tokens: 1,
      output_tokens: 1,
      service_tier: 'priority',
      inference_geo: 'us',
      speed: 'fast',
    }),
    change({ output_tokens: 5, server_tool_use: { web_search_requests: 2 }, speed: 'standard' }, null),
    change({ output_tokens: 6, server_tool_use: { web_search_requests: 3, web_fetch_requests: 9 } }),
    stop,
  );
  expect(observation.usage.webSearches).toBe(3);
  expect(observation.conditions).toEqual({ serviceTier: 'priority', speed: 'standard', inferenceGeo: 'us' });
});

test('compaction passes are charged on top of the totals, which leave them out', () => {
  const { usage } = result(
    start({ input_tokens: 10, output_tokens: 1 }),
    change({
      input_tokens: 10,
      output_tokens: 20,
      iterations: [
        { type: 'compaction', input_tokens: 1000, output_tokens: 300, cache_read_input_tokens: 7 },
        { type: 'message', input_tokens: 10, output_tokens: 20 },
      ],
    }),
    stop,
  );
  expect(usage).toMatchObject({ input: 1010, output: 320, cacheRead: 7 });
});

test('a stream that broke off: input as reported, output counted from what passed, rounded up', () => {
  const observation = result(
    start({ input_tokens: 900, output_tokens: 2 }),
    ...Array.from({ length: 10 }, () => text('x'.repeat(61))),
  );
  // 610 bytes at three a token; the placeholder of message_start is no figure.
  expect(observation.usage).toMatchObject({ input: 900, output: 204 });
  expect(observation).toMatchObject({ usageSource: 'partial', isComplete: false, stopReason: null });
});

test('figures that came before it broke off are a lower bound', () => {
  expect(
    result(start({ input_tokens: 9, output_tokens: 1 }), text('abc'), change({ output_tokens: 500 }, null))
      .usage.output,
  ).toBe(500);
});

test('the last figures with a stop reason are final even where message_stop is missing', () => {
  expect(
    result(start({ input_tokens: 9, output_tokens: 1 }), text('x'.repeat(999)), change({ output_tokens: 5 })),
  ).toMatchObject({
    usageSource: 'reported',
    isComplete: false,
    usage: { output: 5 },
  });
});

test('where input is never reported, the estimate of the request stands in', () => {
  const none = { input: 777, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
  expect(result(text('abcdef'), stop)).toMatchObject({
    usageSource: 'estimated',
    usage: { ...none, output: 2 },
  });
  expect(
    result(start({ input_tokens: 0, output_tokens: 0 }), text('abc'), change({ output_tokens: 40 }), stop),
  ).toMatchObject({
    usageSource: 'partial',
    usage: { ...none, output: 40 },
  });
});

test('where nothing came, nothing is charged', () => {
  const nothing = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, webSearches: 0 };
  expect(result().usage).toEqual(nothing);
  expect(
    result(ping, event('error', { type: 'error', error: { type: 'api_error', message: 'x' } })).usage,
  ).toEqual(nothing);
});

test('nonsense in figures is ignored', () => {
  const { usage } = result(
    start({ input_tokens: 12, output_tokens: 1 }),
    change({ input_tokens: -5, output_tokens: '9', cache_read_input_tokens: {} }),
    change({ output_tokens: 3 }),
    stop,
  );
  expect(usage).toMatchObject({ input: 12, output: 3, cacheRead: 0 });
});

test('unknown events and blocks pass; what follows the end is ignored', () => {
  const observation = result(
    event('brand_new_event', { type: 'brand_new_event' }),
    start({ input_tokens: 5, output_tokens: 1 }),
    event('content_block_novel', { type: 'x' }),
    change({ output_tokens: 7 }),
    stop,
    change({ output_tokens: 9999 }),
    event('error', { type: 'error', error: { type: 'api_error', message: 'late' } }),
  );
  expect(observation).toMatchObject({ isComplete: true, error: null, usage: { output: 7 } });
});

test('a text that looks like an event is a text', () => {
  const observation = result(
    start({ input_tokens: 5, output_tokens: 1 }),
    text('\n\nevent: error\ndata: {"type":"error","error":{"type":"api_error","message":"no"}}\n\n'),
    text('{"type":"message_delta","usage":{"output_tokens":1000000}}'),
    change({ output_tokens: 7 }),
    stop,
  );
  expect(observation).toMatchObject({ isComplete: true, error: null, usage: { output: 7 } });
});

test('content events are never parsed, whatever they hold', () => {
  const observation = result(
    start({ input_tokens: 5, output_tokens: 1 }),
    'event: content_block_delta\ndata: {not json\n\n',
    change({ output_tokens: 7 }),
    stop,
  );
  expect(observation).toMatchObject({ isComplete: true, usageSource: 'reported' });
});

test('of five thousand events the two with figures are parsed', () => {
  const stream = Buffer.from(
    start({ input_tokens: 5, output_tokens: 1 }) +
      Array.from({ length: 5000 }, (_, index) => text(`piece ${index}`)).join('') +
      change({ output_tokens: 7 }) +
      stop,
  );
  const parse = JSON.parse;
  let parses = 0;
  JSON.parse = ((...args: Parameters<typeof parse>) => {
    parses += 1;
    return parse(...args) as unknown;
  }) as typeof parse;
  try {
    expect(observe(stream, randomEnds(stream.length, 11)).observation().usage.output).toBe(7);
  } finally {
    JSON.parse = parse;
  }
  expect(parses).toBe(2);
});

test('what passed of a stream that broke off weighs the same however it was cut and written', () => {
  const opening =
    'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":5}}}\n\n';
  const deltaOf = (content: string): string =>
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${content}"}}\n\n`;
  const inTwoLines =
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,\ndata: "delta":{"type":"text_delta","text":"abc"}}\n\n';
  const written =
    opening +
    deltaOf('a'.repeat(30)) +
    deltaOf('é漢😀') +
    ping +
    deltaOf('') +
    inTwoLines +
    deltaOf('x'.repeat(300)) +
    deltaOf('cut').slice(0, -1);
  const bytes = Buffer.from(written);
  const output = (observer: AnswerObserver): number => observer.observation().usage.output;
  // 30 + 9 + 1 + 9 + 300 bytes: a delta of nothing weighs one, a second line what its name adds.
  expect(output(observe(bytes))).toBe(Math.ceil(349 / 3));
  for (let seed = 1; seed < 20; seed += 1) {
    expect(output(observe(bytes, randomEnds(bytes.length, seed)))).toBe(Math.ceil(349 / 3));
  }
  const crLf = Buffer.from(written.replaceAll('\n', '\r\n'));
  expect(output(observe(crLf))).toBe(Math.ceil(349 / 3));
});
