// Owns reading and writing server-sent events where a dialect is converted into another. Where dialects match, nobody
// reads events whole: observers look at the few lines they need.
import { LineReader } from './line-reader.ts';

/** `name` is empty where the event has none; `data` joins its lines. */
type OnEvent = (name: string, data: string) => void;

const COLON = 0x3a;
const SPACE = 0x20;
/** A picture that a model made comes as one line, and half of it would be no event. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Takes LF, CRLF and CR, comments, several data lines, a missing space after the colon, a byte order mark. */
export class SseReader {
  readonly #onEvent: OnEvent;
  readonly #lines = new LineReader((bytes, start, end) => this.#line(bytes, start, end), MAX_LINE_BYTES);
  #name = '';
  #data: string[] = [];

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /** Vendors end streams right after the last line's end, some even before the empty line. */
  end(): void {
    this.push(Buffer.from('\n\n'));
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      const data = this.#data.join('\n');
      const isEvent = this.#data.length > 0;
      const name = this.#name;
      this.#data = [];
      this.#name = '';
      if (isEvent) this.#onEvent(name, data);
      return;
    }
    const colon = bytes.indexOf(COLON, start);
    // A comment begins with the colon.
    if (colon === start) return;
    const nameEnd = colon === -1 || colon >= end ? end : colon;
    const field = bytes.toString('latin1', start, nameEnd);
    if (field !== 'data' && field !== 'event') return;
    const valueStart = bytes[nameEnd + 1] === SPACE ? nameEnd + 2 : nameEnd + 1;
    const value = bytes.toString('utf8', Math.min(valueStart, end), end);
    if (field === 'data') this.#data.push(value);
    else this.#name = value;
  }
}

/** One event as text; `name` null leaves it out. */
export function sseEvent(name: string | null, data: unknown): string {
  const line = `data: ${JSON.stringify(data)}\n\n`;
  return name === null ? line : `event: ${name}\n${line}`;
}
