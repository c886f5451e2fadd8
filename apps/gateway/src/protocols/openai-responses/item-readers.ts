// Owns reading one item of a stream: pieces become events of the block they belong to. Hosts may leave pieces out, and
// then the whole item tells.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent } from '../canonical.ts';
import { callForms, type FormName, formsByItem } from './call-forms.ts';
import { citationOf, signatureOf } from './decode-answer.ts';
import { numberOf, objectsOf, textOf } from '../read.ts';

export interface ItemReader {
  /** Of an event of the item, `type` without `response.`. */
  read(type: string, event: JsonObject): CanonicalEvent[];
  /** The whole item: what no event has told of it, and the end of its block. */
  done(item: JsonObject): CanonicalEvent[];
  /** It broke off. */
  close(): CanonicalEvent[];
}

/** Null for what has no place in other dialects. */
export function readerFor(item: JsonObject): ItemReader | null {
  if (item['type'] === 'message') return new MessageReader();
  if (item['type'] === 'reasoning') return new ReasoningReader();
  const form = formsByItem.get(item['type']);
  return form === undefined ? null : new CallReader(form, item);
}

class MessageReader implements ItemReader {
  #isOpen = false;
  /** The part that pieces are of. */
  #part: unknown = null;
  #hasText = false;

  read(type: string, event: JsonObject): CanonicalEvent[] {
    switch (type) {
      case 'output_text.delta': {
        const text = textOf(event['delta']);
        return text === null ? [] : [...this.#openPart(event['content_index']), { type: 'text', text }];
      }
      case 'output_text.annotation.added': {
        const citation = isJsonObject(event['annotation']) ? citationOf(event['annotation']) : null;
        return citation === null || !this.#isOpen ? [] : [{ type: 'citation', citation }];
      }
      default:
        return [];
    }
  }

  done(item: JsonObject): CanonicalEvent[] {
    if (this.#hasText) return this.close();
    return objectsOf(item['content']).flatMap((part, index): CanonicalEvent[] => {
      const text = textOf(part['text']);
      if (text === null) return [];
      const citations = objectsOf(part['annotations']).flatMap((annotation) => citationOf(annotation) ?? []);
      return [
        ...this.#openPart(index),
        { type: 'text', text },
        ...citations.map((citation) => ({ type: 'citation' as const, citation })),
        ...this.close(),
      ];
    });
  }

  close(): CanonicalEvent[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    return [{ type: 'block_stop' }];
  }

  #openPart(part: unknown): CanonicalEvent[] {
    this.#hasText = true;
    if (this.#isOpen && this.#part === part) return [];
    const closed = this.close();
    this.#isOpen = true;
    this.#part = part;
    return [...closed, { type: 'block_start', block: { type: 'text' } }];
  }
}

class ReasoningReader implements ItemReader {
  #part: string | null = null;

  read(type: string, event: JsonObject): CanonicalEvent[] {
    if (type !== 'reasoning_summary_text.delta' && type !== 'reasoning_text.delta') return [];
    const text = textOf(event['delta']);
    if (text === null) return [];
    const place = numberOf(event['summary_index']) ?? numberOf(event['content_index']) ?? 0;
    return this.#piece(`${type} ${place}`, text);
  }

  done(item: JsonObject): CanonicalEvent[] {
    const signature = signatureOf(item);
    const parts = [...objectsOf(item['summary']), ...objectsOf(item['content'])];
    const untold = this.#part !== null ? [] : parts.flatMap((part, index) => this.#whole(part, index));
    if (this.#part === null) return signature === null ? [] : [{ type: 'hidden_thinking', signature }];
    return [
      ...untold,
      ...(signature === null ? [] : [{ type: 'signature' as const, signature }]),
      ...this.close(),
    ];
  }

  close(): CanonicalEvent[] {
    if (this.#part === null) return [];
    this.#part = null;
    return [{ type: 'block_stop' }];
  }

  #whole(part: JsonObject, index: number): CanonicalEvent[] {
    const text = textOf(part['text']);
    return text === null ? [] : this.#piece(String(index), text);
  }

  /** Parts of one thought are one block. */
  #piece(part: string, text: string): CanonicalEvent[] {
    const before = this.#part;
    this.#part = part;
    if (before === null)
      return [
        { type: 'block_start', block: { type: 'thinking' } },
        { type: 'thinking', text },
      ];
    return [{ type: 'thinking', text: before === part ? text : `\n\n${text}` }];
  }
}

class CallReader implements ItemReader {
  readonly #form: FormName;
  #start: CanonicalEvent[];
  #isOpen = false;
  #hasInput = false;

  constructor(form: FormName, item: JsonObject) {
    this.#form = form;
    const id = textOf(item['call_id']) ?? textOf(item['id']) ?? '';
    const block = { type: 'tool_call' as const, id, name: textOf(item['name']) ?? form };
    this.#start = [{ type: 'block_start', block }];
  }

  read(type: string, event: JsonObject): CanonicalEvent[] {
    const json = type === 'function_call_arguments.delta' ? textOf(event['delta']) : null;
    if (json === null) return this.#open();
    this.#hasInput = true;
    return [...this.#open(), { type: 'input', json }];
  }

  done(item: JsonObject): CanonicalEvent[] {
    const { read } = callForms[this.#form];
    const untold: CanonicalEvent[] = this.#hasInput
      ? []
      : [{ type: 'input', json: JSON.stringify(read(item)) }];
    return [...this.#open(), ...untold, ...this.close()];
  }

  close(): CanonicalEvent[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    return [{ type: 'block_stop' }];
  }

  #open(): CanonicalEvent[] {
    const start = this.#start;
    this.#start = [];
    if (start.length > 0) this.#isOpen = true;
    return start;
  }
}
