// Owns saying a whole answer as Anthropic does.
import type { JsonObject } from '../../platform/json.ts';
import type { AnswerBlock, CanonicalAnswer, Citation } from '../canonical.ts';
import type { AnswerContext } from '../codec.ts';
import { writeUsage } from './answer-usage.ts';
import { FOREIGN_CITATION, signatureText } from './signature.ts';
import { stopReason } from './stops.ts';

const FOREIGN_ID = /^(?:msg_|resp_|chatcmpl-|cmpl-)/;

export function encodeAnswer(answer: CanonicalAnswer, { model }: AnswerContext): JsonObject {
  return {
    id: messageId(answer.id),
    type: 'message',
    role: 'assistant',
    model,
    content: answer.content.flatMap(blocksOf),
    ...encodeEnd(answer),
    usage: writeUsage(answer.usage, answer.serviceTier),
  };
}

/** The upstream's id under the prefix that clients of the dialect expect. */
export function messageId(upstreamId: string): string {
  return `msg_${upstreamId.replace(FOREIGN_ID, '')}`;
}

export function encodeEnd({
  stop,
  stopSequence,
  refusal,
}: Pick<CanonicalAnswer, 'stop' | 'stopSequence' | 'refusal'>): JsonObject {
  return {
    stop_reason: stopReason(stop),
    stop_sequence: stopSequence,
    stop_details: stop === 'refusal' ? { type: 'refusal', category: null, explanation: refusal } : null,
  };
}

/** Clients show the source; its text and place are not known here. */
export function encodeCitation({ url, title }: Citation): JsonObject {
  return {
    type: 'web_search_result_location',
    url,
    title: title ?? url,
    cited_text: '',
    encrypted_index: FOREIGN_CITATION,
  };
}

function blocksOf(block: AnswerBlock): JsonObject[] {
  switch (block.type) {
    case 'text': {
      const citations = block.citations.map((citation) => encodeCitation(citation));
      // Absent where there are none: some clients take no null.
      return [{ type: 'text', text: block.text, ...(citations.length === 0 ? {} : { citations }) }];
    }
    case 'thinking':
      return [{ type: 'thinking', thinking: block.text, signature: signatureText(block.signature) }];
    case 'hidden_thinking':
      return [{ type: 'redacted_thinking', data: signatureText(block.signature) }];
    case 'tool_call': {
      const { id, name, input, signature } = block;
      // A proof of the call has no place in it, so it goes before it in a thought without a word.
      const proof = { type: 'thinking', thinking: '', signature: signatureText(signature ?? null) };
      return [...(signature === undefined ? [] : [proof]), { type: 'tool_use', id, name, input }];
    }
  }
}
