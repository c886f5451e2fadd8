// Owns reading a stream of Responses: items by their place, one after the other however the host mixes them.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { playAnswer } from '../bridge/play-answer.ts';
import { type CanonicalEvent, noUsage } from '../canonical.ts';
import type { EventDecoder } from '../codec.ts';
import { numberOf, objectsOf, parseObject, textOf } from '../read.ts';
import { SseReader } from '../sse.ts';
import { decodeAnswer, refusalIn, stopOf, usageOf } from './decode-answer.ts';
import { type ItemReader, readerFor } from './item-readers.ts';

const PREFIX = 'response.';

interface Item {
  readonly reader: ItemReader;
  /** What waits until the items before it are whole. */
  waiting: CanonicalEvent[];
  isDone: boolean;
}

export class ResponseDecoder implements EventDecoder {
  readonly #reader = new SseReader((name, data) => this.#read(name, data));
  readonly #items = new Map<number, Item>();
  #events: CanonicalEvent[] = [];
  #hasStarted = false;
  #isOver = false;
  #hasCalls = false;
  /** Whole, as their events told: the response object may come without them. */
  readonly #output: JsonObject[] = [];

  push(chunk: Uint8Array): CanonicalEvent[] {
    this.#reader.push(chunk);
    return this.#take();
  }

  end(): CanonicalEvent[] {
    this.#reader.end();
    return this.#take();
  }

  #take(): CanonicalEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #read(name: string, data: string): void {
    const event = this.#isOver ? null : parseObject(data);
    if (event === null) return;
    const type = textOf(event['type']) ?? name;
    switch (type) {
      case 'response.created':
      case 'response.in_progress':
        this.#start(event['response']);
        return;
      case 'response.output_item.added':
        if (isJsonObject(event['item'])) this.#itemAt(event, event['item']);
        return;
      case 'response.output_item.done':
        if (isJsonObject(event['item'])) this.#itemDone(event, event['item']);
        return;
      case 'response.completed':
      case 'response.incomplete':
        if (isJsonObject(event['response'])) this.#finish(event['response']);
        return;
      // The relay tells the client of it.
      case 'response.failed':
      case 'error':
        this.#isOver = true;
        return;
      default: {
        const item = this.#items.get(numberOf(event['output_index']) ?? -1);
        if (item?.isDone === false && type.startsWith(PREFIX)) {
          this.#tell(item, item.reader.read(type.slice(PREFIX.length), event));
        }
      }
    }
  }

  #start(response: unknown): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const id = isJsonObject(response) ? (textOf(response['id']) ?? '') : '';
    this.#events.push({ type: 'start', id, usage: noUsage });
  }

  #itemAt(event: JsonObject, described: JsonObject): Item | null {
    this.#start(null);
    const index = numberOf(event['output_index']) ?? this.#items.size;
    const known = this.#items.get(index);
    if (known !== undefined) return known;
    const reader = readerFor(described);
    if (reader === null) return null;
    const item = { reader, waiting: [], isDone: false };
    this.#items.set(index, item);
    return item;
  }

  #itemDone(event: JsonObject, whole: JsonObject): void {
    this.#output.push(whole);
    const item = this.#itemAt(event, whole);
    if (item === null || item.isDone) return;
    this.#tell(item, item.reader.done(whole));
    item.isDone = true;
    this.#tellWaiting();
  }

  #tell(item: Item, events: readonly CanonicalEvent[]): void {
    if (item === this.#current()) this.#say(events);
    else item.waiting.push(...events);
  }

  #say(events: readonly CanonicalEvent[]): void {
    this.#hasCalls ||= events.some(
      (event) => event.type === 'block_start' && event.block.type === 'tool_call',
    );
    this.#events.push(...events);
  }

  /** The first that is not whole yet. */
  #current(): Item | undefined {
    return [...this.#items.values()].find(({ isDone }) => !isDone);
  }

  #tellWaiting(): void {
    for (const item of this.#items.values()) {
      this.#say(item.waiting);
      item.waiting = [];
      if (!item.isDone) return;
    }
  }

  #finish(response: JsonObject): void {
    this.#isOver = true;
    // Some hosts tell of items at the end only.
    const answer = this.#items.size === 0 ? decodeAnswer(response) : null;
    if (answer !== null) {
      const [start, ...rest] = playAnswer(answer);
      this.#events.push(...(this.#hasStarted || start === undefined ? [] : [start]), ...rest);
      return;
    }
    this.#start(response);
    const output = objectsOf(response['output']);
    for (const [index, item] of this.#items) {
      if (item.isDone) continue;
      const whole = output[index];
      item.waiting.push(...(whole === undefined ? item.reader.close() : item.reader.done(whole)));
      item.isDone = true;
    }
    this.#tellWaiting();
    const told = output.length > 0 ? response : { ...response, output: this.#output };
    const refusal = refusalIn(told);
    this.#events.push({
      type: 'finish',
      stop: stopOf(told, this.#hasCalls, refusal),
      stopSequence: null,
      refusal,
      usage: usageOf(told),
      serviceTier: textOf(told['service_tier']),
    });
  }
}
