// Owns reading a stream of Responses while it passes. Events are told apart by their name; the many that carry pieces
// of content are only measured, and the few that carry figures or an error are parsed.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { LineReader } from '../line-reader.ts';
import { ObservedAnswer } from '../observed-answer.ts';
import { isErrorBody } from '../openai/observe-json.ts';
import { parseObject, textOf } from '../read.ts';
import type { AnswerObserver, Observation, ObservedUsage, RequestFacts } from '../protocol.ts';
import { readHead, readResponse } from './read-response.ts';
import { isWebSearch } from './vendor-tools.ts';

const EVENT = Buffer.from('event:');
const DATA = Buffer.from('data:');
const SPACE = 0x20;
const BRACE = 0x7b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Where events have no name, their data begins with the type, as the vendor's does; else it has to be parsed. */
const HEAD_BYTES = 80;
const TYPE = /^\{\s*"type"\s*:\s*"([\w.]+)"/;
const DELTA = Buffer.from('"delta"');
const WEB_SEARCH = Buffer.from('"web_search_call"');
const PICTURE = Buffer.from('"image_generation_call"');
/** Pictures that tools made are in the events, and usage stands behind them in the same line. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NO_TOKENS: ObservedUsage = {
  input: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  output: 0,
  webSearches: 0,
};

export class StreamObserver implements AnswerObserver {
  readonly #facts: RequestFacts;
  readonly #answer: ObservedAnswer;
  readonly #lines = new LineReader((bytes, start, end) => this.#readLine(bytes, start, end), MAX_LINE_BYTES);
  #name = '';
  /** Pieces of the item that is being written have passed. */
  #hasPieces = false;
  #webSearches = 0;
  phase: AnswerObserver['phase'] = 'waiting';

  constructor(facts: RequestFacts) {
    this.#facts = facts;
    this.#answer = new ObservedAnswer(facts);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  observation(): Observation {
    return this.#answer.observation();
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    if (start === end) this.#name = '';
    if (this.phase === 'complete' || this.phase === 'error') return;
    const name = valueStart(bytes, start, end, EVENT);
    if (name !== -1) this.#name = bytes.toString('latin1', name, end);
    const data = valueStart(bytes, start, end, DATA);
    if (data !== -1 && bytes[data] === BRACE) this.#readData(bytes, data, end);
  }

  #readData(bytes: Buffer, start: number, end: number): void {
    const type = this.#name === '' ? typeOf(bytes, start, end) : this.#name;
    if (type.endsWith('.delta')) {
      this.#answer.contentBytes += pieceBytes(bytes, start, end);
      this.#hasPieces = true;
      this.phase = 'content';
      return;
    }
    switch (type) {
      case 'response.created':
      case 'response.in_progress':
      case 'response.queued':
        if (this.#answer.messageId === null) this.#readHead(parsed(bytes, start, end));
        return;
      case 'response.output_item.added':
        this.phase = 'content';
        return;
      case 'response.output_item.done':
        this.#readItem(bytes, start, end);
        return;
      case 'response.completed':
      case 'response.incomplete':
        this.#complete(parsed(bytes, start, end));
        return;
      case 'response.failed':
      case 'error':
        this.#fail(parsed(bytes, start, end), bytes.toString('utf8', start, end));
        return;
      case '':
        this.#readNameless(bytes, start, end);
    }
  }

  #readHead(event: JsonObject): void {
    if (isJsonObject(event['response'])) readHead(event['response'], this.#answer);
  }

  /** An item of which no pieces passed came whole, or was hidden: its size tells what was generated. */
  #readItem(bytes: Buffer, start: number, end: number): void {
    this.phase = 'content';
    const event = bytes.subarray(start, end);
    if (!this.#hasPieces && !event.includes(PICTURE)) this.#answer.contentBytes += event.length;
    this.#hasPieces = false;
    if (!event.includes(WEB_SEARCH)) return;
    const { item } = parsed(bytes, start, end);
    if (!isJsonObject(item) || !isWebSearch(item)) return;
    this.#webSearches += 1;
    this.#answer.report({ ...NO_TOKENS, webSearches: this.#webSearches }, false);
  }

  /** Where the object cannot be read, the answer is complete and charged by estimate. */
  #complete(event: JsonObject): void {
    if (isJsonObject(event['response'])) readResponse(event['response'], this.#answer, this.#facts);
    this.#answer.isComplete = true;
    this.phase = 'complete';
  }

  #fail(event: JsonObject, raw: string): void {
    const { response } = event;
    if (isJsonObject(response)) readResponse(response, this.#answer, this.#facts);
    this.#answer.fail(isJsonObject(response) ? response : event, raw);
    this.phase = 'error';
  }

  /** Compatible hosts write errors as in their other dialects. */
  #readNameless(bytes: Buffer, start: number, end: number): void {
    const event = parsed(bytes, start, end);
    if (isErrorBody(event)) this.#fail(event, bytes.toString('utf8', start, end));
  }
}

/** Where the value begins, the optional space skipped; -1 where the line is another field. */
function valueStart(bytes: Buffer, start: number, end: number, field: Buffer): number {
  const value = start + field.length;
  if (value > end || bytes.compare(field, 0, field.length, start, value) !== 0) return -1;
  return value < end && bytes[value] === SPACE ? value + 1 : value;
}

function typeOf(bytes: Buffer, start: number, end: number): string {
  const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES));
  return TYPE.exec(head)?.[1] ?? textOf(parsed(bytes, start, end)['type']) ?? '';
}

/** Of the text that the event carries as its piece; escapes count as what they are, roughly. */
function pieceBytes(bytes: Buffer, start: number, end: number): number {
  const name = bytes.indexOf(DELTA, start);
  if (name === -1 || name >= end) return 0;
  const first = bytes.indexOf(QUOTE, name + DELTA.length) + 1;
  let last = first;
  while (last < end && bytes[last] !== QUOTE) last += bytes[last] === BACKSLASH ? 2 : 1;
  return Math.max(0, last - first);
}

function parsed(bytes: Buffer, start: number, end: number): JsonObject {
  return parseObject(bytes.toString('utf8', start, end)) ?? {};
}
