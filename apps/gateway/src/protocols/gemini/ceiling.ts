// Owns what a Gemini request can use at most: what a strict budget has to reserve. Never too little, so sizes are taken
// for the worst they can mean.
import type { JsonObject } from '../../platform/json.ts';
import type { UsageCeiling } from '../protocol.ts';
import type { RequestMedia } from './media.ts';
import { member, numberIn, objectIn, objectsIn, textIn } from './read.ts';

/** Tiles of the most awkward shape a picture may have. */
const TOKENS_PER_IMAGE = 10_000;
/** Of the vendor's own around a request. */
const TOKENS_OF_FRAME = 2000;
/** Searches of one answer, which no request bounds. */
const UNBOUNDED_SEARCHES = 20;
const SEARCH_TOOLS = ['googleSearch', 'googleSearchRetrieval', 'enterpriseWebSearch'] as const;
/** They run at the vendor, and what they find joins the prompt. */
const SERVER_TOOLS = [...SEARCH_TOOLS, 'urlContext', 'codeExecution', 'fileSearch', 'googleMaps'] as const;

export function ceilingOf(request: JsonObject, bodyBytes: number, media: RequestMedia): UsageCeiling {
  const tools = objectsIn(request, 'tools');
  const has = (names: readonly string[]): boolean =>
    tools.some((tool) => names.some((name) => member(tool, name) !== undefined));
  const isBounded = media.others === 0 && textIn(request, 'cachedContent') === null && !has(SERVER_TOOLS);
  return {
    // A token is a byte at least.
    inputTokens: isBounded ? bodyBytes + media.images * TOKENS_PER_IMAGE + TOKENS_OF_FRAME : null,
    passes: 1,
    webSearches: has(SEARCH_TOOLS) ? UNBOUNDED_SEARCHES : 0,
    conditions: {
      serviceTier: textIn(request, 'serviceTier')?.toLowerCase() ?? null,
      speed: null,
      inferenceGeo: null,
    },
  };
}

/**
 * What all candidates may generate; null where the request does not say. Whether thoughts count toward the limit
 * differs by model, so they are taken to come on top of it.
 */
export function maxOutputTokensOf(request: JsonObject): number | null {
  const config = objectIn(request, 'generationConfig');
  const limit = numberIn(config, 'maxOutputTokens');
  if (limit === null || limit < 0) return null;
  const thoughts = Math.max(0, numberIn(objectIn(config, 'thinkingConfig'), 'thinkingBudget') ?? 0);
  const candidates = Math.max(1, numberIn(config, 'candidateCount') ?? 1);
  return Math.ceil((limit + thoughts) * candidates);
}
