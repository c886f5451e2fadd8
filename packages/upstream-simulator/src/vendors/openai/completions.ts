// The legacy completions: a prompt, a text.
import { type Ask, type Composition, workMs } from '../../compose.ts';
import { type JsonObject, isObject, objectOf, stringOf, stringsOf } from '../../json.ts';
import { seededId } from '../../seed.ts';
import { piecesOf } from '../../text.ts';
import type { Failure, StreamEvent } from '../vendor.ts';
import { type ChatAnswer, textOf } from './chat.ts';
import { createdAt } from './created-at.ts';
import { chatUsage } from './usage.ts';

const DEFAULT_MAX_TOKENS = 16;

export function checkCompletion(body: unknown): Failure | null {
  if (!isObject(body) || typeof body['model'] !== 'string') {
    return { status: 400, message: 'you must provide a model parameter' };
  }
  return null;
}

export function completionPrompt(body: unknown): string {
  const prompt = objectOf(body)['prompt'];
  return typeof prompt === 'string' ? prompt : stringsOf(prompt).join('\n');
}

export function askOfCompletion(body: unknown): Ask {
  const source = objectOf(body);
  return {
    text: completionPrompt(body),
    toolResult: null,
    model: stringOf(source['model']),
    tools: [],
    toolIdPrefix: 'call_',
    schema: null,
    stopSequences: typeof source['stop'] === 'string' ? [source['stop']] : stringsOf(source['stop']),
    maxTokens: Number(source['max_tokens'] ?? DEFAULT_MAX_TOKENS),
    thinkingHidden: false,
  };
}

export function wholeTextCompletion({ seed, model, said, tokens }: ChatAnswer): JsonObject {
  return {
    ...head(seed, model),
    choices: [choice(textOf(said), finishReason(said))],
    usage: chatUsage(tokens, said.thinkingTokens),
  };
}

export function textWorkMs(said: Composition, paceMs: number): number {
  return workMs(said, paceMs, (block) =>
    block.type === 'text' ? piecesOf(block.text, block.pieces).length : 0,
  );
}

export function textCompletionChunks(
  { seed, model, said, tokens }: ChatAnswer,
  body: unknown,
): StreamEvent[] {
  const includesUsage = objectOf(objectOf(body)['stream_options'])['include_usage'] === true;
  const chunk = (choices: JsonObject[], usage: JsonObject | null): StreamEvent => ({
    name: null,
    data: JSON.stringify({ ...head(seed, model), choices, ...(includesUsage ? { usage } : {}) }),
  });
  const events: StreamEvent[] = said.blocks
    .flatMap((block) => (block.type === 'text' ? piecesOf(block.text, block.pieces) : []))
    .map((piece) => ({ ...chunk([choice(piece, null)], null), paced: true }));
  events.push(chunk([choice('', finishReason(said))], null));
  if (includesUsage) events.push({ ...chunk([], chatUsage(tokens, said.thinkingTokens)), tokens });
  return [...events, { name: null, data: '[DONE]' }];
}

function head(seed: string, model: string): JsonObject {
  return {
    id: seededId('cmpl-', `text ${seed}`),
    object: 'text_completion',
    created: createdAt(seed),
    model,
    system_fingerprint: null,
  };
}

function choice(text: string, finish: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: finish };
}

function finishReason(said: Composition): string {
  return said.stopReason === 'max_tokens' ? 'length' : 'stop';
}
