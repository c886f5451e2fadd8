// Owns reading an answer that comes as one JSON body: a response, or an array of them. It is parsed once, when somebody
// asks what it was.
import { isJsonObject } from '../../platform/json.ts';
import type { AnswerObserver, Observation, RequestFacts } from '../protocol.ts';
import { Answer } from './answer.ts';
import type { Unwrap } from './observe-stream.ts';

const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;
const SPACE = 0x20;
/** Longer answers pass, yet are charged by estimate. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export class JsonObserver implements AnswerObserver {
  readonly #facts: RequestFacts;
  readonly #unwrap: Unwrap;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #lastByte = 0;
  #parsed: {
    readonly bytes: number;
    readonly answer: Answer;
    readonly phase: AnswerObserver['phase'];
  } | null = null;

  constructor(facts: RequestFacts, unwrap: Unwrap) {
    this.#facts = facts;
    this.#unwrap = unwrap;
  }

  /** JSON has no other end than that it can be read. */
  get phase(): AnswerObserver['phase'] {
    if (this.#lastByte === CLOSING_BRACE || this.#lastByte === CLOSING_BRACKET) return this.#read().phase;
    return this.#lastByte === 0 ? 'waiting' : 'content';
  }

  push(chunk: Uint8Array): void {
    // Not a copy: whoever delivers a body keeps it whole as well, and writes to none of it.
    if (this.#bytes < MAX_KEPT_BYTES)
      this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bytes += chunk.byteLength;
    const last = chunk.findLast((byte) => byte > SPACE);
    if (last !== undefined) this.#lastByte = last;
  }

  observation(): Observation {
    return this.#read().answer.observation();
  }

  #read(): { readonly answer: Answer; readonly phase: AnswerObserver['phase'] } {
    if (this.#parsed?.bytes !== this.#bytes) this.#parsed = { bytes: this.#bytes, ...this.#parse() };
    return this.#parsed;
  }

  #parse(): { readonly answer: Answer; readonly phase: AnswerObserver['phase'] } {
    const answer = new Answer(this.#facts);
    const text = this.#bytes > MAX_KEPT_BYTES ? '' : Buffer.concat(this.#chunks).toString('utf8');
    const body = parse(text);
    const responses = (Array.isArray(body) ? body : [body]).filter(isJsonObject);
    if (responses.length > 0) {
      let isUsageSeen = false;
      for (const wrapped of responses) {
        const response = wrapped['error'] === undefined ? this.#unwrap(wrapped) : wrapped;
        isUsageSeen ||= response['usageMetadata'] !== undefined;
        answer.read(response, JSON.stringify(wrapped));
      }
      if (answer.error !== null) return { answer, phase: 'error' };
      if (answer.hasContent && !isUsageSeen) answer.addContent(this.#bytes);
      if (!Array.isArray(body)) answer.complete();
      return { answer, phase: answer.isComplete ? 'complete' : 'content' };
    }
    if (/^\s*[[{]/.test(text) || this.#bytes > MAX_KEPT_BYTES) {
      // Broke off inside: the vendor generated and charges all of it, of which this much is known.
      answer.addContent(this.#bytes);
      return { answer, phase: 'content' };
    }
    if (text.trim() === '') return { answer, phase: 'waiting' };
    answer.fail({ message: 'The upstream answered something that is not JSON.' }, text.slice(0, 2000));
    return { answer, phase: 'error' };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
