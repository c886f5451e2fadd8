// Owns saying messages as Anthropic takes them: turns that alternate, nothing empty, each turn of calls followed by one
// result for each.
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, MediaSource } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';

type Block<Type extends CanonicalBlock['type']> = Extract<CanonicalBlock, { type: Type }>;
type Result = Block<'tool_result'>;

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: CanonicalBlock[];
}

/** Ids that the vendor takes as they are; Bedrock takes no longer ones. */
const LEGAL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const NO_RESULT = 'No result was recorded.';
const PDF = 'application/pdf';

export function encodeMessages(
  messages: readonly CanonicalMessage[],
  notes: ConversionNotes,
): { role: Turn['role']; content: JsonObject[] }[] {
  const turns = turnsOf(messages, notes);
  // Calls at the very end have nobody to answer them yet.
  if (callsOf(turns.at(-1)).length > 0) turns.push({ role: 'user', blocks: [] });
  return turns.flatMap(({ role, blocks }, index) => {
    const content =
      role === 'assistant'
        ? blocks.map((block) => assistantBlock(block))
        : userContent(blocks, callsOf(turns[index - 1]), notes);
    return content.length === 0 ? [] : [{ role, content }];
  });
}

/** Neighbours of one role are one turn, also where all between them is left out. */
function turnsOf(messages: readonly CanonicalMessage[], notes: ConversionNotes): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    // Who may say what in between differs by model, so it becomes the user's word.
    if (message.role === 'system') notes.downgrade('messages.role');
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = message.content.filter((block) => says(block));
    const last = turns.at(-1);
    if (blocks.length === 0) continue;
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

/** Texts of blanks are refused, and thoughts that others had cannot be checked. */
function says(block: CanonicalBlock): boolean {
  switch (block.type) {
    case 'text':
      return block.text.trim() !== '';
    case 'thinking':
    case 'hidden_thinking':
      return block.signature?.vendor === 'anthropic';
    default:
      return true;
  }
}

function callsOf(turn: Turn | undefined): Block<'tool_call'>[] {
  return turn?.role === 'assistant' ? turn.blocks.filter((block) => block.type === 'tool_call') : [];
}

function assistantBlock(block: CanonicalBlock): JsonObject {
  switch (block.type) {
    case 'text':
      return textBlock(block);
    case 'tool_call':
      return {
        type: 'tool_use',
        id: legalId(block.id),
        name: block.name,
        input: block.input,
        ...cacheControl(block),
      };
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: block.signature?.value ?? '' };
    case 'hidden_thinking':
      return { type: 'redacted_thinking', data: block.signature.value };
    default:
      throw new NotConvertible(
        'messages',
        `An answer of this model holds no ${block.type}; put it into a message of the user.`,
      );
  }
}

/** Results first, in the order of their calls. */
function userContent(
  blocks: readonly CanonicalBlock[],
  calls: readonly Block<'tool_call'>[],
  notes: ConversionNotes,
): JsonObject[] {
  const waiting = new Set(calls.map(({ id }) => id));
  const results = new Map<string, JsonObject>();
  const others: JsonObject[] = [];
  for (const block of blocks) {
    if (block.type !== 'tool_result') others.push(contentBlock(block, notes));
    else if (waiting.has(block.callId) && !results.has(block.callId)) {
      results.set(block.callId, resultBlock(block, notes));
    } else {
      notes.downgrade('messages.tool_result');
      others.push(...strayResult(block, notes));
    }
  }
  return [...calls.map(({ id }) => results.get(id) ?? missingResult(id)), ...others];
}

function resultBlock(result: Result, notes: ConversionNotes): JsonObject {
  const content = result.content.filter(says).map((block) => contentBlock(block, notes));
  return {
    type: 'tool_result',
    tool_use_id: legalId(result.callId),
    ...(content.length === 0 ? {} : { content }),
    ...(result.isError ? { is_error: true } : {}),
    ...cacheControl(result),
  };
}

function missingResult(callId: string): JsonObject {
  return { type: 'tool_result', tool_use_id: legalId(callId), content: NO_RESULT, is_error: true };
}

/** A result whose call is not before it stays as a text. */
function strayResult(result: Result, notes: ConversionNotes): JsonObject[] {
  return [
    { type: 'text', text: `Result of the tool call ${result.callId}:` },
    ...result.content.filter(says).map((block) => contentBlock(block, notes)),
  ];
}

function contentBlock(block: CanonicalBlock, notes: ConversionNotes): JsonObject {
  switch (block.type) {
    case 'text':
      return textBlock(block);
    case 'image':
      if (block.detail !== undefined && block.detail !== 'auto') notes.drop('detail');
      return { type: 'image', source: sourceOf(block.source), ...cacheControl(block) };
    case 'document':
      return {
        type: 'document',
        source: documentSource(block.source),
        ...(block.title === null ? {} : { title: block.title }),
        ...cacheControl(block),
      };
    case 'audio':
      throw new NotConvertible('messages', 'This model hears no sound; send its text.');
    default:
      throw new NotConvertible(
        'messages',
        `A ${block.type} belongs in an answer, not in a message of the user.`,
      );
  }
}

function documentSource(source: Block<'document'>['source']): JsonObject {
  if (source.type === 'text') return { type: 'text', media_type: 'text/plain', data: source.text };
  if (source.type === 'url' || source.mediaType === PDF) return sourceOf(source);
  if (source.mediaType.startsWith('text/')) {
    const data = Buffer.from(source.data, 'base64').toString('utf8');
    return { type: 'text', media_type: 'text/plain', data };
  }
  throw new NotConvertible('messages', `This model reads no ${source.mediaType}; send a PDF or text.`);
}

function sourceOf(source: MediaSource): JsonObject {
  return source.type === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: source.mediaType, data: source.data };
}

export function textBlock(block: Block<'text'>): JsonObject {
  return { type: 'text', text: block.text, ...cacheControl(block) };
}

export function cacheControl(source: { readonly cacheControl?: JsonObject | undefined }): {
  cache_control?: JsonValue;
} {
  return source.cacheControl === undefined ? {} : { cache_control: source.cacheControl };
}

function legalId(id: string): string {
  return LEGAL_ID.test(id) ? id : `toolu_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
