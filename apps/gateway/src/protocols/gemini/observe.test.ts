import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { codeAssist } from '../code-assist/index.ts';
import type { AnswerObserver, Observation } from '../protocol.ts';
import { streamFacts } from '../../../test/gemini-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { gemini } from './index.ts';

const all = recordingsOf('gemini').map((each) => [each.name, each] as const);

function observe(bytes: readonly Uint8Array[], protocol = gemini, facts = streamFacts): AnswerObserver {
  const observer = protocol.observe('stream', facts);
  for (const chunk of bytes) observer.push(chunk);
  return observer;
}

const protocolOf = (name: string) => (name.includes('code-assist') ? codeAssist : gemini);

test.each(all)('%s comes to its figures under every cut', (name, { bytes, sidecar }) => {
  for (const [cut, chunks] of chunkings(bytes)) {
    const observer = observe(chunks, protocolOf(name));
    const observation = observer.observation();
    const { usage } = sidecar.expected;
    expect(observation.usage, cut).toEqual({
      input: usage?.input_uncached,
      cacheRead: usage?.cache_read,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: usage?.output,
      webSearches: 0,
    });
    expect(observation, cut).toMatchObject({
      usageSource: sidecar.complete ? 'reported' : 'partial',
      isComplete: sidecar.complete,
      servedModel: sidecar.model,
      messageId: 'fixtureGem10AAAAQ',
      stopReason: sidecar.complete ? 'STOP' : null,
      conditions: { serviceTier: 'standard' },
    });
    expect(observer.phase, cut).toBe(sidecar.complete ? 'complete' : 'error');
  }
});

test('an error inside a stream is told with its text', () => {
  const { bytes } = recordingsOf('gemini-error')[0] ?? { bytes: Buffer.alloc(0) };
  expect(observe([bytes]).observation().error).toMatchObject({
    type: 'UNAVAILABLE',
    message: 'The model is overloaded. Please try again later.',
    raw: expect.stringContaining('{"error":{"code":503') as string,
  });
});

test.each(all)(
  '%s cut anywhere is never complete early, and its usage never more than it came to',
  (name, each) => {
    const text = each.bytes.toString('latin1');
    const ends = [...text.matchAll(/\r?\n\r?\n/g)].map((match) => match.index + match[0].length);
    const output = each.sidecar.expected.usage?.output ?? 0;
    for (const end of [...ends.slice(0, -1), ...ends.map((whole) => whole - 7)]) {
      const observer = observe([each.bytes.subarray(0, end)], protocolOf(name));
      expect(observer.phase).not.toBe('complete');
      const observation = observer.observation();
      expect(observation.isComplete).toBe(false);
      expect(observation.usageSource).not.toBe('reported');
      expect(observation.usage.output).toBeLessThanOrEqual(output);
    }
  },
);

const event = (response: JsonObject): string => `data: ${JSON.stringify(response)}\r\n\r\n`;
const said = (text: string, more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }],
  ...more,
});
const usage = { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4 } };
const ended = (reason: string, more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: reason, index: 0 }],
  ...more,
});

function result(...parts: string[]): Observation & { phase: string } {
  const observer = observe(parts.map((part) => Buffer.from(part)));
  return { ...observer.observation(), phase: observer.phase };
}

test('phases: waiting until something is said, then content, then complete', () => {
  const observer = gemini.observe('stream', streamFacts);
  const phases = [
    ': comment\n\n',
    event(usage),
    event(said('')),
    event({ candidates: [{ content: { parts: [{ text: 'hm', thought: true }] } }] }),
    event(said('a', usage)),
    event(ended('STOP', usage)),
  ].map((part) => {
    observer.push(Buffer.from(part));
    return observer.phase;
  });
  expect(phases).toEqual(['waiting', 'waiting', 'waiting', 'content', 'content', 'complete']);
});

test('an end without usage is no end; usage that came before or comes after it is enough', () => {
  expect(result(event(said('a')), event(ended('STOP')))).toMatchObject({
    phase: 'content',
    isComplete: false,
  });
  expect(result(event(said('a', usage)), event(ended('STOP'))).phase).toBe('complete');
  expect(result(event(said('a')), event(ended('STOP')), event(usage))).toMatchObject({
    phase: 'complete',
    usageSource: 'reported',
    usage: { input: 10, output: 4 },
  });
});

test('of several candidates all must end', () => {
  const two = (first: JsonObject, second: JsonObject): string =>
    event({
      candidates: [
        { index: 0, ...first },
        { index: 1, ...second },
      ],
      ...usage,
    });
  const content = { content: { parts: [{ text: 'x' }] } };
  expect(result(two(content, content), two({ finishReason: 'STOP' }, {})).phase).toBe('content');
  expect(
    result(two(content, content), two({ finishReason: 'STOP' }, {}), two({}, { finishReason: 'STOP' })).phase,
  ).toBe('complete');
});

test('a blocked prompt is a complete answer', () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 10 } };
  expect(result(event(blocked))).toMatchObject({
    phase: 'complete',
    stopReason: 'SAFETY',
    usageSource: 'reported',
    usage: { input: 10, output: 0 },
  });
});

test('content after the last usage, or without any, is estimated', () => {
  const { usage: counted, usageSource } = result(event(said('a', usage)), event(said('x'.repeat(90))));
  expect(usageSource).toBe('partial');
  expect(counted).toMatchObject({ input: 10, output: expect.closeTo(4 + 30, -1) as number });
  const nothing = result(event(said('x'.repeat(90))));
  expect(nothing).toMatchObject({ usageSource: 'estimated', phase: 'content' });
  expect(nothing.usage.output).toBeGreaterThanOrEqual(30);
  expect(nothing.usage.input).toBe(streamFacts.inputTokensEstimate);
});

test('the prompt of tools counts as input, thoughts as output, the cache apart', () => {
  const metadata = {
    promptTokenCount: 100,
    cachedContentTokenCount: 60,
    toolUsePromptTokenCount: 5,
    candidatesTokenCount: 7,
    thoughtsTokenCount: 3,
    serviceTier: 'PRIORITY',
  };
  expect(result(event(ended('STOP', { usageMetadata: metadata })))).toMatchObject({
    usage: { input: 45, cacheRead: 60, output: 10 },
    conditions: { serviceTier: 'priority' },
  });
});

test.each([
  ['gemini-3.8-flash', 2],
  ['gemini-2.5-flash', 1],
])('searches of %s are charged as the vendor does', (model, searches) => {
  const grounded = { groundingMetadata: { webSearchQueries: ['a', 'b'] }, finishReason: 'STOP', index: 0 };
  const observer = observe([Buffer.from(event({ candidates: [grounded], ...usage }))], gemini, {
    ...streamFacts,
    model,
  });
  expect(observer.observation().usage.webSearches).toBe(searches);
});

test('a model that breaks down without a word is a failure to clients that could not tell', () => {
  const bytes = [Buffer.from(event(ended('MALFORMED_FUNCTION_CALL', usage)))];
  expect(observe(bytes).phase).toBe('complete');
  const converted = observe(bytes, gemini, { ...streamFacts, dialect: 'anthropic' });
  expect(converted.phase).toBe('error');
  expect(converted.observation().error?.message).toContain('MALFORMED_FUNCTION_CALL');
  const afterText = [Buffer.from(event(said('a', usage))), ...bytes];
  expect(observe(afterText, gemini, { ...streamFacts, dialect: 'anthropic' }).phase).toBe('complete');
});

test('a text that looks like an end is a text', () => {
  const text = '","finishReason":"STOP"}],"error":{"code":500}}\r\n\r\ndata: {"error":{}}';
  expect(
    result(event(said('a', usage)), event(said(text, usage)), event(ended('STOP', usage))),
  ).toMatchObject({
    phase: 'complete',
    error: null,
    stopReason: 'STOP',
  });
});

test('once content flows, usage is not parsed event by event', () => {
  const stream = Buffer.from(
    event(said('a', usage)) +
      Array.from({ length: 2000 }, (_, index) => event(said(`piece ${index}`, usage))).join('') +
      event(ended('STOP', { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 9000 } })),
  );
  const parse = JSON.parse;
  let parses = 0;
  JSON.parse = ((...args: Parameters<typeof parse>) => {
    parses += 1;
    return parse(...args) as unknown;
  }) as typeof parse;
  try {
    expect(observe([stream]).observation().usage.output).toBe(9000);
  } finally {
    JSON.parse = parse;
  }
  expect(parses).toBe(3);
});

test('a picture of the model’s own is one long line, with its usage at the end', () => {
  const picture = { inlineData: { mimeType: 'image/png', data: 'A'.repeat(9_000_000) } };
  const bytes = Buffer.from(
    event({ candidates: [{ content: { parts: [picture] }, finishReason: 'STOP', index: 0 }], ...usage }),
  );
  const halves = [bytes.subarray(0, 5_000_000), bytes.subarray(5_000_000)];
  const observer = observe(halves);
  expect(observer.phase).toBe('complete');
  expect(observer.observation().usage.output).toBe(4);
  const unreported = observe([Buffer.from(event({ candidates: [{ content: { parts: [picture] } }] }))]);
  expect(unreported.observation().usage.output).toBeLessThan(2000);
});

const whole = { ...ended('STOP', usage), modelVersion: 'gemini-3.8-flash', responseId: 'r1' };

test.each<[name: string, body: string, expected: object]>([
  [
    'an answer',
    JSON.stringify(whole),
    { phase: 'complete', usage: { input: 10, output: 4 }, stopReason: 'STOP' },
  ],
  ['an array', JSON.stringify([said('a', usage), whole]), { phase: 'complete', messageId: 'r1' }],
  ['an array that ends early', JSON.stringify([said('a', usage)]), { phase: 'content', isComplete: false }],
  ['a count', '{"totalTokens":5}', { phase: 'complete', isComplete: true }],
  [
    'an error',
    '{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}',
    {
      phase: 'error',
      error: { type: 'UNAVAILABLE', message: 'no' },
    },
  ],
  [
    'an error in an array',
    '[{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}]',
    { phase: 'error' },
  ],
  ['half an answer', JSON.stringify(whole).slice(0, 60), { phase: 'content', usageSource: 'estimated' }],
  ['a page', '<html>}', { phase: 'error' }],
  ['nothing', '', { phase: 'waiting', usage: { input: 0, output: 0 } }],
])('one body, %s', (_name, body, expected) => {
  for (const [, chunks] of chunkings(Buffer.from(body))) {
    const observer = gemini.observe('json', streamFacts);
    for (const chunk of chunks) observer.push(chunk);
    expect({ phase: observer.phase, ...observer.observation() }).toMatchObject(expected);
  }
});
