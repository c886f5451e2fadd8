// Owns saying a request as Chat Completions takes it.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest, CanonicalTool, CanonicalToolChoice } from '../canonical.ts';
import type { ConversionNotes } from '../codec.ts';
import { effortFor, thinks, writeEffort } from '../openai/effort.ts';
import { shortId } from '../openai/ids.ts';
import { encodeMessages } from './encode-messages.ts';

/** The vendor takes no more. */
const MAX_STOPS = 4;
const TIERS = { auto: 'auto', standard: 'default', flex: 'flex', priority: 'priority' } as const;
const CHOICES = { auto: 'auto', any: 'required', none: 'none' } as const;

export function encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const { extras } = request;
  if (extras.topK !== null) notes.drop('top_k');
  if (marksCache(request)) notes.drop('cache_control');
  return withoutUnset({
    model,
    messages: encodeMessages(request),
    max_completion_tokens: request.maxOutputTokens,
    ...stream(request),
    ...tools(request, notes),
    ...thinkingAndSampling(request, model, notes),
    stop: stops(request.stopSequences, notes),
    seed: extras.seed,
    frequency_penalty: extras.frequencyPenalty,
    presence_penalty: extras.presencePenalty,
    logit_bias: extras.logitBias,
    logprobs: extras.logprobs === null ? null : true,
    top_logprobs: extras.logprobs === 0 ? null : extras.logprobs,
    verbosity: extras.verbosity,
    response_format: request.format === null ? null : responseFormat(request.format),
    service_tier: request.serviceTier === null ? null : TIERS[request.serviceTier],
    safety_identifier: request.endUserId === null ? null : shortId(request.endUserId),
    prompt_cache_key: request.cacheKey === null ? null : shortId(request.cacheKey),
  });
}

function withoutUnset(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  );
}

function stream(request: CanonicalRequest): JsonObject {
  return request.stream ? { stream: true, stream_options: { include_usage: true } } : {};
}

function tools(request: CanonicalRequest, notes: ConversionNotes): JsonObject {
  const functions = request.tools.filter((tool) => tool.type === 'function');
  const search = request.tools.find((tool) => tool.type === 'web_search');
  if (search !== undefined && search.maxUses !== null) notes.drop('max_uses');
  return {
    ...(search === undefined ? {} : { web_search_options: {} }),
    // Without tools the vendor refuses to be told how to use them.
    ...(functions.length === 0
      ? {}
      : {
          tools: functions.map(functionTool),
          tool_choice: request.toolChoice === null ? null : toolChoice(request.toolChoice),
          parallel_tool_calls: request.parallelToolCalls,
        }),
  };
}

function functionTool(tool: Extract<CanonicalTool, { type: 'function' }>): JsonObject {
  return {
    type: 'function',
    function: withoutUnset({
      name: tool.name,
      description: tool.description,
      parameters: tool.inputSchema,
      strict: tool.strict,
    }),
  };
}

function toolChoice(choice: CanonicalToolChoice): JsonObject | string {
  return choice.type === 'tool'
    ? { type: 'function', function: { name: choice.name } }
    : CHOICES[choice.type];
}

function thinkingAndSampling(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const wanted = request.thinking?.effort ?? null;
  const effort = wanted === null ? null : effortFor(model, wanted);
  // A model that does not think does what `off` asks for.
  const isMet = effort === wanted || (effort === null && wanted === 'off');
  if (!isMet) notes.downgrade('effort');
  const isSampled = !thinks(model, effort);
  const sampling = { temperature: request.temperature, top_p: request.topP };
  for (const [name, value] of Object.entries(sampling)) {
    if (!isSampled && value !== null && value !== 1) notes.drop(name);
  }
  return { reasoning_effort: effort === null ? null : writeEffort(effort), ...(isSampled ? sampling : {}) };
}

function stops(sequences: readonly string[], notes: ConversionNotes): readonly string[] | null {
  if (sequences.length > MAX_STOPS) notes.downgrade('stop_sequences');
  return sequences.length === 0 ? null : sequences.slice(0, MAX_STOPS);
}

function responseFormat(format: CanonicalFormat): JsonObject {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return { type: 'json_schema', json_schema: withoutUnset({ name, schema, strict }) };
}

/** This vendor finds by itself what it has cached. */
function marksCache({ system, messages, tools: listed }: CanonicalRequest): boolean {
  const parts = [...system, ...messages.flatMap(({ content }) => content), ...listed];
  return parts.some((part) => 'cacheControl' in part && part.cacheControl !== undefined);
}
