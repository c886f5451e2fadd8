// Owns what is read from answers and chunks of Chat Completions and its elder alike: the head, the end of a choice, the
// use of a search, and the figures of a whole answer.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { ObservedAnswer } from '../observed-answer.ts';
import type { ReadAnswer } from './observe-json.ts';
import { observedUsage, readUsage } from './usage.ts';
import { textOf } from '../read.ts';

/** Azure's first chunk has all of it, and all of it empty. */
export function readHead(source: JsonObject, answer: ObservedAnswer): void {
  answer.messageId ??= textOf(source['id']);
  answer.servedModel ??= textOf(source['model']);
  answer.conditions.serviceTier = textOf(source['service_tier']) ?? answer.conditions.serviceTier;
}

export function stopReasonOf(choice: JsonObject): string | null {
  return textOf(choice['finish_reason']);
}

/** How often it searched is told nowhere; sources that are cited show that it did. */
export function citesSources(message: JsonValue | undefined): boolean {
  const annotations = isJsonObject(message) ? message['annotations'] : undefined;
  return (
    Array.isArray(annotations) &&
    annotations.some((one) => isJsonObject(one) && one['type'] === 'url_citation')
  );
}

export const readCompletion: ReadAnswer = (body, answer) => {
  readHead(body, answer);
  const choices = Array.isArray(body['choices']) ? body['choices'].filter(isJsonObject) : [];
  answer.stopReason = choices.map(stopReasonOf).find((reason) => reason !== null) ?? null;
  const usage = readUsage(body['usage']);
  if (usage === null) return false;
  const webSearches = choices.some((choice) => citesSources(choice['message'])) ? 1 : 0;
  answer.report({ ...observedUsage(usage), webSearches }, true);
  return true;
};
