// Owns reading an answer that comes as one JSON body. It is parsed once, when somebody asks what it was.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { AnswerObserver, Observation, RequestFacts } from '../protocol.ts';
import { Answer } from './answer.ts';

/** Enough to see whether the body begins as an error. */
const HEAD_BYTES = 64;
const ERROR_HEAD = /^\s*\{\s*(?:"type"\s*:\s*"error"|"error"\s*:)/;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
/** Longer answers pass, yet are charged by estimate. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export class JsonObserver implements AnswerObserver {
  readonly #facts: RequestFacts;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #lastByte: number | null = null;
  #head = '';
  #phase: AnswerObserver['phase'] = 'waiting';
  #parsed: { readonly bytes: number; readonly observation: Observation } | null = null;

  constructor(facts: RequestFacts) {
    this.#facts = facts;
  }

  /** `complete` once the whole body is here and could be read: JSON has no other end. */
  get phase(): AnswerObserver['phase'] {
    if (this.#lastByte === CLOSING_BRACE && this.#phase !== 'complete') this.observation();
    return this.#phase;
  }

  push(chunk: Uint8Array): void {
    // Not a copy: whoever delivers a body keeps it whole as well, and writes to none of it.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#bytes < MAX_KEPT_BYTES) this.#chunks.push(bytes);
    this.#bytes += chunk.byteLength;
    this.#noteLastByte(chunk);
    if (this.#phase !== 'waiting') return;
    this.#head += bytes.toString('latin1', 0, HEAD_BYTES);
    if (ERROR_HEAD.test(this.#head)) this.#phase = 'error';
    else if (this.#head.trimStart().length >= HEAD_BYTES) this.#phase = 'content';
  }

  /** White space may follow the end. */
  #noteLastByte(chunk: Uint8Array): void {
    for (let index = chunk.byteLength - 1; index >= 0; index -= 1) {
      const byte = chunk[index];
      if (byte === undefined || byte > SPACE) {
        this.#lastByte = byte ?? null;
        return;
      }
    }
  }

  observation(): Observation {
    if (this.#parsed?.bytes !== this.#bytes) {
      this.#parsed = { bytes: this.#bytes, observation: this.#read() };
    }
    return this.#parsed.observation;
  }

  #read(): Observation {
    const answer = new Answer(this.#facts);
    const text = this.#bytes > MAX_KEPT_BYTES ? '' : textOf(this.#chunks);
    const body = parse(text);
    if (isJsonObject(body)) {
      if (body['type'] === 'error' || body['error'] !== undefined || !this.#isAnswer(body)) {
        answer.fail(body, text);
        this.#phase = 'error';
      } else {
        answer.finish(body);
        this.#phase = 'complete';
      }
    } else if (text.trimStart().startsWith('{') || this.#bytes > MAX_KEPT_BYTES) {
      // Broke off inside: the vendor generated and charges all of it, of which this much is known.
      answer.contentBytes = this.#bytes;
    } else if (text !== '') {
      answer.fail({ message: 'The upstream answered something that is not JSON.' }, text.slice(0, 2000));
      this.#phase = 'error';
    }
    return answer.observation();
  }

  /** Who stands in front of an upstream, or behind another address of it, may speak JSON too. */
  #isAnswer(body: JsonObject): boolean {
    return this.#facts.operation !== 'generate' || Array.isArray(body['content']);
  }
}

function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
