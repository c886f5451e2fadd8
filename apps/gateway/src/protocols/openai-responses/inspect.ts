// Owns what is read from a Responses request or one that compacts a conversation. It refuses only what the vendor would
// refuse too: unknown fields, items and tools pass.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { estimatedTokens, mostTokens } from '../openai/media.ts';
import { isJsonList, textOf } from '../read.ts';
import { BadField, commonFacts, inspected, outputCeiling } from '../openai/request.ts';
import { beginningOf, statedSession } from '../openai/session.ts';
import type { InspectInput, InspectResult } from '../protocol.ts';
import { bringsUnknownLength, mediaOf } from './media.ts';
import { vendorToolUses } from './vendor-tools.ts';

export function inspect(input: InspectInput): InspectResult {
  return inspected(() => {
    const { body, bodyBytes } = input;
    const facts = commonFacts(input, 'openai-responses');
    const items = itemsOf(body);
    const media = mediaOf(items);
    const uses = vendorToolUses(body);
    const pinnedTo = pinOf(body);
    const isBounded = pinnedTo === null && !isJsonObject(body['prompt']) && !bringsUnknownLength(items);
    return {
      ...facts,
      stream: body['stream'] === true,
      sessionId: statedSession(input) ?? beginningOf(body, items),
      maxOutputTokens: outputCeiling(body, ['max_output_tokens'], []),
      inputTokensEstimate: estimatedTokens(bodyBytes, media),
      ceiling: {
        ...facts.ceiling,
        // What tools find at the vendor joins the prompt.
        inputTokens: isBounded && uses.all === 0 ? mostTokens(facts.ceiling.inputTokens, media) : null,
        passes: uses.all + 1,
        webSearches: uses.webSearches,
      },
      pinnedTo,
      // The vendor keeps what it answers unless it is told not to.
      keepsAnswerAs: input.operation === 'generate' && body['store'] !== false ? 'response' : undefined,
    };
  });
}

function itemsOf(body: JsonObject): readonly JsonValue[] {
  const { input } = body;
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (isJsonList(input)) return input;
  const isElsewhere = pinOf(body) !== null || isJsonObject(body['prompt']);
  if ((input === undefined || input === null) && isElsewhere) return [];
  throw new BadField('input', 'a text or an array of items', input);
}

/** What is stored lives in the account that made it. */
function pinOf(body: JsonObject): string | null {
  const previous = textOf(body['previous_response_id']);
  if (previous !== null) return `response:${previous}`;
  const stated = body['conversation'];
  const conversation = textOf(isJsonObject(stated) ? stated['id'] : stated);
  return conversation === null ? null : `conversation:${conversation}`;
}
