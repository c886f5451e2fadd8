// Owns saying a stream as Anthropic does: the events, their order and their members as strict clients demand them.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent, Signature } from '../canonical.ts';
import type { AnswerContext, EventEncoder } from '../codec.ts';
import { sseEvent } from '../sse.ts';
import { writeUsage } from './answer-usage.ts';
import { encodeCitation, encodeEnd, messageId } from './encode-answer.ts';
import { signatureText } from './signature.ts';

type Start = Extract<CanonicalEvent, { type: 'block_start' }>['block'];
type ToolCall = Extract<Start, { type: 'tool_call' }>;

const PING = sseEvent('ping', { type: 'ping' });

export class MessageEncoder implements EventEncoder {
  readonly #context: AnswerContext;
  /** Of the open block, or of the next one. */
  #index = 0;
  #open: Start['type'] | null = null;
  /** A proof of the call may follow, which has to go before it. */
  #held: ToolCall | null = null;
  #isSigned = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'block_start':
        return this.#startBlock(event.block);
      case 'text':
        return this.#delta({ type: 'text_delta', text: event.text });
      case 'thinking':
        return this.#delta({ type: 'thinking_delta', thinking: event.text });
      case 'input':
        return this.#release() + this.#delta({ type: 'input_json_delta', partial_json: event.json });
      case 'signature':
        return this.#sign(event.signature);
      case 'citation':
        return this.#delta({ type: 'citations_delta', citation: encodeCitation(event.citation) });
      case 'block_stop':
        return this.#release() + this.#stopBlock();
      case 'hidden_thinking':
        return this.#block({ type: 'redacted_thinking', data: signatureText(event.signature) }, null);
      case 'finish': {
        const usage = writeUsage(event.usage, event.serviceTier);
        return (
          sseEvent('message_delta', { type: 'message_delta', delta: encodeEnd(event), usage }) +
          sseEvent('message_stop', { type: 'message_stop' })
        );
      }
    }
  }

  ping(): string {
    return PING;
  }

  #start({ id, usage }: Extract<CanonicalEvent, { type: 'start' }>): string {
    const message = {
      id: messageId(id),
      type: 'message',
      role: 'assistant',
      model: this.#context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: writeUsage(usage, null),
    };
    return sseEvent('message_start', { type: 'message_start', message });
  }

  #startBlock(block: Start): string {
    switch (block.type) {
      case 'text':
        return this.#openBlock('text', { type: 'text', text: '', citations: null });
      case 'thinking':
        this.#isSigned = false;
        return this.#openBlock('thinking', { type: 'thinking', thinking: '', signature: '' });
      case 'tool_call':
        this.#held = block;
        return '';
    }
  }

  /** One that comes after its call's first piece is too late; the vendor's own models do without it. */
  #sign(signature: Signature): string {
    const value = signatureText(signature);
    if (this.#held !== null) {
      return this.#block(
        { type: 'thinking', thinking: '', signature: '' },
        { type: 'signature_delta', signature: value },
      );
    }
    if (this.#open !== 'thinking') return '';
    this.#isSigned = true;
    return this.#delta({ type: 'signature_delta', signature: value });
  }

  /** The call that waited for its proof. */
  #release(): string {
    const call = this.#held;
    if (call === null) return '';
    this.#held = null;
    return this.#openBlock('tool_call', { type: 'tool_use', id: call.id, name: call.name, input: {} });
  }

  #stopBlock(): string {
    if (this.#open === null) return '';
    const proof =
      this.#open === 'thinking' && !this.#isSigned
        ? this.#delta({ type: 'signature_delta', signature: signatureText(null) })
        : '';
    return proof + this.#closeBlock();
  }

  /** A whole block at once. */
  #block(block: JsonObject, delta: JsonObject | null): string {
    return this.#openBlock(null, block) + (delta === null ? '' : this.#delta(delta)) + this.#closeBlock();
  }

  #openBlock(type: Start['type'] | null, block: JsonObject): string {
    this.#open = type;
    return sseEvent('content_block_start', {
      type: 'content_block_start',
      index: this.#index,
      content_block: block,
    });
  }

  #delta(delta: JsonObject): string {
    return sseEvent('content_block_delta', { type: 'content_block_delta', index: this.#index, delta });
  }

  #closeBlock(): string {
    this.#open = null;
    const event = sseEvent('content_block_stop', { type: 'content_block_stop', index: this.#index });
    this.#index += 1;
    return event;
  }
}
