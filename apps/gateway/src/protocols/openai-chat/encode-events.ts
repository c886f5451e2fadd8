// Owns saying a stream as Chat Completions does. Thoughts have no place in it.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent, Citation } from '../canonical.ts';
import type { AnswerContext, EventEncoder } from '../codec.ts';
import { sseEvent } from '../sse.ts';
import { finishReason, serviceTier } from '../openai/answer-words.ts';
import { answerId } from '../openai/ids.ts';
import { DONE, PING } from '../openai/stream-words.ts';
import { writeUsage } from '../openai/usage.ts';
import { annotationsOf, ANSWER_PREFIX, toolCall } from './encode-answer.ts';

type Finish = Extract<CanonicalEvent, { type: 'finish' }>;

export class ChatEncoder implements EventEncoder {
  readonly #context: AnswerContext;
  #id = ANSWER_PREFIX;
  /** Of the calls so far. */
  #calls = 0;
  #textLength = 0;
  #blockStart = 0;
  #citations: Citation[] = [];

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        this.#id = answerId(ANSWER_PREFIX, event.id);
        return this.#delta({ role: 'assistant', content: '', refusal: null });
      case 'block_start':
        this.#blockStart = this.#textLength;
        if (event.block.type !== 'tool_call') return '';
        this.#calls += 1;
        return this.#call(toolCall(event.block.id, event.block.name, ''));
      case 'text':
        this.#textLength += event.text.length;
        return this.#delta({ content: event.text });
      case 'input':
        return this.#call({ function: { arguments: event.json } });
      case 'citation':
        this.#citations.push(event.citation);
        return '';
      case 'block_stop':
        return this.#cited();
      case 'finish':
        return this.#finish(event);
      case 'thinking':
      case 'signature':
      case 'hidden_thinking':
        return '';
    }
  }

  ping(): string {
    return PING;
  }

  #call(call: JsonObject): string {
    return this.#delta({ tool_calls: [{ index: this.#calls - 1, ...call }] });
  }

  #cited(): string {
    if (this.#citations.length === 0) return '';
    const annotations = annotationsOf(this.#citations, this.#blockStart, this.#textLength);
    this.#citations = [];
    return this.#delta({ annotations });
  }

  #finish({ stop, refusal, usage, serviceTier: servedAt }: Finish): string {
    const tier = serviceTier(servedAt);
    const head = tier === null ? {} : { service_tier: tier };
    const end = { index: 0, delta: {}, logprobs: null, finish_reason: finishReason(stop) };
    return [
      refusal === null ? '' : this.#delta({ refusal }),
      this.#chunk([end], head),
      this.#context.facts.wantsUsage === true ? this.#chunk([], { ...head, usage: writeUsage(usage) }) : '',
      DONE,
    ].join('');
  }

  #delta(delta: JsonObject): string {
    return this.#chunk([{ index: 0, delta, logprobs: null, finish_reason: null }], {});
  }

  #chunk(choices: readonly JsonObject[], more: JsonObject): string {
    const { createdAtMs, facts, model } = this.#context;
    return sseEvent(null, {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: Math.floor(createdAtMs / 1000),
      model,
      choices,
      // Who asked for usage finds it named in every chunk, as at the vendor.
      ...(facts.wantsUsage === true ? { usage: null } : {}),
      ...more,
    });
  }
}
