// Owns saying a request as Responses takes it: its fields. Its messages are encode-input's.
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest, CanonicalTool, SamplingExtras } from '../canonical.ts';
import type { ConversionNotes } from '../codec.ts';
import { effortFor, thinks, writeEffort } from '../openai/effort.ts';
import { shortId } from '../openai/ids.ts';
import { encodeInput } from './encode-input.ts';

const TIERS = { auto: 'auto', standard: 'default', flex: 'flex', priority: 'priority' } as const;
const CHOICES = { auto: 'auto', any: 'required', none: 'none' } as const;
const SUMMARIES = { summary: 'auto', detailed: 'detailed' } as const;
/** Wishes that this API knows nothing of, under the names that most clients have for them. */
const UNKNOWN_HERE: Readonly<Record<Exclude<keyof SamplingExtras, 'verbosity'>, string>> = {
  topK: 'top_k',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
};

export function encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  noteDrops(request, notes);
  const { system, extras, format } = request;
  const text = withoutUnset({
    format: format === null ? null : textFormat(format),
    verbosity: extras.verbosity,
  });
  return withoutUnset({
    model,
    instructions: system.length === 0 ? null : system.map((block) => block.text).join('\n\n'),
    input: encodeInput(request.messages, notes),
    stream: request.stream ? true : null,
    // The conversation comes anew with each request: nothing of it has to be kept at the vendor.
    store: false,
    max_output_tokens: request.maxOutputTokens,
    ...tools(request, notes),
    ...thinkingAndSampling(request, model, notes),
    text: Object.keys(text).length === 0 ? null : text,
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

function noteDrops({ extras, stopSequences, system }: CanonicalRequest, notes: ConversionNotes): void {
  for (const [name, field] of Object.entries(UNKNOWN_HERE)) {
    if (Object.entries(extras).some(([known, value]) => known === name && value !== null)) notes.drop(field);
  }
  if (stopSequences.length > 0) notes.drop('stop_sequences');
  if (system.some(({ cacheControl }) => cacheControl !== undefined)) notes.drop('cache_control');
}

function tools(request: CanonicalRequest, notes: ConversionNotes): JsonObject {
  // Without tools the vendor refuses to be told how to use them.
  if (request.tools.length === 0) return {};
  const search = request.tools.find((tool) => tool.type === 'web_search');
  return {
    tools: request.tools.map((tool) => encodeTool(tool, notes)),
    tool_choice: toolChoice(request, notes),
    parallel_tool_calls: request.parallelToolCalls,
    max_tool_calls: search?.maxUses ?? null,
  };
}

function encodeTool(tool: CanonicalTool, notes: ConversionNotes): JsonObject {
  if (tool.type === 'web_search') return { type: 'web_search' };
  const { name, description, inputSchema, strict, cacheControl } = tool;
  if (cacheControl !== undefined) notes.drop('cache_control');
  return {
    type: 'function',
    name,
    ...(description === null ? {} : { description }),
    parameters: inputSchema,
    // Strict is the default here and refuses most schemas that were not written for it.
    strict: strict ?? false,
  };
}

function toolChoice(
  { toolChoice: choice, tools: offered }: CanonicalRequest,
  notes: ConversionNotes,
): JsonValue {
  if (choice === null) return null;
  if (choice.type !== 'tool') return CHOICES[choice.type];
  const { name } = choice;
  if (offered.some((tool) => tool.type === 'function' && tool.name === name))
    return { type: 'function', name };
  // What runs at the vendor cannot be asked for by name, unless there is nothing else.
  if (offered.length === 1) return 'required';
  notes.downgrade('tool_choice');
  return 'auto';
}

function thinkingAndSampling(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const { thinking } = request;
  const wanted = thinking?.effort ?? null;
  const effort = wanted === null ? null : effortFor(model, wanted);
  // A model that does not think does what `off` asks for.
  if (effort !== wanted && wanted !== 'off') notes.downgrade('effort');
  const isThinking = thinks(model, effort);
  const sampling = { temperature: request.temperature, top_p: request.topP };
  for (const [name, value] of Object.entries(sampling)) {
    if (isThinking && value !== null && value !== 1) notes.drop(name);
  }
  const display = thinking?.display ?? null;
  const isShown = effort !== 'off' && (display === 'summary' || display === 'detailed');
  const reasoning = withoutUnset({
    effort: effort === null ? null : writeEffort(effort),
    summary: isShown ? SUMMARIES[display] : null,
  });
  return {
    ...(isThinking ? {} : sampling),
    reasoning: Object.keys(reasoning).length === 0 ? null : reasoning,
    // What it thought comes back with the next request, since it is kept nowhere else.
    include: isThinking && thinking !== null ? ['reasoning.encrypted_content'] : null,
  };
}

function textFormat(format: CanonicalFormat): JsonObject {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return withoutUnset({ type: 'json_schema', name, schema, strict });
}
