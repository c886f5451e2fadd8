// Owns saying a stream as Responses does: numbered events, item after item, and the whole response at its end.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent, Signature } from '../canonical.ts';
import type { AnswerContext, EventEncoder } from '../codec.ts';
import { answerId, toolCallId } from '../openai/ids.ts';
import { PING } from '../openai/stream-words.ts';
import { sseEvent } from '../sse.ts';
import { type ClientTool, clientTools } from './client-tools.ts';
import { CallWriter, type ItemPlace, MessageWriter, ReasoningWriter } from './item-writers.ts';
import { endedResponse, endTypeOf, openResponse } from './response-object.ts';

type Finish = Extract<CanonicalEvent, { type: 'finish' }>;
type BlockStart = Extract<CanonicalEvent, { type: 'block_start' }>['block'];
type CallStart = Extract<BlockStart, { type: 'tool_call' }>;

export class ResponseEncoder implements EventEncoder {
  readonly #context: AnswerContext;
  readonly #tools: ReadonlyMap<string, ClientTool>;
  readonly #output: JsonObject[] = [];
  #events = 0;
  #id = '';
  #open: MessageWriter | ReasoningWriter | CallWriter | null = null;
  /** A call that is announced once it is known whether a signature stands before it. */
  #announced: CallStart | null = null;
  /** The whole of it, once it has ended. */
  response: JsonObject = {};

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tools = clientTools(context.request);
  }

  push(event: CanonicalEvent): string {
    const announced = this.#announceCall(event);
    return announced + this.#push(event);
  }

  /** The vendor's own sign of life. Clients of the vendor count on nothing before the first event. */
  ping(): string {
    return this.#events === 0 ? PING : this.#say('keepalive', {});
  }

  #push(event: CanonicalEvent): string {
    const open = this.#open;
    switch (event.type) {
      case 'start':
        return this.#start(event.id);
      case 'block_start':
        return this.#startBlock(event.block);
      case 'text':
        return open instanceof MessageWriter ? open.text(event.text) : '';
      case 'thinking':
        return open instanceof ReasoningWriter && event.text !== '' ? open.text(event.text) : '';
      case 'input':
        return open instanceof CallWriter ? open.input(event.json) : '';
      case 'signature':
        if (open instanceof ReasoningWriter) open.sign(event.signature);
        return '';
      case 'citation':
        return open instanceof MessageWriter ? open.cite(event.citation) : '';
      case 'block_stop':
        return open instanceof MessageWriter ? open.closeText() : this.#close();
      case 'hidden_thinking':
        return this.#close() + this.#hidden(event.signature);
      case 'finish':
        return this.#finish(event);
    }
  }

  #start(upstreamId: string): string {
    this.#id = answerId('', upstreamId);
    this.response = openResponse(`resp_${this.#id}`, this.#context);
    return (
      this.#say('response.created', { response: this.response }) +
      this.#say('response.in_progress', { response: this.response })
    );
  }

  #startBlock(block: BlockStart): string {
    if (block.type === 'text') return this.#message((message) => message.openText());
    const closed = this.#close();
    if (block.type === 'thinking') {
      const reasoning = new ReasoningWriter(this.#place());
      this.#open = reasoning;
      return closed + reasoning.open();
    }
    this.#announced = block;
    return closed;
  }

  /** A signature that a client has to bring back has its place before the call that it signs. */
  #announceCall(event: CanonicalEvent): string {
    const announced = this.#announced;
    if (announced === null) return '';
    this.#announced = null;
    const hidden = event.type === 'signature' ? this.#hidden(event.signature) : '';
    const { id, name } = announced;
    const call = new CallWriter(this.#place(), { id: toolCallId(id), name }, this.#tools.get(name));
    this.#open = call;
    return hidden + call.open();
  }

  #message(write: (message: MessageWriter) => string): string {
    if (this.#open instanceof MessageWriter) return write(this.#open);
    const closed = this.#close();
    const message = new MessageWriter(this.#place());
    this.#open = message;
    return closed + message.open() + write(message);
  }

  #hidden(signature: Signature): string {
    const { text, item } = new ReasoningWriter(this.#place()).hidden(signature);
    this.#output.push(item);
    return text;
  }

  #close(): string {
    if (this.#open === null) return '';
    const { text, item } = this.#open.close();
    this.#open = null;
    this.#output.push(item);
    return text;
  }

  #finish(finish: Finish): string {
    const { refusal } = finish;
    const refused = refusal === null ? '' : this.#message((message) => message.refuse(refusal));
    const closed = this.#close();
    this.response = endedResponse(this.response, this.#output, finish);
    return refused + closed + this.#say(endTypeOf(this.response), { response: this.response });
  }

  /** Of the item that comes next. */
  #place(): ItemPlace {
    const index = this.#output.length;
    return {
      say: (type, fields) => this.#say(type, fields),
      index,
      idOf: (prefix) => `${prefix}_${this.#id}_${index}`,
    };
  }

  #say(type: string, fields: JsonObject): string {
    const text = sseEvent(type, { type, ...fields, sequence_number: this.#events });
    this.#events += 1;
    return text;
  }
}
