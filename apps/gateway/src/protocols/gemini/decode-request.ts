// Owns reading a generateContent request into the canonical form: what its fields say. Its contents are decode-contents'.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type {
  CanonicalFormat,
  CanonicalRequest,
  CanonicalTool,
  CanonicalToolChoice,
  SamplingExtras,
} from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import type { RequestFacts } from '../protocol.ts';
import { decodeContents } from './decode-contents.ts';
import { decodeTools } from './decode-tools.ts';
import { member, numberIn, objectIn, objectsIn, textIn, textsIn, unknownNames } from './read.ts';
import { toJsonSchema } from './schema.ts';
import { readThinking } from './thinking.ts';

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
  // Says which session it is, or what the address says as well.
  'sessionId',
  'model',
]);
const KNOWN_SETTINGS: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'candidateCount',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'responseModalities',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
  'responseLogprobs',
  'logprobs',
  'thinkingConfig',
]);
const TIERS: Readonly<Record<string, 'standard' | 'flex' | 'priority'>> = {
  standard: 'standard',
  flex: 'flex',
  priority: 'priority',
};

/** `path` leads to the request in the client's body: `request.` where it lies inside. */
export function decodeRequest(
  request: JsonObject,
  facts: RequestFacts,
  notes: ConversionNotes,
  path = '',
): CanonicalRequest {
  refuseWhatLivesWithGoogle(request, path);
  for (const name of unknownNames(request, KNOWN_FIELDS)) notes.drop(name);
  const config = objectIn(request, 'generationConfig');
  for (const name of unknownNames(config, KNOWN_SETTINGS)) notes.drop(name);
  refuseOtherAnswers(config, `${path}generationConfig`);
  const { tools, toolChoice } = decodeToolUse(request, path, notes);
  const tier = textIn(request, 'serviceTier');
  return {
    model: facts.model,
    system: objectsIn(objectIn(request, 'systemInstruction'), 'parts').flatMap((part) => {
      const text = textIn(part, 'text');
      return text === null || text === '' ? [] : [{ type: 'text' as const, text }];
    }),
    messages: decodeContents(objectsIn(request, 'contents'), `${path}contents`, notes),
    maxOutputTokens: numberIn(config, 'maxOutputTokens'),
    temperature: numberIn(config, 'temperature'),
    topP: numberIn(config, 'topP'),
    extras: extrasOf(config),
    stopSequences: textsIn(config, 'stopSequences'),
    stream: facts.stream,
    tools,
    toolChoice,
    parallelToolCalls: null,
    thinking: readThinking(objectIn(config, 'thinkingConfig')),
    format: formatOf(config, `${path}generationConfig`),
    endUserId: null,
    serviceTier: tier === null ? null : (TIERS[tier.toLowerCase()] ?? null),
    cacheKey: null,
  };
}

function refuseWhatLivesWithGoogle(request: JsonObject, path: string): void {
  if (textIn(request, 'cachedContent') !== null) {
    throw new NotConvertible(
      `${path}cachedContent`,
      'A cached content lives in one Google account; send the contents themselves to this model.',
    );
  }
}

/** What an answer in another dialect cannot hold. */
function refuseOtherAnswers(config: JsonObject, path: string): void {
  if ((numberIn(config, 'candidateCount') ?? 1) > 1) {
    throw new NotConvertible(
      `${path}.candidateCount`,
      'This model gives one candidate; ask for it more often.',
    );
  }
  if (textsIn(config, 'responseModalities').some((modality) => modality.toUpperCase() !== 'TEXT')) {
    throw new NotConvertible(`${path}.responseModalities`, 'This model answers with text only.');
  }
  for (const name of ['speechConfig', 'imageConfig'] as const) {
    if (member(config, name) === undefined) continue;
    throw new NotConvertible(`${path}.${name}`, 'This model answers with text only; leave it out.');
  }
}

function extrasOf(config: JsonObject): SamplingExtras {
  return {
    topK: numberIn(config, 'topK'),
    seed: numberIn(config, 'seed'),
    frequencyPenalty: numberIn(config, 'frequencyPenalty'),
    presencePenalty: numberIn(config, 'presencePenalty'),
    logitBias: null,
    logprobs: member(config, 'responseLogprobs') === true ? (numberIn(config, 'logprobs') ?? 0) : null,
    verbosity: null,
  };
}

function formatOf(config: JsonObject, path: string): CanonicalFormat | null {
  const type = textIn(config, 'responseMimeType')?.toLowerCase() ?? 'text/plain';
  if (type === 'text/plain') return null;
  if (type !== 'application/json') {
    throw new NotConvertible(`${path}.responseMimeType`, `This model cannot answer with ${type}.`);
  }
  const schema = member(config, 'responseJsonSchema') ?? member(config, 'responseSchema');
  if (!isJsonObject(schema)) return { type: 'json_object' };
  return { type: 'json_schema', name: 'response', schema: toJsonSchema(schema), strict: null };
}

interface ToolUse {
  readonly tools: readonly CanonicalTool[];
  readonly toolChoice: CanonicalToolChoice | null;
}

function decodeToolUse(request: JsonObject, path: string, notes: ConversionNotes): ToolUse {
  const tools = decodeTools(objectsIn(request, 'tools'), `${path}tools`, notes);
  const toolConfig = objectIn(request, 'toolConfig');
  if (member(toolConfig, 'retrievalConfig') !== undefined) notes.drop('retrievalConfig');
  const config = objectIn(toolConfig, 'functionCallingConfig');
  const allowed = textsIn(config, 'allowedFunctionNames');
  const mode = textIn(config, 'mode')?.toUpperCase() ?? 'MODE_UNSPECIFIED';
  switch (mode) {
    case 'NONE':
      return { tools, toolChoice: { type: 'none' } };
    case 'ANY': {
      const [only, ...others] = allowed;
      if (only !== undefined && others.length === 0)
        return { tools, toolChoice: { type: 'tool', name: only } };
      return { tools: allowedTools(tools, allowed), toolChoice: { type: 'any' } };
    }
    case 'VALIDATED':
      notes.downgrade('functionCallingConfig.mode');
      return { tools: allowedTools(tools, allowed), toolChoice: { type: 'auto' } };
    case 'AUTO':
      return { tools, toolChoice: { type: 'auto' } };
    default:
      return { tools, toolChoice: null };
  }
}

/** Only these may be called: the others are not offered. */
function allowedTools(tools: readonly CanonicalTool[], allowed: readonly string[]): readonly CanonicalTool[] {
  if (allowed.length === 0) return tools;
  return tools.filter((tool) => tool.type !== 'function' || allowed.includes(tool.name));
}
