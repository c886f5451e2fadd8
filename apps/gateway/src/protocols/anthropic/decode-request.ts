// Owns reading an Anthropic request into the canonical form: what its fields say. Messages and tools have files of their
// own.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest, CanonicalThinking } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { numberOf, objectsOf, textOf } from '../read.ts';
import type { RequestFacts } from '../protocol.ts';
import { cacheControlOf, decodeMessages } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { readBudget, readEffort } from './effort.ts';

/** Read here, or without meaning for the answer. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'stream',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  'speed',
  // What the vendor itself does around the model: checks, bills, clears away what the client sends in full anyway.
  'safeguards',
  'diagnostics',
  'billing_policy',
  'context_management',
]);
/** Claude Code's first line tells the vendor whose request it is, changes all the time, and is shown to no model. */
const ATTRIBUTION = 'x-anthropic-billing-header:';

export function decodeRequest(
  body: JsonObject,
  facts: RequestFacts,
  notes: ConversionNotes,
): CanonicalRequest {
  refuseWhatLivesWithAnthropic(body, facts);
  for (const [name, value] of Object.entries(body)) {
    if (!KNOWN.has(name) && value !== null && value !== undefined) notes.drop(name);
  }
  const { metadata, tool_choice: choice } = body;
  return {
    model: facts.model,
    system: decodeSystem(body['system']),
    messages: decodeMessages(objectsOf(body['messages']), notes),
    maxOutputTokens: facts.maxOutputTokens,
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    extras: {
      topK: numberOf(body['top_k']),
      seed: null,
      frequencyPenalty: null,
      presencePenalty: null,
      logitBias: null,
      logprobs: null,
      verbosity: null,
    },
    stopSequences: textsOf(body['stop_sequences']),
    stream: facts.stream,
    tools: decodeTools(objectsOf(body['tools']), notes),
    ...decodeToolChoice(choice),
    thinking: decodeThinking(body, notes),
    format: decodeFormat(body),
    endUserId: isJsonObject(metadata) ? textOf(metadata['user_id']) : null,
    serviceTier: decodeServiceTier(body),
    cacheKey: facts.sessionId,
  };
}

function refuseWhatLivesWithAnthropic(body: JsonObject, { operation }: RequestFacts): void {
  if (body['thread'] !== undefined) {
    throw new NotConvertible('thread', 'A thread lives with Anthropic; send its messages to this model.');
  }
  if (body['container'] !== undefined && body['container'] !== null) {
    throw new NotConvertible('container', 'A container lives with Anthropic; leave it out for this model.');
  }
  if (objectsOf(body['mcp_servers']).length > 0) {
    throw new NotConvertible(
      'mcp_servers',
      'This model calls no MCP servers by itself; offer their tools in tools.',
    );
  }
  if (operation === 'generate' && body['max_tokens'] === 0) {
    throw new NotConvertible('max_tokens', 'The cache of this model cannot be warmed; ask for 1 or more.');
  }
}

function decodeSystem(system: JsonValue | undefined): CanonicalRequest['system'] {
  if (typeof system === 'string') return system === '' ? [] : [{ type: 'text', text: system }];
  return objectsOf(system).flatMap((block, index) => {
    const text = textOf(block['text']);
    if (text === null || (index === 0 && text.startsWith(ATTRIBUTION))) return [];
    return [{ type: 'text' as const, text, ...cacheControlOf(block) }];
  });
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

const DISPLAYS: Readonly<Record<string, CanonicalThinking['display']>> = {
  summarized: 'summary',
  updates: 'summary',
  omitted: 'omitted',
};

/** Null where the request does not say. An effort outweighs a budget: it is the younger of the two. */
function decodeThinking(body: JsonObject, notes: ConversionNotes): CanonicalThinking | null {
  const thinking = isJsonObject(body['thinking']) ? body['thinking'] : {};
  const config = isJsonObject(body['output_config']) ? body['output_config'] : {};
  const word = textOf(config['effort']);
  const effort = word === null ? null : readEffort(word);
  if (word !== null && effort === null) notes.drop('output_config.effort');
  const display = DISPLAYS[textOf(thinking['display']) ?? ''] ?? null;
  const budget = numberOf(thinking['budget_tokens']);
  switch (thinking['type']) {
    case undefined:
      return effort === null ? null : { effort, display };
    case 'disabled':
      return { effort: 'off', display };
    case 'enabled':
      return { effort: effort ?? (budget === null ? null : readBudget(budget)), display };
    case 'adaptive':
      return { effort, display };
    default:
      notes.downgrade('thinking');
      return { effort, display };
  }
}

function decodeFormat(body: JsonObject): CanonicalFormat | null {
  const config = body['output_config'];
  const format = (isJsonObject(config) ? config['format'] : undefined) ?? body['output_format'];
  if (!isJsonObject(format)) return null;
  const { schema, type } = format;
  if (type !== 'json_schema' || !isJsonObject(schema)) {
    throw new NotConvertible('output_config.format', 'Known is json_schema, with a schema.');
  }
  return { type: 'json_schema', name: 'answer', schema, strict: null };
}

function decodeServiceTier(body: JsonObject): CanonicalRequest['serviceTier'] {
  if (body['speed'] === 'fast') return 'priority';
  switch (body['service_tier']) {
    case 'auto':
      return 'auto';
    case 'standard_only':
      return 'standard';
    default:
      return null;
  }
}
