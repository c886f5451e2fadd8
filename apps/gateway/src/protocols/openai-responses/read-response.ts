// Owns what is read from a response object, which is the same in a JSON answer and at the end of a stream.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { ObservedAnswer } from '../observed-answer.ts';
import { objectsOf, textOf } from '../read.ts';
import { observedUsage, readUsage } from '../openai/usage.ts';
import type { RequestFacts } from '../protocol.ts';
import { isWebSearch } from './vendor-tools.ts';

export function readHead(response: JsonObject, answer: ObservedAnswer): void {
  answer.messageId ??= textOf(response['id']);
  answer.servedModel ??= textOf(response['model']);
  answer.conditions.serviceTier = textOf(response['service_tier']) ?? answer.conditions.serviceTier;
}

/** False where it tells no usage. */
export function readResponse(
  response: JsonObject,
  answer: ObservedAnswer,
  facts: Pick<RequestFacts, 'inputTokensEstimate' | 'maxOutputTokens'>,
): boolean {
  readHead(response, answer);
  const status = textOf(response['status']);
  const details = response['incomplete_details'];
  answer.stopReason = (isJsonObject(details) ? textOf(details['reason']) : null) ?? status;
  const usage = readUsage(response['usage']);
  if (usage !== null) {
    const webSearches = objectsOf(response['output']).filter(isWebSearch).length;
    answer.report({ ...observedUsage(usage), webSearches }, true);
    return true;
  }
  if (status !== 'queued' && status !== 'in_progress') return false;
  // It is generated in the background and charged there; nobody tells what it came to.
  answer.report(
    {
      input: facts.inputTokensEstimate,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheRead: 0,
      output: facts.maxOutputTokens ?? 0,
      webSearches: 0,
    },
    false,
  );
  return true;
}
