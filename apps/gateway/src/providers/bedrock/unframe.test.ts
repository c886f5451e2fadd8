// What is left of Bedrock's frames: the vendor's own events, however the bytes were cut.
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { protocols } from '../../protocols/registry.ts';
import { FrameReader } from './event-stream.ts';
import { countOfAnswer, eventsOfFrames } from './unframe.ts';

function unframed(chunks: readonly Uint8Array[]): string {
  const converter = eventsOfFrames();
  return Buffer.concat([...chunks.map((chunk) => converter.push(chunk)), converter.end()]).toString();
}

function observed(text: string) {
  const observer = protocols.anthropic.observe('stream', someFacts);
  observer.push(Buffer.from(text));
  return { phase: observer.phase, ...observer.observation() };
}

const text = (header: string): Buffer => Buffer.from(header);

/** `types` are header values that are no text, by the number of their type. */
function frame(headers: Record<string, string>, payload: string, others: readonly Buffer[] = []): Buffer {
  const head = Buffer.concat([
    ...others,
    ...Object.entries(headers).map(([name, value]) =>
      Buffer.concat([Buffer.from([name.length]), text(name), Buffer.from([7, 0, value.length]), text(value)]),
    ),
  ]);
  const bytes = Buffer.alloc(12 + head.length + payload.length + 4);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, 12);
  bytes.write(payload, 12 + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

const chunkFrame = (event: string, others?: readonly Buffer[]): Buffer =>
  frame(
    { ':message-type': 'event', ':event-type': 'chunk' },
    JSON.stringify({ bytes: Buffer.from(event).toString('base64'), p: 'abc' }),
    others,
  );

describe.each(recordingsOf('bedrock-invoke').concat(recordingsOf('bedrock-exception')))(
  '$name',
  ({ bytes, sidecar }) => {
    const { expected, complete } = sidecar;

    test.each(chunkings(bytes))('is what was recorded: %s', (_cut, chunks) => {
      const answer = unframed(chunks);
      const { phase, isComplete, usage, stopReason, error } = observed(answer);
      expect([phase, isComplete]).toEqual(complete ? ['complete', true] : ['error', false]);
      expect(usage).toMatchObject({ input: expected.usage?.input_uncached, output: expected.usage?.output });
      expect(stopReason).toBe(expected['stop_reason'] ?? null);
      expect(error?.type ?? null).toBe(expected.error?.['anthropic_error_type'] ?? null);
      const said = [...answer.matchAll(/"text_delta","text":("[^"]*")/g)].map(([, json = '']) =>
        String(JSON.parse(json)),
      );
      expect(said.join('')).toBe(expected.text);
      expect(answer).not.toContain('amazon-bedrock');
      expect(answer).toBe(unframed([bytes]));
    });

    test('cut after any byte, it is never complete before its end', () => {
      for (let end = 0; end < bytes.length; end += 1) {
        const { isComplete } = observed(unframed([bytes.subarray(0, end)]));
        expect(isComplete, String(end)).toBe(false);
      }
    });

    test('with any byte changed, nothing that was changed gets through', () => {
      const whole = unframed([bytes]);
      for (let at = 0; at < bytes.length; at += 13) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ 0x10;
        const answer = unframed([damaged]);
        const own = answer.slice(0, answer.lastIndexOf('event: '));
        expect(whole.startsWith(own), String(at)).toBe(true);
        expect(observed(answer).isComplete, String(at)).toBe(false);
      }
    });
  },
);

test('an event’s own bytes pass as they are, without Bedrock’s figures', () => {
  expect(unframed([chunkFrame('{ "type" : "ping", "n":1.0 }')])).toBe(
    'event: ping\ndata: { "type" : "ping", "n":1.0 }\n\n',
  );
  expect(
    unframed([
      chunkFrame('{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}'),
    ]),
  ).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  expect(unframed([chunkFrame('{"n":1,"type":"new_event"}')])).toBe(
    'event: new_event\ndata: {"n":1,"type":"new_event"}\n\n',
  );
});

test('headers of every type are read over, and events of other kinds left out', () => {
  const value = (type: number, bytes: number): Buffer =>
    Buffer.concat([Buffer.from([1]), text('x'), Buffer.from([type]), Buffer.alloc(bytes, 1)]);
  const others = [
    value(0, 0),
    value(1, 0),
    value(2, 1),
    value(3, 2),
    value(4, 4),
    value(5, 8),
    value(8, 8),
    value(9, 16),
  ];
  const withBytes = Buffer.concat([Buffer.from([1]), text('y'), Buffer.from([6, 0, 2, 9, 9])]);
  expect(unframed([chunkFrame('{"type":"ping"}', [...others, withBytes])])).toContain('event: ping');
  expect(unframed([frame({ ':message-type': 'event', ':event-type': 'initial-response' }, '{}')])).toBe('');
});

test.each([
  ['throttlingException', 'rate_limit_error'],
  ['serviceUnavailableException', 'overloaded_error'],
  ['validationException', 'invalid_request_error'],
  ['modelTimeoutException', 'timeout_error'],
  ['somethingNewException', 'api_error'],
])('%s inside a stream is an error event: %s', (exception, type) => {
  const answer = unframed([
    frame({ ':message-type': 'exception', ':exception-type': exception }, '{"message":"words"}'),
  ]);
  expect(observed(answer)).toMatchObject({ phase: 'error', error: { type, message: 'words' } });
});

test('an error without a name of its own is one too', () => {
  const answer = unframed([
    frame({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'words' }, ''),
  ]);
  expect(observed(answer).error).toMatchObject({ type: 'api_error', message: 'words' });
});

test('a frame that is too large is refused before it is gathered', () => {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 * 1024 * 1024 + 1, 0);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  expect(() => [...new FrameReader().push(prelude)]).toThrow(/a frame of 16777217 bytes/);
  const after = eventsOfFrames();
  expect(observed(Buffer.from(after.push(prelude)).toString()).phase).toBe('error');
  expect(after.push(chunkFrame('{"type":"ping"}')).length).toBe(0);
});

test('a count gets its name, and what is none passes as it is', () => {
  const answer = (body: string): string => {
    const converter = countOfAnswer();
    const pieces = [
      converter.push(Buffer.from(body.slice(0, 3))),
      converter.push(Buffer.from(body.slice(3))),
    ];
    return Buffer.concat([...pieces, converter.end()]).toString();
  };
  expect(answer('{"inputTokens":42}')).toBe('{"input_tokens":42}');
  expect(answer('{"message":"x"}')).toBe('{"message":"x"}');
  expect(answer('<html>')).toBe('<html>');
});
