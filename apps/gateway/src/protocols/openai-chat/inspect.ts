// Owns what is read from a chat request or one for embeddings. It refuses only what the vendor would refuse too: unknown
// fields, roles and parts pass.
import { isJsonObject } from '../../platform/json.ts';
import type { InspectInput, InspectResult, RequestFacts } from '../protocol.ts';
import { estimatedTokens, mostTokens } from '../openai/media.ts';
import { BadField, commonFacts, inspected, outputCeiling, wantsUsage } from '../openai/request.ts';
import { beginningOf, statedSession } from '../openai/session.ts';
import { mediaOf } from './media.ts';

/** Searches of one answer, which no request bounds, and what they find joins the prompt. */
const UNBOUNDED_SEARCHES = 20;

export function inspect(input: InspectInput): InspectResult {
  return inspected(() => (input.operation === 'embeddings' ? embeddingsFacts(input) : chatFacts(input)));
}

function embeddingsFacts(input: InspectInput): RequestFacts {
  const facts = commonFacts(input, 'openai-chat');
  const text = input.body['input'];
  if (typeof text !== 'string' && !Array.isArray(text)) {
    throw new BadField('input', 'a text or an array', text);
  }
  return facts;
}

function chatFacts(input: InspectInput): RequestFacts {
  const { body, bodyBytes } = input;
  const facts = commonFacts(input, 'openai-chat');
  const { messages } = body;
  if (!Array.isArray(messages)) throw new BadField('messages', 'an array of messages', messages);
  const media = mediaOf(body);
  const searches = isJsonObject(body['web_search_options']);
  return {
    ...facts,
    stream: body['stream'] === true,
    sessionId: statedSession(input) ?? beginningOf(body, messages),
    maxOutputTokens: outputCeiling(body, ['max_completion_tokens', 'max_tokens'], ['n']),
    inputTokensEstimate: estimatedTokens(bodyBytes, media),
    ceiling: {
      ...facts.ceiling,
      inputTokens: searches ? null : mostTokens(facts.ceiling.inputTokens, media),
      passes: searches ? UNBOUNDED_SEARCHES + 1 : 1,
      webSearches: searches ? UNBOUNDED_SEARCHES : 0,
    },
    wantsUsage: wantsUsage(body),
  };
}
