// Owns reading a Responses request into the canonical form: its fields. Items and tools have files of their own.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest, CanonicalThinking, SamplingExtras } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readEffort } from '../openai/effort.ts';
import { numberOf, textOf } from '../read.ts';
import type { RequestFacts } from '../protocol.ts';
import { decodeInput } from './decode-input.ts';
import { decodeTools } from './decode-tools.ts';

/** Read here, or without meaning for the answer. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'temperature',
  'top_p',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'include',
  'metadata',
  'client_metadata',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'service_tier',
]);
/** What asks for nothing: the answer is the same without it. */
const UNASKED: Readonly<Record<string, JsonValue>> = {
  store: false,
  background: false,
  truncation: 'disabled',
  top_logprobs: 0,
};
/** They stand for what the vendor keeps, or for an answer that it will keep. */
const LIVES_AT_VENDOR: Readonly<Record<string, string>> = {
  previous_response_id:
    'Earlier answers of other models cannot be continued; send the whole conversation as input.',
  conversation:
    'Stored conversations cannot be continued with this model; send the whole conversation as input.',
  prompt: 'Stored prompts live in one account; send the text itself as instructions.',
  background: 'This model answers at once only; leave background out.',
};
const TIERS: Readonly<Record<string, NonNullable<CanonicalRequest['serviceTier']>>> = {
  auto: 'auto',
  default: 'standard',
  flex: 'flex',
  priority: 'priority',
  fast: 'priority',
};

export function decodeRequest(
  body: JsonObject,
  facts: RequestFacts,
  notes: ConversionNotes,
): CanonicalRequest {
  refuseWhatLivesAtVendor(body);
  for (const name of Object.keys(body)) {
    if (!KNOWN.has(name) && isAskedFor(body, name)) notes.drop(name);
  }
  const text = isJsonObject(body['text']) ? body['text'] : {};
  return {
    model: facts.model,
    ...decodeInput(body, notes),
    ...decodeTools(body, notes),
    maxOutputTokens: numberOf(body['max_output_tokens']),
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    extras: { ...NO_EXTRAS, verbosity: textOf(text['verbosity']) },
    stopSequences: [],
    stream: facts.stream,
    parallelToolCalls: typeof body['parallel_tool_calls'] === 'boolean' ? body['parallel_tool_calls'] : null,
    thinking: decodeThinking(body['reasoning'], notes),
    format: decodeFormat(text['format']),
    endUserId: textOf(body['safety_identifier']) ?? textOf(body['user']),
    serviceTier: decodeTier(body['service_tier'], notes),
    cacheKey: textOf(body['prompt_cache_key']),
  };
}

const NO_EXTRAS: SamplingExtras = {
  topK: null,
  seed: null,
  frequencyPenalty: null,
  presencePenalty: null,
  logitBias: null,
  logprobs: null,
  verbosity: null,
};

function refuseWhatLivesAtVendor(body: JsonObject): void {
  for (const [name, message] of Object.entries(LIVES_AT_VENDOR)) {
    if (isAskedFor(body, name)) throw new NotConvertible(name, message);
  }
}

function isAskedFor(body: JsonObject, name: string): boolean {
  const value = body[name];
  return value !== undefined && value !== null && value !== UNASKED[name];
}

function decodeThinking(reasoning: JsonValue | undefined, notes: ConversionNotes): CanonicalThinking | null {
  if (!isJsonObject(reasoning)) return null;
  for (const [name, value] of Object.entries(reasoning)) {
    if (!['effort', 'summary', 'generate_summary'].includes(name) && value !== null)
      notes.drop(`reasoning.${name}`);
  }
  const stated = textOf(reasoning['effort']);
  const effort = stated === null ? null : readEffort(stated);
  if (stated !== null && effort === null) notes.drop('reasoning.effort');
  const summary = textOf(reasoning['summary'] ?? reasoning['generate_summary']);
  if (effort === null && summary === null) return null;
  // Without the wish for a summary the vendor shows none.
  if (summary === null) return { effort, display: 'omitted' };
  return { effort, display: summary === 'detailed' ? 'detailed' : 'summary' };
}

function decodeFormat(format: JsonValue | undefined): CanonicalFormat | null {
  if (!isJsonObject(format) || format['type'] === 'text') return null;
  if (format['type'] === 'json_object') return { type: 'json_object' };
  const { schema, strict } = format;
  if (format['type'] !== 'json_schema' || !isJsonObject(schema)) {
    throw new NotConvertible('text.format', 'Known are text, json_object, and json_schema with a schema.');
  }
  return {
    type: 'json_schema',
    name: textOf(format['name']) ?? 'answer',
    schema,
    strict: typeof strict === 'boolean' ? strict : null,
  };
}

function decodeTier(tier: JsonValue | undefined, notes: ConversionNotes): CanonicalRequest['serviceTier'] {
  const name = textOf(tier);
  if (name === null) return null;
  const known = TIERS[name];
  if (known === undefined) notes.drop('service_tier');
  return known ?? null;
}
