// Owns reading a stream of Chat Completions, also as compatible hosts write it.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { type CanonicalEvent, type CanonicalUsage, noUsage } from '../canonical.ts';
import type { EventDecoder } from '../codec.ts';
import { SseReader } from '../sse.ts';
import { readFinish } from '../openai/answer-words.ts';
import { isErrorBody } from '../openai/observe-json.ts';
import { objectsOf, parseObject, textOf } from '../read.ts';
import { readUsage } from '../openai/usage.ts';
import { citationsOf, contentText, madeCallId, thoughtIn } from './decode-answer.ts';
import { Lanes } from './lanes.ts';

const DONE = '[DONE]';

export class ChatDecoder implements EventDecoder {
  readonly #reader = new SseReader((_, data) => this.#read(data));
  readonly #lanes = new Lanes((position) => madeCallId(this.#id ?? '', position));
  #events: CanonicalEvent[] = [];
  #id: string | null = null;
  #isOver = false;
  #reason: string | null = null;
  #refusal = '';
  #usage: CanonicalUsage = noUsage;
  #hasCitations = false;
  #serviceTier: string | null = null;
  /** Of calls whose host numbers none of them. */
  #lastCall = -1;

  push(chunk: Uint8Array): CanonicalEvent[] {
    this.#reader.push(chunk);
    return this.#take();
  }

  end(): CanonicalEvent[] {
    this.#reader.end();
    // Some hosts end without the last line; without a reason either, it broke off.
    if (this.#reason !== null) this.#finish();
    return this.#take();
  }

  #take(): CanonicalEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #read(data: string): void {
    if (this.#isOver) return;
    if (data === DONE) {
      this.#finish();
      return;
    }
    const chunk = parseObject(data);
    if (chunk === null) return;
    // The relay tells the client of it.
    if (isErrorBody(chunk)) this.#isOver = true;
    else this.#readChunk(chunk);
  }

  #readChunk(chunk: JsonObject): void {
    this.#usage = readUsage(chunk['usage']) ?? this.#usage;
    this.#serviceTier = textOf(chunk['service_tier']) ?? this.#serviceTier;
    // Azure's first chunk tells of the prompt and has neither id nor choice.
    const [choice] = objectsOf(chunk['choices']);
    if (choice === undefined) return;
    if (this.#id === null) {
      this.#id = textOf(chunk['id']) ?? '';
      this.#events.push({ type: 'start', id: this.#id, usage: noUsage });
    }
    if (isJsonObject(choice['delta'])) this.#readDelta(choice['delta']);
    this.#reason = textOf(choice['finish_reason']) ?? this.#reason;
  }

  #readDelta(delta: JsonObject): void {
    const thought = thoughtIn(delta);
    if (thought !== null) this.#events.push(...this.#lanes.push({ lane: 'thinking', text: thought }));
    const text = contentText(delta['content']);
    if (text !== '') this.#events.push(...this.#lanes.push({ lane: 'text', text }));
    this.#refusal += textOf(delta['refusal']) ?? '';
    for (const citation of citationsOf(delta['annotations'])) {
      this.#hasCitations = true;
      this.#events.push(...this.#lanes.cite(citation));
    }
    for (const call of objectsOf(delta['tool_calls'])) this.#readCall(call, this.#positionOf(call));
    if (isJsonObject(delta['function_call'])) this.#readCall({ function: delta['function_call'] }, 0);
  }

  #positionOf(call: JsonObject): number {
    const { index } = call;
    if (typeof index === 'number') return index;
    if (textOf(call['id']) !== null || this.#lastCall === -1) this.#lastCall += 1;
    return this.#lastCall;
  }

  #readCall(call: JsonObject, lane: number): void {
    const called = isJsonObject(call['function']) ? call['function'] : {};
    const { arguments: written } = called;
    const text = isJsonObject(written) ? JSON.stringify(written) : (textOf(written) ?? '');
    this.#events.push(
      ...this.#lanes.push({ lane, text, id: textOf(call['id']), name: textOf(called['name']) }),
    );
  }

  #finish(): void {
    if (this.#isOver || this.#id === null) return;
    this.#isOver = true;
    const { hasCalls } = this.#lanes;
    this.#events.push(...this.#lanes.close(), {
      type: 'finish',
      stop: readFinish(this.#reason, hasCalls, this.#refusal !== ''),
      stopSequence: null,
      refusal: this.#refusal === '' ? null : this.#refusal,
      usage: { ...this.#usage, webSearches: this.#hasCitations ? 1 : 0 },
      serviceTier: this.#serviceTier,
    });
  }
}
