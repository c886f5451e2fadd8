// Puts a composition into the shapes of Converse: one message, or the frames of a stream.
import { type Block, type Composition, compose, workMs } from '../../compose.ts';
import type { JsonObject } from '../../json.ts';
import { digest } from '../../seed.ts';
import { piecesOf } from '../../text.ts';
import type { PromptCache } from '../anthropic/prompt-cache.ts';
import type { Call, StreamEvent, TokenCounts } from '../vendor.ts';
import { askOfConverse, cacheView } from './converse-prompt.ts';
import { eventFrame } from './event-stream.ts';

const LATENCY_MS = 1873;

export interface Conversation {
  said: Composition;
  tokens: TokenCounts;
}

export function converse(call: Call, model: string, cache: PromptCache): Conversation {
  const said = compose(askOfConverse(call.body, model), digest(call.rawBody));
  const counted = cache.count({ ...call, body: cacheView(call.body, model) });
  return { said, tokens: { ...counted, outputTokens: said.outputTokens } };
}

export function converseWorkMs({ said }: Conversation, paceMs: number): number {
  return workMs(said, paceMs, (block) => deltasOf(block).length);
}

export function wholeConversation({ said, tokens }: Conversation): JsonObject {
  return {
    output: { message: { role: 'assistant', content: said.blocks.map(wholeBlock) } },
    stopReason: said.stopReason,
    usage: usage(tokens),
    metrics: { latencyMs: LATENCY_MS },
  };
}

/** The usage comes after the end, in a frame of its own. */
export function conversationFrames({ said, tokens }: Conversation): StreamEvent[] {
  return [
    eventFrame('messageStart', { role: 'assistant' }),
    ...said.blocks.flatMap(blockFrames),
    eventFrame('messageStop', { stopReason: said.stopReason }),
    eventFrame('metadata', { metrics: { latencyMs: LATENCY_MS }, usage: usage(tokens) }, { tokens }),
  ];
}

/** Only tools are opened; other blocks begin with their first delta. */
function blockFrames(block: Block, contentBlockIndex: number): StreamEvent[] {
  const deltas = deltasOf(block).map((delta) =>
    eventFrame('contentBlockDelta', { contentBlockIndex, delta }, { paced: true }),
  );
  const stop = eventFrame('contentBlockStop', { contentBlockIndex });
  if (block.type !== 'tool_use') return [...deltas, stop];
  const start = { toolUse: { name: block.name, toolUseId: block.id } };
  return [eventFrame('contentBlockStart', { contentBlockIndex, start }), ...deltas, stop];
}

function deltasOf(block: Block): JsonObject[] {
  switch (block.type) {
    case 'thinking':
      return [
        ...piecesOf(block.text).map((text) => ({ reasoningContent: { text } })),
        { reasoningContent: { signature: signatureOf(block) } },
      ];
    case 'text':
      return piecesOf(block.text, block.pieces).map((text) => ({ text }));
    case 'tool_use':
      return piecesOf(JSON.stringify(block.input)).map((input) => ({ toolUse: { input } }));
  }
}

function wholeBlock(block: Block): JsonObject {
  switch (block.type) {
    case 'thinking':
      return { reasoningContent: { reasoningText: { text: block.text, signature: signatureOf(block) } } };
    case 'text':
      return { text: block.text };
    case 'tool_use':
      return { toolUse: { toolUseId: block.id, name: block.name, input: block.input } };
  }
}

function signatureOf({ signature }: Block & { type: 'thinking' }): string {
  return `EqQB${signature}`;
}

/** The input excludes the cache; the total includes it. */
function usage(tokens: TokenCounts): JsonObject {
  const { cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens, inputTokens, outputTokens } = tokens;
  const written = cacheWrite5mTokens + cacheWrite1hTokens;
  const details = [
    { ttl: '1h', inputTokens: cacheWrite1hTokens },
    { ttl: '5m', inputTokens: cacheWrite5mTokens },
  ].filter((detail) => detail.inputTokens > 0);
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + cacheReadTokens + written,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: written,
    ...(details.length > 0 ? { cacheDetails: details } : {}),
  };
}
