// Owns reading Anthropic's event stream into canonical events. Each event is parsed once, and only those that say
// something to others.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent } from '../canonical.ts';
import type { EventDecoder } from '../codec.ts';
import { objectsOf, parseObject, textOf } from '../read.ts';
import { SseReader } from '../sse.ts';
import { AnswerUsage } from './answer-usage.ts';
import { citationOf, endOf } from './decode-answer.ts';

/** Of the block that is open; `other`: one that ran at the vendor, which nobody else knows. */
type OpenBlock = 'text' | 'thinking' | 'tool_use' | 'other';

export class MessageDecoder implements EventDecoder {
  readonly #reader = new SseReader((name, data) => this.#read(name, data));
  readonly #usage = new AnswerUsage();
  #events: CanonicalEvent[] = [];
  #open: OpenBlock | null = null;
  /** Of the open call: some relays send it whole with its start, and no piece after it. */
  #wholeInput: JsonObject = {};
  #hasStarted = false;
  #isOver = false;
  #end: ReturnType<typeof endOf> | null = null;

  push(chunk: Uint8Array): CanonicalEvent[] {
    this.#reader.push(chunk);
    return this.#take();
  }

  /** Some relays leave the last event out; without a reason to stop, it broke off. */
  end(): CanonicalEvent[] {
    this.#reader.end();
    if (this.#end !== null) this.#finish();
    return this.#take();
  }

  #take(): CanonicalEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #read(name: string, data: string): void {
    if (this.#isOver || name === 'ping') return;
    const event = parseObject(data);
    if (event === null) return;
    switch (event['type']) {
      case 'message_start':
        this.#start(event['message']);
        return;
      case 'content_block_start':
        this.#openBlock(event['content_block']);
        return;
      case 'content_block_delta':
        this.#readDelta(event['delta']);
        return;
      case 'content_block_stop':
        this.#closeBlock();
        return;
      case 'message_delta':
        this.#usage.add(event['usage']);
        this.#readEnd(event['delta']);
        return;
      case 'message_stop':
        this.#finish();
        return;
      case 'error':
        // The relay tells the client of it.
        this.#isOver = true;
        return;
      default:
        if (name === 'error' || event['error'] !== undefined) this.#isOver = true;
    }
  }

  #start(message: unknown): void {
    if (!isJsonObject(message) || this.#hasStarted) return;
    this.#hasStarted = true;
    this.#usage.add(message['usage']);
    this.#events.push({ type: 'start', id: textOf(message['id']) ?? '', usage: this.#usage.read() });
  }

  #openBlock(block: unknown): void {
    this.#closeBlock();
    if (!isJsonObject(block)) return;
    switch (block['type']) {
      case 'text':
        this.#open = 'text';
        this.#events.push({ type: 'block_start', block: { type: 'text' } });
        this.#say('text', block['text']);
        for (const citation of objectsOf(block['citations'])) this.#cite(citation);
        return;
      case 'thinking':
        this.#open = 'thinking';
        this.#events.push({ type: 'block_start', block: { type: 'thinking' } });
        this.#say('thinking', block['thinking']);
        this.#sign(block['signature']);
        return;
      case 'tool_use': {
        const { id, name, input } = block;
        this.#open = 'tool_use';
        this.#wholeInput = isJsonObject(input) ? input : {};
        this.#events.push({
          type: 'block_start',
          block: { type: 'tool_call', id: textOf(id) ?? '', name: textOf(name) ?? '' },
        });
        return;
      }
      case 'redacted_thinking':
        this.#open = 'other';
        this.#events.push({
          type: 'hidden_thinking',
          signature: { vendor: 'anthropic', value: textOf(block['data']) ?? '' },
        });
        return;
      default:
        this.#open = 'other';
    }
  }

  #readDelta(delta: unknown): void {
    if (!isJsonObject(delta)) return;
    switch (delta['type']) {
      case 'text_delta':
        if (this.#open === 'text') this.#say('text', delta['text']);
        return;
      case 'thinking_delta':
        if (this.#open === 'thinking') this.#say('thinking', delta['thinking']);
        return;
      case 'input_json_delta': {
        const json = textOf(delta['partial_json']);
        if (this.#open !== 'tool_use' || json === null) return;
        this.#wholeInput = {};
        this.#events.push({ type: 'input', json });
        return;
      }
      case 'signature_delta':
        if (this.#open === 'thinking') this.#sign(delta['signature']);
        return;
      case 'citations_delta':
        if (this.#open === 'text' && isJsonObject(delta['citation'])) this.#cite(delta['citation']);
        return;
      default:
    }
  }

  #say(type: 'text' | 'thinking', value: unknown): void {
    if (typeof value === 'string' && value !== '') this.#events.push({ type, text: value });
  }

  #sign(value: unknown): void {
    if (typeof value !== 'string' || value === '') return;
    this.#events.push({ type: 'signature', signature: { vendor: 'anthropic', value } });
  }

  #cite(source: JsonObject): void {
    const citation = citationOf(source);
    if (citation !== null) this.#events.push({ type: 'citation', citation });
  }

  #closeBlock(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null || open === 'other') return;
    if (open === 'tool_use' && Object.keys(this.#wholeInput).length > 0) {
      this.#events.push({ type: 'input', json: JSON.stringify(this.#wholeInput) });
    }
    this.#wholeInput = {};
    this.#events.push({ type: 'block_stop' });
  }

  #readEnd(delta: unknown): void {
    if (isJsonObject(delta) && typeof delta['stop_reason'] === 'string') this.#end = endOf(delta);
  }

  #finish(): void {
    if (this.#isOver || !this.#hasStarted) return;
    this.#isOver = true;
    this.#closeBlock();
    const end = this.#end ?? endOf({});
    const { serviceTier } = this.#usage;
    this.#events.push({ type: 'finish', ...end, usage: this.#usage.read(), serviceTier });
  }
}
