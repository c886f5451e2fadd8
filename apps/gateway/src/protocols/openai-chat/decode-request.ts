// Owns reading a chat request into the canonical form.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest, CanonicalTool, CanonicalToolChoice } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readEffort } from '../openai/effort.ts';
import { readSampling } from '../openai/sampling.ts';
import type { RequestFacts } from '../protocol.ts';
import { decodeMessages } from './decode-messages.ts';
import { numberOf, textOf } from '../read.ts';

/** Read here, or without meaning for the answer. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'max_completion_tokens',
  'max_tokens',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'parallel_tool_calls',
  'reasoning_effort',
  'verbosity',
  'response_format',
  'web_search_options',
  'n',
  'modalities',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'service_tier',
  'metadata',
]);

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
  refuseWhatNobodyElseHas(body);
  for (const [name, value] of Object.entries(body)) {
    const isUnset = value === null || value === undefined || (name === 'store' && value === false);
    if (!KNOWN.has(name) && !isUnset) notes.drop(name);
  }
  const { tools, toolChoice } = decodeTools(body, notes);
  const effort = textOf(body['reasoning_effort']);
  const level = effort === null ? null : readEffort(effort);
  if (effort !== null && level === null) notes.drop('reasoning_effort');
  return {
    ...readSampling(body),
    model: facts.model,
    ...decodeMessages(Array.isArray(body['messages']) ? body['messages'] : [], notes),
    maxOutputTokens: numberOf(body['max_completion_tokens'] ?? body['max_tokens']),
    stream: facts.stream,
    tools,
    toolChoice,
    parallelToolCalls: typeof body['parallel_tool_calls'] === 'boolean' ? body['parallel_tool_calls'] : null,
    thinking: level === null ? null : { effort: level, display: null },
    format: decodeFormat(body['response_format']),
    serviceTier: decodeTier(body['service_tier'], notes),
    cacheKey: textOf(body['prompt_cache_key']),
  };
}

function refuseWhatNobodyElseHas(body: JsonObject): void {
  const { modalities, n } = body;
  if (typeof n === 'number' && n > 1) {
    throw new NotConvertible('n', 'Only one answer can be given; send the request several times.');
  }
  if (Array.isArray(modalities) && modalities.some((one) => one !== 'text')) {
    throw new NotConvertible('modalities', 'Only text can be answered.');
  }
  for (const name of ['audio', 'prediction']) {
    if (isJsonObject(body[name])) {
      throw new NotConvertible(name, 'This has no equal in the API that answers this model; leave it out.');
    }
  }
}

function decodeTools(
  body: JsonObject,
  notes: ConversionNotes,
): Pick<CanonicalRequest, 'tools' | 'toolChoice'> {
  const { functions, tools: listed } = body;
  const tools: CanonicalTool[] = [];
  for (const [index, tool] of (Array.isArray(listed) ? listed : []).entries()) {
    const described = isJsonObject(tool) && tool['type'] === 'function' ? tool['function'] : null;
    if (!isJsonObject(described)) {
      throw new NotConvertible(`tools.${index}.type`, 'Only functions can be converted.');
    }
    tools.push(functionTool(described, isJsonObject(tool) ? tool['cache_control'] : undefined));
  }
  for (const described of Array.isArray(functions) ? functions : []) {
    if (isJsonObject(described)) tools.push(functionTool(described, undefined));
  }
  const allowed = allowedTools(body['tool_choice']);
  const choosable =
    allowed === null
      ? tools
      : tools.filter((tool) => tool.type === 'function' && allowed.names.has(tool.name));
  const search = body['web_search_options'];
  if (isJsonObject(search)) {
    for (const name of Object.keys(search)) notes.drop(`web_search_options.${name}`);
    choosable.push({ type: 'web_search', maxUses: null });
  }
  return {
    tools: choosable,
    toolChoice: decodeChoice(allowed?.mode ?? body['tool_choice'] ?? body['function_call']),
  };
}

function functionTool(described: JsonObject, cacheControl: JsonValue | undefined): CanonicalTool {
  const { parameters, strict } = described;
  return {
    type: 'function',
    name: textOf(described['name']) ?? '',
    description: textOf(described['description']),
    inputSchema: isJsonObject(parameters) ? parameters : { type: 'object', properties: {} },
    strict: typeof strict === 'boolean' ? strict : null,
    cacheControl: isJsonObject(cacheControl) ? cacheControl : undefined,
  };
}

/** A choice among some of the tools is a choice where the others are not there. */
function allowedTools(
  choice: JsonValue | undefined,
): { readonly mode: JsonValue | undefined; readonly names: ReadonlySet<JsonValue | undefined> } | null {
  const allowed = isJsonObject(choice) && choice['type'] === 'allowed_tools' ? choice['allowed_tools'] : null;
  if (!isJsonObject(allowed)) return null;
  const tools = (Array.isArray(allowed['tools']) ? allowed['tools'] : []).filter(isJsonObject);
  const names = tools.map((tool) =>
    isJsonObject(tool['function']) ? tool['function']['name'] : tool['name'],
  );
  return { mode: allowed['mode'], names: new Set(names) };
}

function decodeChoice(choice: JsonValue | undefined): CanonicalToolChoice | null {
  if (choice === undefined || choice === null) return null;
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  // The elder form names the function at once.
  const chosen = isJsonObject(choice) ? (choice['function'] ?? choice) : null;
  const name = isJsonObject(chosen) ? textOf(chosen['name']) : null;
  if (name === null) throw new NotConvertible('tool_choice', 'Only a choice of functions can be converted.');
  return { type: 'tool', name };
}

function decodeFormat(format: JsonValue | undefined): CanonicalFormat | null {
  if (!isJsonObject(format) || format['type'] === 'text') return null;
  if (format['type'] === 'json_object') return { type: 'json_object' };
  const described = format['json_schema'];
  if (format['type'] !== 'json_schema' || !isJsonObject(described)) {
    throw new NotConvertible('response_format.type', 'Known are text, json_object and json_schema.');
  }
  const { schema, strict } = described;
  return {
    type: 'json_schema',
    name: textOf(described['name']) ?? 'answer',
    schema: isJsonObject(schema) ? schema : {},
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
