// Owns the other form of Google's streams: without `alt=sse` a stream is one JSON array that grows by a response each.
import type { AnswerConverter } from '../protocol.ts';
import { SseReader } from '../sse.ts';

/** Says elements one after another, and the brackets around them. */
export class ArrayText {
  #isEmpty = true;

  element(json: string): string {
    const before = this.#isEmpty ? '[' : ',\r\n';
    this.#isEmpty = false;
    return `${before}${json}\n`;
  }

  end(): string {
    return this.#isEmpty ? '[]' : ']';
  }
}

/** Events in, the array out; an error event is an element like any other. */
export class EventsToArray implements AnswerConverter {
  readonly #array = new ArrayText();
  readonly #events = new SseReader((_name, data) => {
    this.#text += this.#array.element(data);
  });
  #text = '';

  push(chunk: Uint8Array): Uint8Array {
    this.#events.push(chunk);
    return this.#take();
  }

  end(): Uint8Array {
    this.#events.end();
    this.#text += this.#array.end();
    return this.#take();
  }

  #take(): Uint8Array {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }
}
