// Usage as OpenAI's two APIs write it: the input includes what the cache gave and took, the output the reasoning.
import type { JsonObject } from '../../json.ts';
import type { TokenCounts } from '../vendor.ts';

/** From these models on, what is written to the cache is told and billed. */
const COUNTS_WRITES = /^gpt-(?:5\.[6-9]|[6-9])/u;

export function countsCacheWrites(model: string): boolean {
  return COUNTS_WRITES.test(model);
}

export function chatUsage(tokens: TokenCounts, reasoningTokens: number): JsonObject {
  const prompt = promptTokens(tokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: tokens.outputTokens,
    total_tokens: prompt + tokens.outputTokens,
    prompt_tokens_details: {
      cached_tokens: tokens.cacheReadTokens,
      ...(tokens.cacheWrite5mTokens > 0 ? { cache_write_tokens: tokens.cacheWrite5mTokens } : {}),
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

export function responsesUsage(tokens: TokenCounts, reasoningTokens: number): JsonObject {
  const input = promptTokens(tokens);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: tokens.cacheReadTokens,
      cache_write_tokens: tokens.cacheWrite5mTokens,
    },
    output_tokens: tokens.outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: input + tokens.outputTokens,
  };
}

function promptTokens({ inputTokens, cacheReadTokens, cacheWrite5mTokens }: TokenCounts): number {
  return inputTokens + cacheReadTokens + cacheWrite5mTokens;
}
