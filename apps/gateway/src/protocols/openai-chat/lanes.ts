// Owns putting the pieces of a stream in order. Chat Completions may write several calls at once, and text between them;
// the canonical form has one block open at a time, so that a later one waits until the earlier is whole.
import type { CanonicalEvent, Citation } from '../canonical.ts';
import { parseObject } from '../read.ts';

/** Which block a piece belongs to: a text, a thought, or a call by its position. */
export type Piece = TextPiece | CallPiece;

interface TextPiece {
  readonly lane: 'text' | 'thinking';
  readonly text: string;
}

interface CallPiece {
  readonly lane: number;
  readonly text: string;
  readonly id: string | null;
  readonly name: string | null;
}

export class Lanes {
  #open: Piece['lane'] | null = null;
  /** Of the open call, while it is not known to be whole. */
  #arguments = '';
  #waiting: Piece[] = [];
  readonly #closedCalls = new Set<number>();
  readonly #madeId: (position: number) => string;

  constructor(madeId: (position: number) => string) {
    this.#madeId = madeId;
  }

  get hasCalls(): boolean {
    return this.#closedCalls.size > 0 || typeof this.#open === 'number';
  }

  push(piece: Piece): CanonicalEvent[] {
    if (this.#open !== piece.lane && !this.#mayClose()) {
      this.#waiting.push(piece);
      return [];
    }
    const events = this.#write(piece);
    return this.#waiting.length > 0 && this.#mayClose() ? [...events, ...this.#writeWaiting()] : events;
  }

  /** Sources are told right behind the text that cites them. */
  cite(citation: Citation): CanonicalEvent[] {
    return this.#open === 'text' ? [{ type: 'citation', citation }] : [];
  }

  /** Nothing more comes: what waits is written, whole or not. */
  close(): CanonicalEvent[] {
    const events = this.#closeOpen();
    while (this.#waiting.length > 0) events.push(...this.#writeWaiting(), ...this.#closeOpen());
    return events;
  }

  /** A call is whole when its arguments are; anything else may end at any time. */
  #mayClose(): boolean {
    return typeof this.#open !== 'number' || parseObject(this.#arguments) !== null;
  }

  #writeWaiting(): CanonicalEvent[] {
    const pieces = this.#waiting;
    this.#waiting = [];
    return pieces.flatMap((piece) => this.push(piece));
  }

  #write(piece: Piece): CanonicalEvent[] {
    return isCall(piece) ? this.#writeCall(piece) : this.#writeText(piece);
  }

  #writeText({ lane, text }: TextPiece): CanonicalEvent[] {
    const events: CanonicalEvent[] =
      this.#open === lane ? [] : [...this.#closeOpen(), { type: 'block_start', block: { type: lane } }];
    this.#open = lane;
    return [...events, { type: lane, text }];
  }

  #writeCall({ lane, text, id, name }: CallPiece): CanonicalEvent[] {
    // What comes for a call after its arguments were whole adds nothing.
    if (this.#closedCalls.has(lane)) return [];
    const events: CanonicalEvent[] = [];
    if (this.#open !== lane) {
      const block = { type: 'tool_call', id: id ?? this.#madeId(lane), name: name ?? '' } as const;
      events.push(...this.#closeOpen(), { type: 'block_start', block });
    }
    this.#open = lane;
    this.#arguments += text;
    return text === '' ? events : [...events, { type: 'input', json: text }];
  }

  #closeOpen(): CanonicalEvent[] {
    if (this.#open === null) return [];
    if (typeof this.#open === 'number') this.#closedCalls.add(this.#open);
    this.#open = null;
    this.#arguments = '';
    return [{ type: 'block_stop' }];
  }
}

function isCall(piece: Piece): piece is CallPiece {
  return typeof piece.lane === 'number';
}
