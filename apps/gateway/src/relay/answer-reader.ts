// Owns what becomes of an answer's bytes between upstream and client: a vendor's frames come off, an observer reads what
// is left, and the client gets it as it is or converted.
import type { AnswerConverter, AnswerObserver } from '../protocols/protocol.ts';

/** How an answer is read, and what its client gets of it. */
export interface AnswerWay {
  /** Reads the dialect the upstream was asked in. */
  readonly observer: AnswerObserver;
  /** Takes the vendor's frames off; null: there are none. */
  readonly unframe: AnswerConverter | null;
  /** Null: the client gets the very bytes. */
  readonly convert: AnswerConverter | null;
  readonly deliversAs: 'stream' | 'json';
  /** Null: as the upstream says. */
  readonly contentType: string | null;
  /** An error inside a stream has reached the client when it is seen here. */
  readonly passesErrors: boolean;
}

const NOTHING = new Uint8Array();

export class AnswerReader {
  readonly way: AnswerWay;

  constructor(way: AnswerWay) {
    this.way = way;
  }

  get observer(): AnswerObserver {
    return this.way.observer;
  }

  /** What the client gets of this piece now. */
  push(chunk: Uint8Array): Uint8Array {
    const { unframe } = this.way;
    return this.#read(unframe === null ? chunk : unframe.push(chunk));
  }

  /** What only the end of the answer tells. Of a broken one nothing more is said: its end would look like a good one. */
  end(): Uint8Array {
    const { unframe, convert, observer } = this.way;
    const framed = unframe === null ? NOTHING : this.#read(unframe.end());
    if (convert === null || observer.phase !== 'complete') return framed;
    const last = convert.end();
    return framed.length === 0 ? last : Buffer.concat([framed, last]);
  }

  /** Why nothing could be made of what came, once it has ended; null: it was an answer, or told its own error. */
  get failure(): string | null {
    return this.observer.phase === 'error' ? null : (this.way.convert?.failure ?? null);
  }

  /** Whether there is anything to say to a client while the upstream is silent. */
  get canPing(): boolean {
    return this.way.convert?.ping !== undefined;
  }

  ping(): Uint8Array {
    return this.way.convert?.ping?.() ?? NOTHING;
  }

  #read(bytes: Uint8Array): Uint8Array {
    const { observer, convert } = this.way;
    if (bytes.length === 0) return NOTHING;
    observer.push(bytes);
    return convert === null ? bytes : convert.push(bytes);
  }
}
