// Owns making one whole answer of a stream, for clients that want no stream of an upstream that gives one.
import type { AnswerBlock, CanonicalAnswer, CanonicalEvent, Citation, Signature } from '../canonical.ts';
import { readArguments } from '../tool-arguments.ts';

type Block = Extract<CanonicalEvent, { type: 'block_start' }>['block'];

export class AnswerCollector {
  #id = '';
  readonly #content: AnswerBlock[] = [];
  #open: OpenBlock | null = null;

  /** The answer once it is whole; null before. */
  push(event: CanonicalEvent): CanonicalAnswer | null {
    switch (event.type) {
      case 'start':
        this.#id = event.id;
        return null;
      case 'block_start':
        this.#open = new OpenBlock(event.block);
        return null;
      case 'block_stop':
        if (this.#open !== null) this.#content.push(this.#open.close());
        this.#open = null;
        return null;
      case 'hidden_thinking':
        this.#content.push(event);
        return null;
      case 'finish': {
        const { stop, stopSequence, refusal, usage, serviceTier } = event;
        return { id: this.#id, content: this.#content, stop, stopSequence, refusal, usage, serviceTier };
      }
      default:
        this.#open?.push(event);
        return null;
    }
  }
}

type Piece = Extract<CanonicalEvent, { type: 'text' | 'thinking' | 'input' | 'signature' | 'citation' }>;

class OpenBlock {
  readonly #block: Block;
  #text = '';
  #signature: Signature | null = null;
  readonly #citations: Citation[] = [];

  constructor(block: Block) {
    this.#block = block;
  }

  push(piece: Piece): void {
    if (piece.type === 'signature') this.#signature = piece.signature;
    else if (piece.type === 'citation') this.#citations.push(piece.citation);
    else this.#text += piece.type === 'input' ? piece.json : piece.text;
  }

  close(): AnswerBlock {
    const block = this.#block;
    switch (block.type) {
      case 'text':
        return { type: 'text', text: this.#text, citations: this.#citations };
      case 'thinking':
        return { type: 'thinking', text: this.#text, signature: this.#signature };
      case 'tool_call':
        return {
          ...block,
          input: readArguments(this.#text),
          ...(this.#signature === null ? {} : { signature: this.#signature }),
        };
    }
  }
}
