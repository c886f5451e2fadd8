// Owns how OpenAI's `usage` objects become disjoint counts and back. Both of the vendor's dialects have the same object
// under different names; embeddings have its first half.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalUsage } from '../canonical.ts';
import { countOf } from '../observed-answer.ts';
import type { ObservedUsage } from '../protocol.ts';

/** Input includes what was read from and written to the cache. Null where it is no report. */
export function readUsage(usage: JsonValue | undefined): CanonicalUsage | null {
  if (!isJsonObject(usage)) return null;
  const prompt = countOf(usage['prompt_tokens'] ?? usage['input_tokens']);
  const completion = countOf(usage['completion_tokens'] ?? usage['output_tokens']);
  if (prompt === null && completion === null) return null;
  const read = detail(usage, 'prompt_tokens_details', 'input_tokens_details');
  const written = detail(usage, 'completion_tokens_details', 'output_tokens_details');
  // Some compatible hosts name the cache's share outside of the details.
  const cacheRead = countOf(read['cached_tokens']) ?? countOf(usage['prompt_cache_hit_tokens']) ?? 0;
  const cacheWrite = countOf(read['cache_write_tokens']) ?? 0;
  const reasoning = countOf(written['reasoning_tokens']) ?? 0;
  return {
    input: Math.max(0, (prompt ?? 0) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    output: (completion ?? 0) + reasoningApart(usage, prompt, completion, reasoning),
    reasoning,
    webSearches: 0,
  };
}

/** Some compatible hosts count reasoning beside the completion; their totals tell. */
function reasoningApart(
  usage: JsonObject,
  prompt: number | null,
  completion: number | null,
  reasoning: number,
): number {
  const total = countOf(usage['total_tokens']);
  return total !== null && total === (prompt ?? 0) + (completion ?? 0) + reasoning ? reasoning : 0;
}

function detail(usage: JsonObject, ...names: readonly string[]): JsonObject {
  return names.map((name) => usage[name]).find(isJsonObject) ?? {};
}

/** Reasoning is a part of the output. */
export function observedUsage(usage: CanonicalUsage): ObservedUsage {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output, webSearches } = usage;
  return { input, cacheRead, cacheWrite5m, cacheWrite1h, output, webSearches };
}

/** As Chat Completions and its elder report it. */
export function writeUsage(usage: CanonicalUsage): JsonObject {
  const cacheWrite = usage.cacheWrite5m + usage.cacheWrite1h;
  const prompt = usage.input + usage.cacheRead + cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
