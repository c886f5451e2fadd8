// Owns the `usage` object of answers, to and from the canonical counts.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalUsage } from '../canonical.ts';
import { countOf } from '../observed-answer.ts';
import { UsageTally } from './usage.ts';

/** Of one answer: figures add up over its events, later ones replacing earlier. */
export class AnswerUsage {
  readonly #tally = new UsageTally();
  #reasoning = 0;

  add(usage: JsonValue | undefined): void {
    this.#tally.add(usage);
    const details = isJsonObject(usage) ? usage['output_tokens_details'] : undefined;
    if (isJsonObject(details)) this.#reasoning = countOf(details['thinking_tokens']) ?? this.#reasoning;
  }

  read(): CanonicalUsage {
    return { ...this.#tally.read(), reasoning: this.#reasoning };
  }

  /** Fast answers are what other vendors sell as priority. */
  get serviceTier(): string | null {
    const { speed, serviceTier } = this.#tally.conditions;
    return speed === 'fast' ? 'priority' : serviceTier;
  }
}

export function writeUsage(usage: CanonicalUsage, serviceTier: string | null): JsonObject {
  const { cacheWrite5m, cacheWrite1h, webSearches } = usage;
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: webSearches === 0 ? null : { web_search_requests: webSearches, web_fetch_requests: 0 },
    service_tier: TIERS[serviceTier?.toLowerCase() ?? ''] ?? 'standard',
  };
}

/** The vendor's own words; clients refuse others. */
const TIERS: Readonly<Record<string, string>> = { priority: 'priority', fast: 'priority', batch: 'batch' };
