// Frames of `application/vnd.amazon.eventstream`: lengths, headers, payload and the two checksums.
import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../json.ts';
import { seededInteger } from '../../seed.ts';
import type { StreamEvent, TokenCounts } from '../vendor.ts';

const STRING_HEADER = 7;
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const PADDING = 'abcdefghijklmnopqrstuvwxyz';

export interface FrameOptions {
  tokens?: TokenCounts;
  paced?: boolean;
}

/** An event with some padding, by which nobody can tell the length of a piece from that of its frame. */
export function eventFrame(type: string, payload: JsonObject, options: FrameOptions = {}): StreamEvent {
  const p = PADDING.slice(0, 1 + seededInteger(JSON.stringify(payload), PADDING.length));
  const data = JSON.stringify({ ...payload, p });
  return { name: type, data, bytes: frame(typeHeaders('event', type), data), ...options };
}

export function exceptionFrame(type: string, payload: JsonObject): StreamEvent {
  const data = JSON.stringify(payload);
  return { name: type, data, bytes: frame(typeHeaders('exception', type), data) };
}

function typeHeaders(kind: 'event' | 'exception', type: string): [string, string][] {
  return [
    [`:${kind}-type`, type],
    [':content-type', 'application/json'],
    [':message-type', kind],
  ];
}

function frame(headers: readonly [string, string][], payload: string): Buffer {
  const head = Buffer.concat(headers.map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload);
  const total = PRELUDE_BYTES + head.length + body.length + CHECKSUM_BYTES;
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, head, body]);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(message));
  return Buffer.concat([message, checksum]);
}

function header(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([
    Buffer.from([nameBytes.length]),
    nameBytes,
    Buffer.from([STRING_HEADER]),
    length,
    valueBytes,
  ]);
}
