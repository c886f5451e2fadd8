// Owns how Anthropic's `usage` objects become disjoint counts. They are cumulative: a later figure replaces the earlier
// one, an absent or null one leaves it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { ObservedUsage, PriceConditions } from '../protocol.ts';

interface Counts {
  input: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
  output: number;
}

export class UsageTally {
  readonly #counts: Counts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 };
  /** Passes that the totals leave out. */
  #extra: Counts | null = null;
  #webSearches = 0;
  readonly conditions: { -readonly [Name in keyof PriceConditions]: PriceConditions[Name] } = {
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
  };

  /** True when the object said how much was generated. */
  add(usage: JsonValue | undefined): boolean {
    if (!isJsonObject(usage)) return false;
    addCounts(this.#counts, usage);
    if (Array.isArray(usage['iterations'])) this.#extra = countExtraPasses(usage['iterations']);
    const tools = usage['server_tool_use'];
    if (isJsonObject(tools)) this.#webSearches = count(tools['web_search_requests']) ?? this.#webSearches;
    const { conditions } = this;
    conditions.serviceTier = text(usage['service_tier']) ?? conditions.serviceTier;
    conditions.speed = text(usage['speed']) ?? conditions.speed;
    conditions.inferenceGeo = text(usage['inference_geo']) ?? conditions.inferenceGeo;
    return count(usage['output_tokens']) !== null;
  }

  read(): ObservedUsage {
    const usage = { ...this.#counts, webSearches: this.#webSearches };
    if (this.#extra !== null) {
      usage.input += this.#extra.input;
      usage.cacheWrite5m += this.#extra.cacheWrite5m;
      usage.cacheWrite1h += this.#extra.cacheWrite1h;
      usage.cacheRead += this.#extra.cacheRead;
      usage.output += this.#extra.output;
    }
    return usage;
  }
}

function addCounts(counts: Counts, usage: JsonObject): void {
  counts.input = count(usage['input_tokens']) ?? counts.input;
  counts.cacheRead = count(usage['cache_read_input_tokens']) ?? counts.cacheRead;
  counts.output = count(usage['output_tokens']) ?? counts.output;
  addCacheWrites(counts, usage);
}

/**
 * The split by lifetime comes in message_start, often only the sum after it: a sum that disagrees keeps the hour's
 * share, and what no split explains was written for five minutes.
 */
function addCacheWrites(counts: Counts, usage: JsonObject): void {
  const split = usage['cache_creation'];
  if (isJsonObject(split)) {
    counts.cacheWrite5m = count(split['ephemeral_5m_input_tokens']) ?? counts.cacheWrite5m;
    counts.cacheWrite1h = count(split['ephemeral_1h_input_tokens']) ?? counts.cacheWrite1h;
  }
  const sum = count(usage['cache_creation_input_tokens']);
  if (sum === null) return;
  const splitSum = counts.cacheWrite5m + counts.cacheWrite1h;
  if (sum === splitSum || (isJsonObject(split) && sum < splitSum)) return;
  counts.cacheWrite1h = Math.min(counts.cacheWrite1h, sum);
  counts.cacheWrite5m = sum - counts.cacheWrite1h;
}

/** Compaction and advisor passes are charged, yet not part of the totals. */
function countExtraPasses(iterations: readonly JsonValue[]): Counts | null {
  let extra: Counts | null = null;
  for (const iteration of iterations) {
    if (!isJsonObject(iteration)) continue;
    const type = text(iteration['type']);
    if (type === null || type === 'message' || type === 'fallback_message') continue;
    const pass: Counts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 };
    addCounts(pass, iteration);
    extra ??= { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 };
    extra.input += pass.input;
    extra.cacheWrite5m += pass.cacheWrite5m;
    extra.cacheWrite1h += pass.cacheWrite1h;
    extra.cacheRead += pass.cacheRead;
    extra.output += pass.output;
  }
  return extra;
}

function count(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
