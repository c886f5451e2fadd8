// Puts a composition into the shapes of Chat Completions: one completion, or the chunks of a stream.
import { type Block, type Composition, workMs } from '../../compose.ts';
import { type JsonObject, objectOf } from '../../json.ts';
import { digest, seededId } from '../../seed.ts';
import { piecesOf } from '../../text.ts';
import type { StreamEvent, TokenCounts } from '../vendor.ts';
import { createdAt } from './created-at.ts';
import { chatUsage } from './usage.ts';

const FINISH_REASONS = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
} as const satisfies Record<Composition['stopReason'], string>;

export interface ChatAnswer {
  seed: string;
  model: string;
  said: Composition;
  tokens: TokenCounts;
}

export function wholeCompletion({ seed, model, said, tokens }: ChatAnswer): JsonObject {
  const calls = said.blocks.filter((block) => block.type === 'tool_use');
  const text = textOf(said);
  return {
    ...head('chat.completion', seed, model),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          annotations: [],
          ...(calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}),
        },
        logprobs: null,
        finish_reason: FINISH_REASONS[said.stopReason],
      },
    ],
    usage: chatUsage(tokens, said.thinkingTokens),
  };
}

/** The model's text without its thinking. */
export function textOf(said: Composition): string {
  return said.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

export function chatWorkMs(said: Composition, paceMs: number): number {
  return workMs(said, paceMs, (block) => blockDeltas(block, 0).length);
}

/** The usage comes only if the request asked for it, in a chunk of its own without choices. */
export function completionChunks(answer: ChatAnswer, body: unknown): StreamEvent[] {
  const { seed, model, said, tokens } = answer;
  const options = objectOf(objectOf(body)['stream_options']);
  const includesUsage = options['include_usage'] === true;
  const chunk = (delta: JsonObject, finishReason: string | null = null): StreamEvent => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finishReason };
    return data({
      ...head('chat.completion.chunk', seed, model),
      choices: [choice],
      ...(includesUsage ? { usage: null } : {}),
      ...(options['include_obfuscation'] === false ? {} : { obfuscation: obfuscation(delta) }),
    });
  };
  const events = [chunk({ role: 'assistant', content: '', refusal: null })];
  let toolIndex = 0;
  for (const block of said.blocks) {
    for (const delta of blockDeltas(block, toolIndex)) events.push({ ...chunk(delta), paced: true });
    if (block.type === 'tool_use') toolIndex += 1;
  }
  events.push(chunk({}, FINISH_REASONS[said.stopReason]));
  if (includesUsage) {
    const usage = chatUsage(tokens, said.thinkingTokens);
    events.push({ ...data({ ...head('chat.completion.chunk', seed, model), choices: [], usage }), tokens });
  }
  return [...events, { name: null, data: '[DONE]' }];
}

function head(object: string, seed: string, model: string): JsonObject {
  return {
    id: seededId('chatcmpl-', `chat ${seed}`),
    object,
    created: createdAt(seed),
    model,
    service_tier: 'default',
    system_fingerprint: `fp_${digest(model).slice(0, 10)}`,
  };
}

/** Thinking is counted and never shown. */
function blockDeltas(block: Block, toolIndex: number): JsonObject[] {
  switch (block.type) {
    case 'thinking':
      return [];
    case 'text':
      return piecesOf(block.text, block.pieces).map((content) => ({ content }));
    case 'tool_use': {
      const opened = { ...toolCall(block), function: { name: block.name, arguments: '' } };
      const rest = piecesOf(JSON.stringify(block.input)).map((piece) => ({ function: { arguments: piece } }));
      return [opened, ...rest].map((call) => ({ tool_calls: [{ index: toolIndex, ...call }] }));
    }
  }
}

function toolCall(block: Block & { type: 'tool_use' }): JsonObject {
  return {
    id: block.id,
    type: 'function',
    function: { name: block.name, arguments: JSON.stringify(block.input) },
  };
}

function data(value: JsonObject): StreamEvent {
  return { name: null, data: JSON.stringify(value) };
}

/** Evens out the lengths of chunks, so that nobody on the way can read them from their sizes. */
function obfuscation(delta: JsonObject): string {
  const json = JSON.stringify(delta);
  return digest(json).slice(0, 1 + ((40 - (json.length % 16)) % 16));
}
