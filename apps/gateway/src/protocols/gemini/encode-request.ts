// Owns saying a canonical request in Google's words: its fields. Its messages are encode-contents'.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest, CanonicalTool, CanonicalToolChoice } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { encodeContents } from './encode-contents.ts';
import { writeThinking } from './thinking.ts';

const MAX_STOP_SEQUENCES = 5;
/** Names that functions may have. */
export const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

export function encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  noteDrops(request, notes);
  const functions = request.tools.filter((tool) => tool.type === 'function');
  return {
    ...encodePrompt(request, model, notes),
    ...(functions.length === 0 || request.toolChoice === null
      ? {}
      : { toolConfig: { functionCallingConfig: callingConfig(request.toolChoice) } }),
    ...withoutAbsent('generationConfig', generationConfig(request, model, notes)),
    ...(request.serviceTier === null || request.serviceTier === 'auto'
      ? {}
      : { serviceTier: request.serviceTier }),
  };
}

/** What the model reads: what counting counts. */
export function encodePrompt(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const tools = encodeTools(request.tools, notes);
  if (request.system.some(({ cacheControl }) => cacheControl !== undefined)) notes.drop('cache_control');
  return {
    contents: encodeContents(request.messages, model, notes),
    ...(request.system.length === 0
      ? {}
      : { systemInstruction: { parts: request.system.map(({ text }) => ({ text })) } }),
    ...(tools.length === 0 ? {} : { tools }),
  };
}

function noteDrops({ extras, parallelToolCalls }: CanonicalRequest, notes: ConversionNotes): void {
  if (extras.logitBias !== null) notes.drop('logit_bias');
  if (extras.logprobs !== null) notes.drop('logprobs');
  if (extras.verbosity !== null) notes.drop('verbosity');
  if (parallelToolCalls === false) notes.downgrade('parallel_tool_calls');
}

function generationConfig(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const { extras, format, stopSequences, thinking } = request;
  if (stopSequences.length > MAX_STOP_SEQUENCES) {
    throw new NotConvertible(
      'stop_sequences',
      `This model takes ${MAX_STOP_SEQUENCES} stop sequences at most.`,
    );
  }
  return {
    ...withoutAbsent('maxOutputTokens', request.maxOutputTokens),
    ...withoutAbsent('temperature', request.temperature),
    ...withoutAbsent('topP', request.topP),
    ...withoutAbsent('topK', extras.topK),
    ...withoutAbsent('seed', extras.seed),
    ...withoutAbsent('frequencyPenalty', extras.frequencyPenalty),
    ...withoutAbsent('presencePenalty', extras.presencePenalty),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
    ...(format === null ? {} : { responseMimeType: 'application/json' }),
    ...(format?.type === 'json_schema' ? { responseJsonSchema: format.schema } : {}),
    ...withoutAbsent('thinkingConfig', thinking === null ? null : writeThinking(thinking, model, notes)),
  };
}

/** Empty for null and for an object without members. */
function withoutAbsent(name: string, value: JsonObject | number | null): JsonObject {
  if (value === null) return {};
  return typeof value === 'object' && Object.keys(value).length === 0 ? {} : { [name]: value };
}

function encodeTools(tools: readonly CanonicalTool[], notes: ConversionNotes): JsonObject[] {
  const declarations: JsonObject[] = [];
  let searches = false;
  for (const tool of tools) {
    if (tool.type === 'web_search') {
      if (tool.maxUses !== null) notes.drop('max_uses');
      searches = true;
      continue;
    }
    const { name, description, inputSchema, strict, cacheControl } = tool;
    if (strict === true) notes.drop('strict');
    if (cacheControl !== undefined) notes.drop('cache_control');
    declarations.push({
      name,
      ...(description === null ? {} : { description }),
      parametersJsonSchema: inputSchema,
    });
  }
  return [
    ...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]),
    ...(searches ? [{ googleSearch: {} }] : []),
  ];
}

function callingConfig(choice: CanonicalToolChoice): JsonObject {
  if (choice.type === 'tool') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice.type.toUpperCase() };
}
