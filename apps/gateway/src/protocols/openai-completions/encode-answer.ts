// Owns saying an answer as the elder Completions API does: text and nothing else, whole or piece by piece.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalAnswer, CanonicalEvent } from '../canonical.ts';
import type { AnswerContext, EventEncoder } from '../codec.ts';
import { finishReason } from '../openai/answer-words.ts';
import { answerId } from '../openai/ids.ts';
import { DONE, PING } from '../openai/stream-words.ts';
import { writeUsage } from '../openai/usage.ts';
import { sseEvent } from '../sse.ts';

const ANSWER_PREFIX = 'cmpl-';

export function encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject {
  const texts = answer.content.map((block) => (block.type === 'text' ? block.text : ''));
  return {
    ...headOf(answer.id, context),
    choices: [choiceOf(texts.join(''), finishReason(answer.stop))],
    usage: writeUsage(answer.usage),
  };
}

export class CompletionsEncoder implements EventEncoder {
  readonly #context: AnswerContext;
  #upstreamId = '';

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    if (event.type === 'start') this.#upstreamId = event.id;
    if (event.type === 'text') return this.#chunk({ choices: [choiceOf(event.text, null)] });
    if (event.type !== 'finish') return '';
    const end = this.#chunk({ choices: [choiceOf('', finishReason(event.stop))] });
    const isUsageWanted = this.#context.facts.wantsUsage === true;
    const usage = isUsageWanted ? this.#chunk({ choices: [], usage: writeUsage(event.usage) }) : '';
    return `${end}${usage}${DONE}`;
  }

  ping(): string {
    return PING;
  }

  #chunk(chunk: JsonObject): string {
    return sseEvent(null, { ...headOf(this.#upstreamId, this.#context), ...chunk });
  }
}

function headOf(upstreamId: string, { createdAtMs, model }: AnswerContext): JsonObject {
  return {
    id: answerId(ANSWER_PREFIX, upstreamId),
    object: 'text_completion',
    created: Math.floor(createdAtMs / 1000),
    model,
  };
}

function choiceOf(text: string, reason: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: reason };
}
