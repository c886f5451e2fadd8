// Owns cutting a byte stream into lines, whatever the chunks cut: LF, CRLF or CR, a byte order mark, code points in
// halves. Lines are handed over as byte ranges; nobody decodes what he does not need.

/** `bytes[start, end)` is the line without its end. The range is valid only during the call. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Up to here a loop finds a line's end sooner than a native search, whose call alone costs as much. */
const SHORT_LINE_BYTES = 48;
/** What is kept of a line that spans chunks where nobody needs more; beyond it only the beginning is handed over. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/**
 * A stream is taken to keep one kind of line end; the first line tells which. LF and CRLF may be mixed.
 */
export class LineReader {
  readonly #onLine: OnLine;
  readonly #maxLineBytes: number;
  /** Beginning of a line whose end has not come. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #markBytes = 0;
  /** The last line ended with CR; an LF right after it belongs to that end. */
  #endedWithCr = false;
  #endByte: typeof LF | typeof CR | null = null;

  constructor(onLine: OnLine, maxLineBytes = MAX_LINE_BYTES) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let position = 0;
    while (position < bytes.length) position = this.readLine(bytes, position);
  }

  /** A line begins here and ends with LF: whoever knows its beginning may find its end himself, and go on behind it. */
  get isAtLine(): boolean {
    return this.#endByte === LF && this.#partBytes === 0 && !this.#endedWithCr;
  }

  /** Reads the line that goes on at `from`, or what there is of it; answers where the next one begins. */
  readLine(bytes: Buffer, from: number): number {
    let start = this.#markBytes < BYTE_ORDER_MARK.length ? this.#skipMark(bytes, from) : from;
    if (start < bytes.length && this.#endedWithCr) {
      this.#endedWithCr = false;
      const isCrLf = bytes[start] === LF;
      this.#endByte ??= isCrLf ? LF : CR;
      if (isCrLf) start += 1;
    }
    if (start === bytes.length) return start;
    const end = this.#findEnd(bytes, start);
    if (end === -1) {
      this.#keep(bytes, start);
      return bytes.length;
    }
    if (bytes[end] === CR) this.#endedWithCr = true;
    else this.#endByte ??= LF;
    this.#emit(bytes, start, end);
    return end + 1;
  }

  #skipMark(bytes: Buffer, from: number): number {
    let position = from;
    while (position < bytes.length && this.#markBytes < BYTE_ORDER_MARK.length) {
      if (bytes[position] !== BYTE_ORDER_MARK[this.#markBytes]) {
        this.#markBytes = BYTE_ORDER_MARK.length;
        return position;
      }
      position += 1;
      this.#markBytes += 1;
    }
    return position;
  }

  #findEnd(bytes: Buffer, start: number): number {
    const { length } = bytes;
    const shortEnd = this.#endByte === null ? length : Math.min(length, start + SHORT_LINE_BYTES);
    for (let position = start; position < shortEnd; position += 1) {
      const byte = bytes[position];
      if (byte === LF || byte === CR) return position;
    }
    return this.#endByte === null || shortEnd === length ? -1 : bytes.indexOf(this.#endByte, shortEnd);
  }

  #keep(bytes: Buffer, start: number): void {
    const room = this.#maxLineBytes - this.#partBytes;
    if (room <= 0) return;
    // A copy: the chunk belongs to whoever delivers it.
    const part = Buffer.from(bytes.subarray(start, start + room));
    this.#parts.push(part);
    this.#partBytes += part.length;
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    if (this.#partBytes === 0) {
      this.#onLine(bytes, start, withoutCr(bytes, start, end));
      return;
    }
    this.#keep(bytes.subarray(0, end), start);
    const line = Buffer.concat(this.#parts, this.#partBytes);
    this.#parts = [];
    this.#partBytes = 0;
    this.#onLine(line, 0, withoutCr(line, 0, line.length));
  }
}

/** The native search for LF leaves the CR of a CRLF in the line. */
function withoutCr(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}
