// Owns saying one item of an answer, event by event: it is announced, its pieces follow, and it ends whole.
import type { JsonObject } from '../../platform/json.ts';
import type { Citation, Signature } from '../canonical.ts';
import { writeSignature } from '../foreign-signature.ts';
import { readArguments } from '../tool-arguments.ts';
import { type ClientTool, formOf } from './client-tools.ts';

/** Where the item stands in the answer, and how its events are written. */
export interface ItemPlace {
  readonly say: (type: string, fields: JsonObject) => string;
  readonly index: number;
  /** Of the answer, that the item's is made of. */
  readonly idOf: (prefix: string) => string;
}

/** What all of them have: the item so far and as a whole. */
class ItemWriter {
  readonly #place: ItemPlace;
  readonly id: string;

  constructor(place: ItemPlace, prefix: string) {
    this.#place = place;
    this.id = place.idOf(prefix);
  }

  protected say(type: string, fields: JsonObject): string {
    return this.#place.say(type, { item_id: this.id, output_index: this.#place.index, ...fields });
  }

  protected added(item: JsonObject): string {
    return this.#place.say('response.output_item.added', { output_index: this.#place.index, item });
  }

  protected done(item: JsonObject): string {
    return this.#place.say('response.output_item.done', { output_index: this.#place.index, item });
  }
}

export interface ClosedItem {
  readonly text: string;
  readonly item: JsonObject;
}

/** Texts that follow each other are parts of one message. */
export class MessageWriter extends ItemWriter {
  readonly #parts: JsonObject[] = [];
  #text = '';
  #annotations: JsonObject[] = [];

  constructor(place: ItemPlace) {
    super(place, 'msg');
  }

  open(): string {
    return this.added(this.#item('in_progress'));
  }

  openText(): string {
    this.#text = '';
    this.#annotations = [];
    return this.#sayPart('response.content_part.added', { part: this.#textPart() });
  }

  text(delta: string): string {
    this.#text += delta;
    return this.#sayPart('response.output_text.delta', { delta, logprobs: [] });
  }

  cite({ url, title }: Citation): string {
    const annotation = {
      type: 'url_citation',
      url,
      title: title ?? '',
      start_index: 0,
      end_index: this.#text.length,
    };
    this.#annotations.push(annotation);
    return this.#sayPart('response.output_text.annotation.added', {
      annotation_index: this.#annotations.length - 1,
      annotation,
    });
  }

  closeText(): string {
    const part = this.#textPart();
    const text =
      this.#sayPart('response.output_text.done', { text: this.#text, logprobs: [] }) +
      this.#sayPart('response.content_part.done', { part });
    this.#parts.push(part);
    return text;
  }

  refuse(refusal: string): string {
    const part = { type: 'refusal', refusal };
    const text =
      this.#sayPart('response.content_part.added', { part: { type: 'refusal', refusal: '' } }) +
      this.#sayPart('response.refusal.delta', { delta: refusal }) +
      this.#sayPart('response.refusal.done', { refusal }) +
      this.#sayPart('response.content_part.done', { part });
    this.#parts.push(part);
    return text;
  }

  close(): ClosedItem {
    const item = this.#item('completed');
    return { text: this.done(item), item };
  }

  #sayPart(type: string, fields: JsonObject): string {
    return this.say(type, { content_index: this.#parts.length, ...fields });
  }

  #textPart(): JsonObject {
    return { type: 'output_text', text: this.#text, annotations: [...this.#annotations], logprobs: [] };
  }

  #item(status: string): JsonObject {
    return { id: this.id, type: 'message', status, role: 'assistant', content: [...this.#parts] };
  }
}

/** A thought. One that is readable has a part, even an empty one: without parts it is a hidden one. */
export class ReasoningWriter extends ItemWriter {
  #text = '';
  #signature: Signature | null = null;

  constructor(place: ItemPlace) {
    super(place, 'rs');
  }

  open(): string {
    return (
      this.added({ id: this.id, type: 'reasoning', summary: [] }) +
      this.#sayPart('response.reasoning_summary_part.added', { part: { type: 'summary_text', text: '' } })
    );
  }

  text(delta: string): string {
    this.#text += delta;
    return this.#sayPart('response.reasoning_summary_text.delta', { delta });
  }

  sign(signature: Signature): void {
    this.#signature = signature;
  }

  close(): ClosedItem {
    const part = { type: 'summary_text', text: this.#text };
    const item = this.#item([part]);
    const text =
      this.#sayPart('response.reasoning_summary_text.done', { text: this.#text }) +
      this.#sayPart('response.reasoning_summary_part.done', { part }) +
      this.done(item);
    return { text, item };
  }

  /** In the place of all the others. */
  hidden(signature: Signature): ClosedItem {
    this.#signature = signature;
    const item = this.#item([]);
    return { text: this.added({ id: this.id, type: 'reasoning', summary: [] }) + this.done(item), item };
  }

  #sayPart(type: string, fields: JsonObject): string {
    return this.say(type, { summary_index: 0, ...fields });
  }

  #item(summary: readonly JsonObject[]): JsonObject {
    return {
      id: this.id,
      type: 'reasoning',
      summary,
      encrypted_content: this.#signature === null ? null : writeSignature(this.#signature, 'openai'),
    };
  }
}

/** A call of a tool, as the item that the client knows calls of it by. */
export class CallWriter extends ItemWriter {
  readonly #tool: ClientTool | undefined;
  readonly #call: { readonly id: string; readonly name: string };
  #json = '';

  constructor(place: ItemPlace, call: { readonly id: string; readonly name: string }, tool?: ClientTool) {
    super(place, formOf(tool).idPrefix);
    this.#call = call;
    this.#tool = tool;
  }

  /** Items without pieces come whole. */
  open(): string {
    const { pieces } = formOf(this.#tool);
    return pieces === null ? '' : this.added(this.#item('in_progress', { [pieces.field]: '' }));
  }

  /** Pieces of a function's input are those of its JSON text; others are known once all of it is. */
  input(json: string): string {
    this.#json += json;
    const { pieces, type } = formOf(this.#tool);
    if (type !== 'function_call' || pieces === null || json === '') return '';
    return this.say(`${pieces.event}.delta`, { delta: json });
  }

  close(): ClosedItem {
    const form = formOf(this.#tool);
    // A function's text is handed on as it was written.
    const isFunction = form.type === 'function_call';
    const said = isFunction
      ? { arguments: this.#json === '' ? '{}' : this.#json }
      : form.write(readArguments(this.#json));
    const item = this.#item('completed', said);
    return { text: this.#lastPieces(said) + this.done(item), item };
  }

  #lastPieces(said: JsonObject): string {
    const { pieces, type } = formOf(this.#tool);
    if (pieces === null) return this.added(this.#item('in_progress', said));
    const whole = said[pieces.field];
    const done = this.say(`${pieces.event}.done`, {
      ...(type === 'function_call' ? { name: this.#tool?.name ?? this.#call.name } : {}),
      [pieces.field]: whole,
    });
    return this.#json === '' || type === 'function_call'
      ? done
      : this.say(`${pieces.event}.delta`, { delta: whole }) + done;
  }

  #item(status: string, said: JsonObject): JsonObject {
    const { type, pieces } = formOf(this.#tool);
    const namespace = this.#tool?.namespace ?? null;
    return {
      id: this.id,
      type,
      status,
      call_id: this.#call.id,
      // Tools without pieces have no name but their type.
      ...(pieces === null ? {} : { name: this.#tool?.name ?? this.#call.name }),
      ...(namespace === null ? {} : { namespace }),
      ...said,
    };
  }
}
