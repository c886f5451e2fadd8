// Owns the response object around an answer: what it repeats of the request, how it ended, what it used.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalEvent, CanonicalStop, CanonicalUsage } from '../canonical.ts';
import type { AnswerContext } from '../codec.ts';
import { serviceTier } from '../openai/answer-words.ts';
import { textOf } from '../read.ts';

type Finish = Extract<CanonicalEvent, { type: 'finish' }>;

/** Members that repeat the request, with what they are where it says nothing. */
const REPEATED: Readonly<Record<string, JsonValue>> = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  user: null,
};

/** While it is being written. */
export function openResponse(id: string, { request, model, createdAtMs }: AnswerContext): JsonObject {
  return {
    id,
    object: 'response',
    created_at: Math.floor(createdAtMs / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...objectIn(request, 'reasoning') },
    service_tier: 'auto',
    // Nothing of it is kept here, whatever was asked for.
    store: false,
    text: { format: { type: 'text' }, verbosity: 'medium', ...objectIn(request, 'text') },
    top_logprobs: 0,
    usage: null,
    ...Object.fromEntries(Object.entries(REPEATED).map(([name, value]) => [name, request[name] ?? value])),
  };
}

export function endedResponse(open: JsonObject, output: readonly JsonObject[], finish: Finish): JsonObject {
  const reason = incompleteReason(finish);
  return {
    ...open,
    status: isIncomplete(finish.stop, reason) ? 'incomplete' : 'completed',
    incomplete_details: reason === null ? null : { reason },
    output,
    service_tier: serviceTier(finish.serviceTier) ?? 'default',
    usage: writeUsage(finish.usage),
  };
}

/** A refusal in words is an answer of its own; without any it is what the filter left. */
function incompleteReason({ stop, refusal }: Finish): string | null {
  if (stop === 'max_tokens' || stop === 'context_window') return 'max_output_tokens';
  return stop === 'refusal' && refusal === null ? 'content_filter' : null;
}

function isIncomplete(stop: CanonicalStop, reason: string | null): boolean {
  return reason !== null || stop === 'pause_turn';
}

function writeUsage(usage: CanonicalUsage): JsonObject {
  const cacheWrite = usage.cacheWrite5m + usage.cacheWrite1h;
  const input = usage.input + usage.cacheRead + cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  };
}

export function endTypeOf(response: JsonObject): string {
  return `response.${textOf(response['status']) ?? ''}`;
}

function objectIn(request: JsonObject, name: string): JsonObject {
  const value = request[name];
  return isJsonObject(value) ? value : {};
}
