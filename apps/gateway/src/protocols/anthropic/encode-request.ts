// Owns saying a request as Anthropic takes it: what one model refuses is said as it does take it, or left out.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalFormat, CanonicalRequest } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { type ClaudeTraits, claudeTraits } from '../model-traits.ts';
import { encodeMessages, textBlock } from './encode-messages.ts';
import { encodeSampling, encodeThinking } from './encode-thinking.ts';
import { encodeToolUse } from './encode-tools.ts';
import { closedSchema } from './schema.ts';

/** Every model can write that much. */
const DEFAULT_MAX_TOKENS = 4096;
/** Of a request, what counting takes. */
const COUNTED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking'] as const;

export function encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject {
  const traits = claudeTraits(model);
  const messages = encodeMessages(messagesOf(request, notes), notes);
  const hasPrefill = preparePrefill(messages, traits);
  const maxTokens = maxTokensOf(request, traits, notes);
  const toolUse = encodeToolUse(request, traits, notes);
  const surroundings = {
    maxTokens,
    isForced: toolUse.isForced,
    hasPrefill,
    lacksThought: lacksThought(messages),
  };
  const { thinking, effort, isOn } = encodeThinking(request.thinking, traits, surroundings, notes);
  const format = encodeFormat(request.format, traits, notes);
  const outputConfig = { ...(effort === null ? {} : { effort }), ...format.members };
  noteExtras(request, notes);
  const stops = request.stopSequences.filter((text) => text.trim() !== '');
  if (stops.length < request.stopSequences.length) notes.drop('stop_sequences');
  return {
    model,
    max_tokens: maxTokens,
    ...systemOf(request, [toolUse.sentence, format.sentence]),
    messages,
    ...toolUse.members,
    ...(thinking === null ? {} : { thinking }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
    ...encodeSampling(request, traits, isOn, notes),
    ...(stops.length === 0 ? {} : { stop_sequences: stops }),
    ...(request.stream ? { stream: true } : {}),
    ...(request.endUserId === null ? {} : { metadata: { user_id: request.endUserId } }),
    ...serviceTier(request.serviceTier, notes),
  };
}

export function encodeCountRequest(
  request: CanonicalRequest,
  model: string,
  notes: ConversionNotes,
): JsonObject {
  const encoded = encodeRequest(request, model, notes);
  return Object.fromEntries(
    COUNTED.filter((name) => encoded[name] !== undefined).map((name) => [name, encoded[name]]),
  );
}

/** A conversation needs a message; where there are instructions only, they are what is asked. */
function messagesOf(request: CanonicalRequest, notes: ConversionNotes): CanonicalRequest['messages'] {
  if (request.messages.length > 0) return request.messages;
  notes.downgrade('messages.role');
  return [{ role: 'user', content: request.system }];
}

type Messages = ReturnType<typeof encodeMessages>;

/** Answers that the request begins must not end in blanks. */
function preparePrefill(messages: Messages, traits: ClaudeTraits): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return false;
  if (!traits.takesPrefill) {
    throw new NotConvertible(
      'messages',
      'This model does not go on with an answer that is begun; let the last message be the user’s.',
    );
  }
  const block = last.content.at(-1);
  if (typeof block?.['text'] === 'string') {
    last.content.splice(-1, 1, { ...block, text: block['text'].trimEnd() });
  }
  return true;
}

/** The answer whose calls are being answered has to begin with a thought, where a model with a budget thinks. */
function lacksThought(messages: Messages): boolean {
  const isAnswering = messages.at(-1)?.content[0]?.['type'] === 'tool_result';
  const type = messages.at(-2)?.content[0]?.['type'];
  return isAnswering && type !== 'thinking' && type !== 'redacted_thinking';
}

function maxTokensOf(
  { maxOutputTokens: wanted }: CanonicalRequest,
  { maxOutputTokens: limit }: ClaudeTraits,
  notes: ConversionNotes,
): number {
  if (wanted === null) return limit ?? DEFAULT_MAX_TOKENS;
  if (limit === null || wanted <= limit) return wanted;
  notes.downgrade('max_tokens');
  return limit;
}

/** Sentences of our own come last: what is before them may be cached. */
function systemOf(request: CanonicalRequest, sentences: readonly (string | null)[]): JsonObject {
  const own = request.messages.length === 0 ? [] : request.system.filter(({ text }) => text.trim() !== '');
  const added = sentences.flatMap((text) => (text === null ? [] : [{ type: 'text', text }]));
  const system = [...own.map(textBlock), ...added];
  return system.length === 0 ? {} : { system };
}

function encodeFormat(
  format: CanonicalFormat | null,
  { takesSchemas }: ClaudeTraits,
  notes: ConversionNotes,
): { readonly members: JsonObject; readonly sentence: string | null } {
  if (format === null) return { members: {}, sentence: null };
  const schema = format.type === 'json_schema' && takesSchemas ? closedSchema(format.schema) : null;
  if (schema !== null) return { members: { format: { type: 'json_schema', schema } }, sentence: null };
  notes.downgrade('response_format');
  const sentence = 'Answer with one JSON object and nothing else.';
  return {
    members: {},
    sentence:
      format.type === 'json_object'
        ? sentence
        : `${sentence} It has to keep to this JSON Schema:\n${JSON.stringify(format.schema)}`,
  };
}

function noteExtras({ extras }: CanonicalRequest, notes: ConversionNotes): void {
  if (extras.seed !== null) notes.drop('seed');
  if (extras.frequencyPenalty !== null && extras.frequencyPenalty !== 0) notes.drop('frequency_penalty');
  if (extras.presencePenalty !== null && extras.presencePenalty !== 0) notes.drop('presence_penalty');
  if (extras.logitBias !== null) notes.drop('logit_bias');
  if (extras.logprobs !== null) notes.drop('logprobs');
  if (extras.verbosity !== null && extras.verbosity !== 'medium') notes.drop('verbosity');
}

function serviceTier(tier: CanonicalRequest['serviceTier'], notes: ConversionNotes): JsonObject {
  switch (tier) {
    case null:
      return {};
    case 'auto':
      return { service_tier: 'auto' };
    case 'standard':
      return { service_tier: 'standard_only' };
    case 'priority':
      // It serves at priority what the account has bought of it.
      notes.downgrade('service_tier');
      return { service_tier: 'auto' };
    case 'flex':
      notes.drop('service_tier');
      return {};
  }
}
