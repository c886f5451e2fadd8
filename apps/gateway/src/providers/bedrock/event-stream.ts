// Owns taking AWS's frames apart (`application/vnd.amazon.eventstream`): lengths, headers, payload, two checksums.
import { crc32 } from 'node:zlib';

export interface Frame {
  /** Text headers only; no others are sent here. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** The bytes are no frames, or were changed on the way: nothing that follows can be told apart. */
export class DamagedFrames extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DamagedFrames';
  }
}

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const MIN_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;
const MAX_BYTES = 16 * 1024 * 1024;
const BYTES_TYPE = 6;
const TEXT_TYPE = 7;
/** Of header values whose length their type fixes. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of the frame that has begun; its prelude first. */
  #needed = PRELUDE_BYTES;

  /** Frames that end in this chunk, cut anywhere. Throws DamagedFrames. */
  *push(chunk: Uint8Array): Generator<Frame> {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bytes += chunk.byteLength;
    while (this.#bytes >= this.#needed) {
      const pending = this.#joined();
      if (this.#needed === PRELUDE_BYTES) {
        this.#needed = lengthOf(pending);
        continue;
      }
      const frame = pending.subarray(0, this.#needed);
      this.#chunks = [pending.subarray(this.#needed)];
      this.#bytes -= this.#needed;
      this.#needed = PRELUDE_BYTES;
      yield frameOf(frame);
    }
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

function lengthOf(prelude: Buffer): number {
  if (crc32(prelude.subarray(0, 8)) !== prelude.readUInt32BE(8)) {
    throw new DamagedFrames('the checksum of a prelude is wrong');
  }
  const total = prelude.readUInt32BE(0);
  if (total < MIN_BYTES || total > MAX_BYTES || prelude.readUInt32BE(4) > total - MIN_BYTES) {
    throw new DamagedFrames(`a frame of ${total} bytes`);
  }
  return total;
}

function frameOf(frame: Buffer): Frame {
  const end = frame.length - CHECKSUM_BYTES;
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) {
    throw new DamagedFrames('the checksum of a frame is wrong');
  }
  const payloadStart = PRELUDE_BYTES + frame.readUInt32BE(4);
  return {
    headers: headersOf(frame.subarray(PRELUDE_BYTES, payloadStart)),
    payload: frame.subarray(payloadStart, end),
  };
}

function headersOf(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let position = 0;
  while (position < bytes.length) {
    const nameEnd = position + 1 + bytes.readUInt8(position);
    // The checksum was right, so a length beyond the end is the sender's own.
    if (nameEnd >= bytes.length) throw new DamagedFrames('a header without an end');
    const name = bytes.toString('utf8', position + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    const hasLength = type === BYTES_TYPE || type === TEXT_TYPE;
    if (hasLength && nameEnd + 3 > bytes.length) throw new DamagedFrames('a header without an end');
    const length = hasLength ? bytes.readUInt16BE(nameEnd + 1) : FIXED_BYTES[type];
    if (length === undefined) throw new DamagedFrames(`a header of type ${type}`);
    const start = nameEnd + (hasLength ? 3 : 1);
    if (type === TEXT_TYPE) headers.set(name, bytes.toString('utf8', start, start + length));
    position = start + length;
  }
  return headers;
}
