// Owns how Google's `usageMetadata` becomes disjoint counts and back. Its prompt includes what the cache gave, its
// candidates leave the thoughts out.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalUsage } from '../canonical.ts';
import { countOf } from '../observed-answer.ts';

/** Null where the value is no report of usage. */
export function readUsage(metadata: JsonValue | undefined): CanonicalUsage | null {
  if (!isJsonObject(metadata)) return null;
  const count = (name: string): number => countOf(metadata[name]) ?? 0;
  const prompt = count('promptTokenCount') + count('toolUsePromptTokenCount');
  const cacheRead = Math.min(count('cachedContentTokenCount'), prompt);
  const reasoning = count('thoughtsTokenCount');
  return {
    input: prompt - cacheRead,
    cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: count('candidatesTokenCount') + reasoning,
    reasoning,
    webSearches: 0,
  };
}

/** Total counts include what came from and went to a cache. */
export function writeUsage(usage: CanonicalUsage): JsonObject {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: usage.output - usage.reasoning,
    totalTokenCount: prompt + usage.output,
    ...(usage.cacheRead > 0 ? { cachedContentTokenCount: usage.cacheRead } : {}),
    ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
  };
}

/** In the words of the price list: `flex`, `priority`. */
export function serviceTierOf(metadata: JsonValue | undefined): string | null {
  if (!isJsonObject(metadata)) return null;
  const tier = metadata['serviceTier'];
  return typeof tier === 'string' && tier !== '' ? tier.toLowerCase() : null;
}

/** Up to 2.5 a grounded prompt is charged once, from 3 on each query. */
const CHARGED_BY_PROMPT = /gemini-(?:1|2)[.-]/;

export function webSearchesOf(model: string, candidate: JsonObject): number {
  const grounding = candidate['groundingMetadata'];
  const queries = isJsonObject(grounding) ? grounding['webSearchQueries'] : undefined;
  if (!Array.isArray(queries)) return 0;
  return CHARGED_BY_PROMPT.test(model) ? Math.min(1, queries.length) : queries.length;
}
