// Owns reading Anthropic's event stream while it passes. Events are told apart by a few bytes; only the three kinds
// that carry figures or an error are decoded and parsed, some of hundreds.
import { isJsonObject } from '../../platform/json.ts';
import { LineReader } from '../line-reader.ts';
import type { AnswerObserver, Observation, RequestFacts } from '../protocol.ts';
import { Answer } from './answer.ts';

type EventName = 'none' | 'start' | 'content' | 'delta' | 'change' | 'stop' | 'error' | 'other';

/** Line of a text delta without its text: what a content event weighs apart from what was generated. */
const DELTA_OVERHEAD_BYTES =
  'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}}'.length;
const EVENT_LINE_BYTES = 'event: content_block_delta\n'.length;
const DELTA_HEAD = Buffer.from('event: content_block_delta\ndata: ');
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TYPE_PREFIX = Buffer.from('{"type":"');
const COLON = 0x3a;
const SPACE = 0x20;
const QUOTE = 0x22;
const LETTER_D = 0x64;
const LETTER_E = 0x65;
const LETTER_S = 0x73;

export class StreamObserver implements AnswerObserver {
  readonly #answer: Answer;
  readonly #lines = new LineReader((bytes, start, end) => this.#readLine(bytes, start, end));
  /** Of the event that is being read. */
  #name: EventName = 'none';
  #data: string | null = null;
  #dataBytes = 0;
  phase: AnswerObserver['phase'] = 'waiting';

  constructor(facts: RequestFacts) {
    this.#answer = new Answer(facts);
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let position = 0;
    while (position < bytes.length) {
      const isBetweenEvents = this.#dataBytes === 0 && this.#name === 'none' && this.#lines.isAtLine;
      if (this.phase === 'content' && isBetweenEvents) position = this.#skipDeltas(bytes, position);
      if (position < bytes.length) position = this.#lines.readLine(bytes, position);
    }
  }

  /** Deltas, nearly all there is of a stream, are counted as they are usually written: two lines, and all of them here. */
  #skipDeltas(bytes: Buffer, from: number): number {
    let start = from;
    while (beginsWithDelta(bytes, start)) {
      const end = bytes.indexOf(LINE_FEED, start + DELTA_HEAD.length);
      if (end === -1 || bytes[end + 1] !== LINE_FEED || bytes[end - 1] === CARRIAGE_RETURN) break;
      this.#countDelta(end - start - EVENT_LINE_BYTES);
      start = end + 2;
    }
    return start;
  }

  #countDelta(dataBytes: number): void {
    this.#answer.contentBytes += Math.max(1, dataBytes - DELTA_OVERHEAD_BYTES);
  }

  observation(): Observation {
    return this.#answer.observation();
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      this.#finishEvent();
      return;
    }
    const first = bytes[start];
    if (first === LETTER_E) {
      const value = valueStart(bytes, start, end, 'event');
      if (value !== -1) this.#name = nameOf(bytes, value, end);
    } else if (first === LETTER_D) {
      const value = valueStart(bytes, start, end, 'data');
      if (value !== -1) this.#readData(bytes, start, value, end);
    }
  }

  #readData(bytes: Buffer, start: number, value: number, end: number): void {
    if (this.#name === 'none') this.#name = nameInData(bytes, value, end);
    this.#dataBytes += end - start;
    if (this.#name === 'content' || this.#name === 'delta' || this.#name === 'stop') return;
    if (this.#name === 'other') return;
    const text = bytes.toString('utf8', value, end);
    this.#data = this.#data === null ? text : `${this.#data}\n${text}`;
  }

  /** An empty line: the event is whole. */
  #finishEvent(): void {
    const name = this.#name;
    const data = this.#data;
    const dataBytes = this.#dataBytes;
    if (name === 'none' && data === null) return;
    this.#name = 'none';
    this.#data = null;
    this.#dataBytes = 0;
    if (dataBytes === 0 || this.phase === 'complete' || this.phase === 'error') return;
    switch (name) {
      case 'delta':
        this.phase = 'content';
        this.#countDelta(dataBytes);
        return;
      case 'content':
        this.phase = 'content';
        return;
      case 'stop':
        this.phase = 'complete';
        this.#answer.complete();
        return;
      case 'other':
        return;
      case 'none':
      case 'start':
      case 'change':
      case 'error':
        if (data !== null) this.#readEvent(name, data);
    }
  }

  #readEvent(name: EventName, data: string): void {
    const event = parseObject(data);
    if (event === null) {
      // An error event is one even where its text is no JSON, as some proxies write it.
      if (name === 'error') this.#fail({}, data);
      return;
    }
    const { type } = event;
    if (type === 'message_start' && isJsonObject(event['message'])) {
      this.#answer.start(event['message']);
    } else if (type === 'message_delta') {
      this.phase = 'content';
      this.#answer.change(event);
    } else if (type === 'message_stop') {
      this.phase = 'complete';
      this.#answer.complete();
    } else if (type === 'error' || name === 'error' || (type === undefined && event['error'] !== undefined)) {
      this.#fail(event, data);
    }
  }

  #fail(event: Parameters<Answer['fail']>[0], raw: string): void {
    this.phase = 'error';
    this.#answer.fail(event, raw);
  }
}

function beginsWithDelta(bytes: Buffer, start: number): boolean {
  if (start + DELTA_HEAD.length >= bytes.length) return false;
  for (let index = 0; index < DELTA_HEAD.length; index += 1) {
    if (bytes[start + index] !== DELTA_HEAD[index]) return false;
  }
  return true;
}

function parseObject(text: string) {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Where the value of `field` begins, the optional space skipped; -1 when the line is another field. */
function valueStart(bytes: Buffer, start: number, end: number, field: 'event' | 'data'): number {
  const colon = start + field.length;
  if (colon >= end || bytes[colon] !== COLON) return -1;
  for (let index = 1; index < field.length; index += 1) {
    if (bytes[start + index] !== field.charCodeAt(index)) return -1;
  }
  return bytes[colon + 1] === SPACE && colon + 1 < end ? colon + 2 : colon + 1;
}

/** The vendor's event names differ in length and first letters; an unknown one is `other` or is checked when parsed. */
function nameOf(bytes: Buffer, start: number, end: number): EventName {
  const first = bytes[start];
  switch (end - start) {
    case 'content_block_delta'.length:
      if (first !== 0x63) return 'other';
      return bytes[start + 14] === LETTER_D ? 'delta' : 'content';
    case 'content_block_stop'.length:
      return first === 0x63 ? 'content' : 'other';
    case 'message_start'.length:
      if (first !== 0x6d) return 'other';
      return bytes[start + 8] === LETTER_S ? 'start' : 'change';
    case 'message_stop'.length:
      return first === 0x6d ? 'stop' : 'other';
    case 'error'.length:
      return first === LETTER_E ? 'error' : 'other';
    default:
      return 'other';
  }
}

/** For streams without event names: the type at the head of the JSON; `none` = parse it. */
function nameInData(bytes: Buffer, start: number, end: number): EventName {
  const nameStart = start + TYPE_PREFIX.length;
  if (nameStart >= end || bytes.compare(TYPE_PREFIX, 0, TYPE_PREFIX.length, start, nameStart) !== 0)
    return 'none';
  const nameEnd = bytes.indexOf(QUOTE, nameStart);
  return nameEnd === -1 || nameEnd >= end ? 'none' : nameOf(bytes, nameStart, nameEnd);
}
