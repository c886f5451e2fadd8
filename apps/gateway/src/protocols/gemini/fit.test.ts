import { expect, test } from 'vitest';
import { streamFacts } from '../../../test/gemini-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { fit } from './fit.ts';
import { gemini } from './index.ts';

const body = Buffer.from('{}');
const asArray = { ...streamFacts, streamForm: 'array' } as const;

test('what is asked for as events, or as a whole, passes as it is', () => {
  expect(fit(streamFacts, body, '?alt=sse')).toBeNull();
  expect(fit({ ...streamFacts, stream: false }, body, '')).toBeNull();
});

test.each([
  ['', '?alt=sse'],
  ['?alt=json', '?alt=sse'],
  ['?prettyPrint=false', '?prettyPrint=false&alt=sse'],
])('an array is asked for as events: "%s" becomes "%s"', (query, expected) => {
  const fitted = fit(asArray, body, query);
  expect(fitted?.query).toBe(expected);
  expect(fitted?.body).toBe(body);
});

const skip = 'skip_thought_signature_validator';

test.each([
  [
    'of a call',
    '{ "parts":[{"functionCall":{},"thoughtSignature" : "crs.anthropic.a+b/\\/=" }],"t":1.0}',
    `{ "parts":[{"functionCall":{},"thoughtSignature" : "${skip}" }],"t":1.0}`,
  ],
  [
    'with underscores',
    '{"thought_signature":"crs.openai.x","text":"Grüezi 🌧"}',
    `{"thought_signature":"${skip}","text":"Grüezi 🌧"}`,
  ],
])('a proof %s that another vendor made does not reach Google, all else does', (_name, sent, expected) => {
  expect(fit(streamFacts, Buffer.from(sent), '?alt=sse')).toEqual({
    body: Buffer.from(expected),
    query: '?alt=sse',
    answer: null,
  });
  expect(gemini.kin?.['code-assist']?.request(Buffer.from(sent), 'm', 'generate').toString()).toContain(
    expected,
  );
});

test.each([
  '{"thoughtSignature":"Ccrs.anthropic."}',
  String.raw`{"text":"\"thoughtSignature\":\"crs.anthropic.x\""}`,
  '{"text":"crs.anthropic.x"}',
])('%s is Google’s own, or a text, and passes', (sent) => {
  expect(fit(streamFacts, Buffer.from(sent), '?alt=sse')).toBeNull();
});

test.each(recordingsOf('gemini').map((each) => [each.name, each] as const))(
  '%s comes back as the array of its events, under every cut',
  (_name, { bytes }) => {
    const events = bytes
      .toString('utf8')
      .split(/\r?\n/)
      .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as unknown] : []));
    for (const [cut, chunks] of chunkings(bytes)) {
      const converter = fit(asArray, body, '')?.answer?.();
      const pieces = chunks.map((chunk) => converter?.push(chunk) ?? Buffer.alloc(0));
      const text = Buffer.concat([...pieces, converter?.end() ?? Buffer.alloc(0)]).toString('utf8');
      expect(JSON.parse(text), cut).toEqual(events);
    }
  },
);

test('a response is handed on as soon as it is whole', () => {
  const converter = fit(asArray, body, '')?.answer?.();
  const push = (text: string): string => Buffer.from(converter?.push(Buffer.from(text)) ?? []).toString();
  expect(push('data: {"a":1}\r\n')).toBe('');
  expect(push('\r\n')).toBe('[{"a":1}\n');
  expect(push('data: {"b":2}\r\n\r\n')).toBe(',\r\n{"b":2}\n');
});

test('nothing at all is an empty array', () => {
  expect(Buffer.from(fit(asArray, body, '')?.answer?.().end() ?? []).toString()).toBe('[]');
});
