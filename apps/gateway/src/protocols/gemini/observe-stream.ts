// Owns reading Google's event stream while it passes. Nearly every event carries usage, so once content flows only the
// last usage is kept, as bytes, and read when somebody asks; events with an end, an error or sources are parsed at once.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { LineReader } from '../line-reader.ts';
import type { AnswerObserver, Observation, RequestFacts } from '../protocol.ts';
import { Answer } from './answer.ts';

/** Quotes inside a text are escaped, so none of these can be part of one. */
const TELLING = ['"finishReason"', '"error"', '"blockReason"', '"groundingMetadata"'].map((text) =>
  Buffer.from(text),
);
const USAGE = Buffer.from('"usageMetadata"');
const PARTS = Buffer.from('"parts"');
const INLINE_DATA = Buffer.from('"inlineData"');
/** Of a part, apart from what was generated: `"parts":[{"text":""}],"role":"model"},"index":0}],`. */
const PART_OVERHEAD_BYTES = 45;
/** What a picture of the model's own is charged as, in bytes of text. */
const IMAGE_BYTES = 4000;
/** Usage stands behind the picture in the same line. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const DATA = 'data:';
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_D = 0x64;

/** How the response lies in an event's object; the event itself where dialects do not wrap it. */
export type Unwrap = (event: JsonObject) => JsonObject;

export class StreamObserver implements AnswerObserver {
  readonly #answer: Answer;
  readonly #unwrap: Unwrap;
  readonly #lines = new LineReader((bytes, start, end) => this.#readLine(bytes, start, end), MAX_LINE_BYTES);
  #data: Buffer[] = [];
  /** The last event with usage that nobody has read yet. */
  #unread: Buffer | null = null;

  constructor(facts: RequestFacts, unwrap: Unwrap) {
    this.#answer = new Answer(facts);
    this.#unwrap = unwrap;
  }

  get phase(): AnswerObserver['phase'] {
    const answer = this.#answer;
    if (answer.error !== null) return 'error';
    if (answer.isComplete) return 'complete';
    return answer.hasContent ? 'content' : 'waiting';
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  observation(): Observation {
    this.#readUnread();
    return this.#answer.observation();
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      this.#finishEvent();
      return;
    }
    if (bytes[start] !== LETTER_D || end - start < DATA.length || bytes[start + 4] !== COLON) return;
    const value = bytes[start + DATA.length] === SPACE ? start + DATA.length + 1 : start + DATA.length;
    // A copy: the bytes are valid during the call only.
    if (value < end) this.#data.push(Buffer.from(bytes.subarray(value, end)));
  }

  /** An empty line: the event is whole. */
  #finishEvent(): void {
    const [first, ...more] = this.#data;
    if (first === undefined) return;
    const data =
      more.length === 0 ? first : Buffer.concat(this.#data.flatMap((line) => [line, Buffer.from('\n')]));
    this.#data = [];
    if (this.#answer.error !== null) return;
    if (this.phase === 'content' && !TELLING.some((text) => data.includes(text))) {
      this.#pass(data);
      return;
    }
    this.#readUnread();
    this.#parse(data, true);
  }

  /** Content as usual: what it weighs, and its usage for later. */
  #pass(data: Buffer): void {
    const usage = data.lastIndexOf(USAGE);
    if (usage !== -1) {
      this.#unread = data;
      this.#answer.coverContent();
      return;
    }
    this.#answer.addContent(contentBytesOf(data));
  }

  #readUnread(): void {
    const data = this.#unread;
    if (data === null) return;
    this.#unread = null;
    this.#parse(data, false);
  }

  #parse(data: Buffer, isNew: boolean): void {
    const text = data.toString('utf8');
    const event = parseObject(text);
    if (event === null) return;
    const { error } = event;
    const response = error === undefined ? this.#unwrap(event) : event;
    const hadContent = this.#answer.hasContent;
    this.#answer.read(response, text);
    const isContent = hadContent || this.#answer.hasContent;
    if (isNew && isContent && response['usageMetadata'] === undefined && error === undefined) {
      this.#answer.addContent(contentBytesOf(data));
    }
  }
}

function contentBytesOf(data: Buffer): number {
  const start = data.indexOf(PARTS);
  if (start === -1) return 0;
  if (data.includes(INLINE_DATA)) return IMAGE_BYTES;
  return Math.max(1, data.length - start - PART_OVERHEAD_BYTES);
}

function parseObject(text: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(text);
    // Some hosts send the error of a stream in the array of the other form.
    const only: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isJsonObject(only) ? only : null;
  } catch {
    return null;
  }
}
