// Owns reading an answer of OpenAI's that comes as one JSON body. It is parsed once, when somebody asks what it was.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { ObservedAnswer } from '../observed-answer.ts';
import type { AnswerObserver, Observation, RequestFacts } from '../protocol.ts';

/** Puts what the body says into the answer; false where it tells no usage. */
export type ReadAnswer = (body: JsonObject, answer: ObservedAnswer) => boolean;

interface Read {
  readonly answer: ObservedAnswer;
  readonly phase: AnswerObserver['phase'];
}

const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
/** Longer answers pass, yet are charged by estimate. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export class JsonObserver implements AnswerObserver {
  readonly #facts: RequestFacts;
  readonly #readAnswer: ReadAnswer;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #lastByte = 0;
  #last: (Read & { readonly bytes: number }) | null = null;

  constructor(facts: RequestFacts, readAnswer: ReadAnswer) {
    this.#facts = facts;
    this.#readAnswer = readAnswer;
  }

  /** JSON has no other end than that it can be read. */
  get phase(): AnswerObserver['phase'] {
    if (this.#lastByte === CLOSING_BRACE) return this.#read().phase;
    return this.#lastByte === 0 ? 'waiting' : 'content';
  }

  push(chunk: Uint8Array): void {
    // Not a copy: whoever delivers a body keeps it whole as well, and writes to none of it.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#bytes < MAX_KEPT_BYTES) this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    this.#lastByte = bytes.findLast((byte) => byte > SPACE) ?? this.#lastByte;
  }

  observation(): Observation {
    return this.#read().answer.observation();
  }

  #read(): Read {
    if (this.#last?.bytes !== this.#bytes) this.#last = { bytes: this.#bytes, ...this.#parse() };
    return this.#last;
  }

  #parse(): Read {
    const answer = new ObservedAnswer(this.#facts);
    const text = this.#bytes > MAX_KEPT_BYTES ? '' : Buffer.concat(this.#chunks).toString('utf8');
    const body = parse(text);
    if (isJsonObject(body)) return { answer, phase: this.#readBody(body, text, answer) };
    if (text.trimStart().startsWith('{') || this.#bytes > MAX_KEPT_BYTES) {
      // Broke off inside: the vendor generated and charges all of it, of which this much is known.
      this.#estimate(answer);
      return { answer, phase: 'content' };
    }
    if (text.trim() === '') return { answer, phase: 'waiting' };
    answer.fail({ message: 'The upstream answered something that is not JSON.' }, text.slice(0, 2000));
    return { answer, phase: 'error' };
  }

  #readBody(body: JsonObject, text: string, answer: ObservedAnswer): AnswerObserver['phase'] {
    if (isErrorBody(body)) {
      answer.fail(body, text);
      return 'error';
    }
    if (!this.#readAnswer(body, answer)) this.#estimate(answer);
    answer.isComplete = true;
    return 'complete';
  }

  /** Of an embedding nothing is generated. */
  #estimate(answer: ObservedAnswer): void {
    if (this.#facts.operation !== 'embeddings') answer.contentBytes = this.#bytes;
    else if (this.#bytes > 0) answer.report({ ...NOTHING, input: this.#facts.inputTokensEstimate }, false);
  }
}

const NOTHING = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, webSearches: 0 };

/** The vendor's own form, and that of compatible hosts that write the error flat. */
export function isErrorBody(body: JsonObject): boolean {
  const { error } = body;
  return isJsonObject(error) || (typeof error === 'string' && error !== '') || body['object'] === 'error';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
