// Puts a composition into Anthropic's shapes: one message, or the events of a stream.
import { type Block, type Composition, workMs as workMsOf } from '../../compose.ts';
import type { JsonObject } from '../../json.ts';
import { seededId } from '../../seed.ts';
import { piecesOf } from '../../text.ts';
import type { StreamEvent, TokenCounts } from '../vendor.ts';

/** What `message_start` says of the output before any of it is there. */
const PLACEHOLDER_OUTPUT_TOKENS = 1;

const SIGNATURE_START = 'EqQB';

export function messageId(seed: string): string {
  return seededId('msg_', `message ${seed}`);
}

export function wholeMessage(id: string, model: string, said: Composition, tokens: TokenCounts): JsonObject {
  return {
    ...emptyMessage(id, model),
    content: said.blocks.map(wholeBlock),
    stop_reason: said.stopReason,
    stop_sequence: said.stopSequence,
    usage: { ...usage(tokens), output_tokens_details: thinkingDetails(said) },
  };
}

export function workMs(said: Composition, paceMs: number): number {
  return workMsOf(said, paceMs, (block) => blockDeltas(block).length);
}

export function messageEvents(
  id: string,
  model: string,
  said: Composition,
  tokens: TokenCounts,
): StreamEvent[] {
  const atStart = { ...tokens, outputTokens: PLACEHOLDER_OUTPUT_TOKENS };
  const events = [
    event({ type: 'message_start', message: { ...emptyMessage(id, model), usage: usage(atStart) } }, atStart),
  ];
  for (const [index, block] of said.blocks.entries()) {
    events.push(event({ type: 'content_block_start', index, content_block: emptyBlock(block) }));
    if (index === 0) events.push(event({ type: 'ping' }));
    for (const delta of blockDeltas(block)) {
      events.push({ ...event({ type: 'content_block_delta', index, delta }), paced: true });
    }
    events.push(event({ type: 'content_block_stop', index }));
  }
  events.push(
    event(
      {
        type: 'message_delta',
        delta: {
          stop_reason: said.stopReason,
          stop_sequence: said.stopSequence,
          stop_details: null,
          container: null,
        },
        usage: {
          input_tokens: tokens.inputTokens,
          cache_creation_input_tokens: tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens,
          cache_read_input_tokens: tokens.cacheReadTokens,
          output_tokens: tokens.outputTokens,
          output_tokens_details: thinkingDetails(said),
          server_tool_use: null,
        },
      },
      tokens,
    ),
    event({ type: 'message_stop' }),
  );
  return events;
}

function event(data: JsonObject & { type: string }, tokens?: TokenCounts): StreamEvent {
  const plain = { name: data.type, data: JSON.stringify(data) };
  return tokens === undefined ? plain : { ...plain, tokens };
}

function emptyMessage(id: string, model: string): JsonObject {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
  };
}

function usage(tokens: TokenCounts): JsonObject {
  return {
    input_tokens: tokens.inputTokens,
    cache_creation_input_tokens: tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens,
    cache_read_input_tokens: tokens.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5mTokens,
      ephemeral_1h_input_tokens: tokens.cacheWrite1hTokens,
    },
    output_tokens: tokens.outputTokens,
    service_tier: 'standard',
    inference_geo: 'global',
  };
}

function thinkingDetails(said: Composition): JsonObject | null {
  return said.thinkingTokens === 0 ? null : { thinking_tokens: said.thinkingTokens };
}

function wholeBlock(block: Block): JsonObject {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: `${SIGNATURE_START}${block.signature}` };
    case 'text':
      return { type: 'text', text: block.text };
    case 'tool_use':
      return { ...emptyBlock(block), input: block.input };
  }
}

function emptyBlock(block: Block): JsonObject {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'text':
      return { type: 'text', text: '', citations: null };
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: {}, caller: { type: 'direct' } };
  }
}

function blockDeltas(block: Block): JsonObject[] {
  switch (block.type) {
    case 'thinking':
      return [
        ...piecesOf(block.text).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: `${SIGNATURE_START}${block.signature}` },
      ];
    case 'text':
      return piecesOf(block.text, block.pieces).map((text) => ({ type: 'text_delta', text }));
    case 'tool_use':
      // The vendor opens every tool's input with an empty piece.
      return ['', ...piecesOf(JSON.stringify(block.input))].map((partial) => ({
        type: 'input_json_delta',
        partial_json: partial,
      }));
  }
}
