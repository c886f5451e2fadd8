import { expect, test } from 'vitest';
import type { AnswerConverter } from '../protocol.ts';
import { chatFacts } from '../../../test/openai-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { fitUsage } from './ask-usage.ts';

function fitted(body: string, wantsUsage = false): string | null {
  const fit = fitUsage({ ...chatFacts, stream: true, wantsUsage }, Buffer.from(body), '?a=b');
  expect(fit?.query ?? '?a=b').toBe('?a=b');
  return fit?.body.toString() ?? null;
}

test.each([
  [
    'added before all others',
    '{ "model":"m", "n":1.0}',
    '{"stream_options":{"include_usage":true}, "model":"m", "n":1.0}',
  ],
  [
    'an object extended in place',
    '{"a":{"stream_options":{}},"stream_options" : {"include_obfuscation" :false }, "z":"漢"}',
    '{"a":{"stream_options":{}},"stream_options" : {"include_usage":true,"include_obfuscation" :false }, "z":"漢"}',
  ],
  ['an empty object filled', '{"stream_options":{ }}', '{"stream_options":{"include_usage":true }}'],
  [
    'a no becomes a yes',
    '{"stream_options":{"include_usage":false, "x":{"include_usage":false}}}',
    '{"stream_options":{"include_usage":true, "x":{"include_usage":false}}}',
  ],
  ['null is nothing', '{"stream_options":null}', '{"stream_options":{"include_usage":true}}'],
  [
    'the last of several, which parsers keep',
    '{"stream_options":{},"stream_options":{"x":1}}',
    '{"stream_options":{},"stream_options":{"include_usage":true,"x":1}}',
  ],
])('usage is asked for in the client’s own bytes: %s', (_name, body, expected) => {
  const text = fitted(body);
  expect(text).toBe(expected);
  expect(JSON.parse(text ?? '')).toMatchObject({ stream_options: { include_usage: true } });
});

test('who asked for usage, and who wants no stream, is left alone', () => {
  expect(fitted('{"stream_options":{"include_usage":true}}', true)).toBeNull();
  expect(fitUsage({ ...chatFacts, stream: false }, Buffer.from('{}'), '')).toBeNull();
});

function shown(chunks: readonly Buffer[]): string {
  const fit = fitUsage({ ...chatFacts, stream: true, wantsUsage: false }, Buffer.from('{}'), '');
  const converter: AnswerConverter | undefined = fit?.answer?.();
  if (converter === undefined) throw new Error('nothing to convert with');
  // Chunks are reused by whoever reads the socket: what is kept of one has to be a copy.
  const pieces = chunks.map((chunk) => {
    const lent = Buffer.from(chunk);
    const piece = Buffer.from(converter.push(lent));
    lent.fill(0);
    return piece;
  });
  return Buffer.concat([...pieces, converter.end()]).toString();
}

const streams = [...recordingsOf('openai-chat'), ...recordingsOf('azure-chat')].map(({ name, bytes }) => {
  const events = bytes.toString().split('\n\n');
  const expected = events
    .filter((event) => !/"choices":\[\].*"usage":\{/.test(event))
    .map((event) => event.replace(',"usage":null', ''))
    .join('\n\n');
  return { name, bytes, expected };
});

test.each(streams)(
  '$name: what the client did not ask for is gone, all else is there byte for byte',
  ({ bytes, expected }) => {
    expect(expected).not.toContain('"usage"');
    expect(expected.length).toBeLessThan(bytes.length);
    for (const [, chunks] of chunkings(bytes)) expect(shown(chunks)).toBe(expected);
  },
);

test.each(streams)('$name with CRLF and with CR', ({ bytes, expected }) => {
  for (const end of ['\r\n', '\r']) {
    const text = bytes.toString().replaceAll('\n', end);
    for (const [, chunks] of chunkings(Buffer.from(text))) {
      expect(shown(chunks)).toBe(expected.replaceAll('\n', end));
    }
  }
});

test('Azure’s first chunk stays, though it has no choices', () => {
  const [azure] = recordingsOf('azure-chat');
  expect(shown([azure?.bytes ?? Buffer.alloc(0)])).toContain('prompt_filter_results');
});

test.each([
  [
    'figures in the last choice',
    'data: {"usage":{"a":[1,{"b":2}]}, "choices":[{"index":0,"finish_reason":"stop"}]}\n\n',
    'data: {"choices":[{"index":0,"finish_reason":"stop"}]}\n\n',
  ],
  [
    'figures in every chunk, without a space',
    ': hello\ndata:{"choices":[{"delta":{"content":"\\"usage\\":{}"}}] , "usage" : {"x":"}"} }\n\ndata: [DONE]\n\n',
    ': hello\ndata:{"choices":[{"delta":{"content":"\\"usage\\":{}"}}] }\n\ndata: [DONE]\n\n',
  ],
  [
    'a filter’s verdict beside the figures',
    'data: {"choices":[],"prompt_filter_results":[],"usage":{"a":1}}\n\n',
    'data: {"choices":[],"prompt_filter_results":[]}\n\n',
  ],
  ['text about usage', 'data: {"choices":[{"delta":{"content":"a","usage":1}}]}\n\n', null],
  ['an error', 'data: {"error":{"message":"x"},"usage":{}}\n\n', null],
  ['what is no JSON', 'data: "usage" {\n\nevent: "usage"\n\n', null],
  ['an end without an empty line', 'data: {"choices":[],"x":1}', null],
])('of compatible hosts too: %s', (_name, stream, expected) => {
  for (const [, chunks] of chunkings(Buffer.from(stream))) expect(shown(chunks)).toBe(expected ?? stream);
});

test('an event is handed on as soon as it is whole', () => {
  const fit = fitUsage({ ...chatFacts, stream: true }, Buffer.from('{}'), '');
  const converter = fit?.answer?.();
  const event = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n';
  expect(converter?.push(Buffer.from(`${event}data: {`)).toString()).toBe(event);
});
