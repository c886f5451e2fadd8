// Owns saying a whole answer as Chat Completions does. Thoughts have no place in it.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalAnswer, Citation } from '../canonical.ts';
import type { AnswerContext } from '../codec.ts';
import { finishReason, serviceTier } from '../openai/answer-words.ts';
import { answerId, toolCallId } from '../openai/ids.ts';
import { writeArguments } from '../tool-arguments.ts';
import { writeUsage } from '../openai/usage.ts';

export const ANSWER_PREFIX = 'chatcmpl-';

export function encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject {
  const tier = serviceTier(answer.serviceTier);
  return {
    id: answerId(ANSWER_PREFIX, answer.id),
    object: 'chat.completion',
    created: Math.floor(context.createdAtMs / 1000),
    model: context.model,
    choices: [
      { index: 0, message: messageOf(answer), logprobs: null, finish_reason: finishReason(answer.stop) },
    ],
    usage: writeUsage(answer.usage),
    ...(tier === null ? {} : { service_tier: tier }),
  };
}

function messageOf(answer: CanonicalAnswer): JsonObject {
  let text = '';
  const annotations: JsonObject[] = [];
  const calls: JsonObject[] = [];
  for (const block of answer.content) {
    if (block.type === 'text') {
      annotations.push(...annotationsOf(block.citations, text.length, text.length + block.text.length));
      text += block.text;
    } else if (block.type === 'tool_call') {
      calls.push(toolCall(block.id, block.name, writeArguments(block.input)));
    }
  }
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || answer.refusal !== null) ? null : text,
    refusal: answer.refusal,
    annotations,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** A cited text is a whole block, so its place is the block's. */
export function annotationsOf(citations: readonly Citation[], start: number, end: number): JsonObject[] {
  return citations.map(({ url, title }) => ({
    type: 'url_citation',
    url_citation: { start_index: start, end_index: end, url, title: title ?? url },
  }));
}

export function toolCall(id: string, name: string, text: string): JsonObject {
  return { id: toolCallId(id), type: 'function', function: { name, arguments: text } };
}
