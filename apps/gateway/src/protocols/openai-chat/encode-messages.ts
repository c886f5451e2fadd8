// Owns saying a conversation as messages of Chat Completions: instructions first, results of tools right after their
// calls, pictures out of results in a message of the user's.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, CanonicalRequest, MediaSource } from '../canonical.ts';
import { NotConvertible } from '../codec.ts';
import { toolCallId } from '../openai/ids.ts';
import { writeMediaSource } from '../openai/media-source.ts';
import { writeArguments } from '../tool-arguments.ts';
import { toolCall } from './encode-answer.ts';

type ToolResult = Extract<CanonicalBlock, { type: 'tool_result' }>;

/** Said for a call whose result the conversation lacks: vendors refuse a call without one. */
const NO_RESULT = 'No result was recorded.';
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

export function encodeMessages({
  system,
  messages,
}: Pick<CanonicalRequest, 'system' | 'messages'>): JsonObject[] {
  const encoded: JsonObject[] = [];
  if (system.length > 0) encoded.push({ role: 'system', content: joined(system) });
  /** Ids of calls that no result has come for. */
  let open = new Set<string>();
  const closeOpen = (): void => {
    for (const id of open) encoded.push({ role: 'tool', tool_call_id: id, content: NO_RESULT });
    open = new Set();
  };
  for (const message of messages) {
    const results = message.content.filter((block) => block.type === 'tool_result');
    const others = message.content.filter((block) => block.type !== 'tool_result');
    const answered = results.filter(({ callId }) => open.delete(toolCallId(callId)));
    for (const result of answered) encoded.push(toolMessage(result));
    if (message.role === 'assistant' || others.length > 0 || answered.length < results.length) closeOpen();
    encoded.push(...turnOf(message, others, results, new Set(answered)));
    if (message.role === 'assistant') {
      open = new Set(others.filter((block) => block.type === 'tool_call').map(({ id }) => toolCallId(id)));
    }
  }
  closeOpen();
  return encoded;
}

/** What is left of a turn once its results have gone ahead: its own content, and what a result cannot hold. */
function turnOf(
  { role }: CanonicalMessage,
  others: readonly CanonicalBlock[],
  results: readonly ToolResult[],
  answered: ReadonlySet<ToolResult>,
): JsonObject[] {
  if (role === 'assistant') return assistantMessage(others);
  const parts = [
    ...results.flatMap((result) => (answered.has(result) ? mediaOf(result) : orphan(result))),
    ...others.flatMap(partsOf),
  ];
  if (parts.length === 0) return [];
  const texts = textsIn(parts);
  if (role === 'system') return [{ role, content: texts.join('\n\n') }];
  const [only = null] = parts.length === 1 ? texts : [];
  return [{ role, content: only ?? parts }];
}

function textsIn(parts: readonly JsonObject[]): string[] {
  return parts.map(({ text }) => text).filter((text) => typeof text === 'string');
}

function assistantMessage(blocks: readonly CanonicalBlock[]): JsonObject[] {
  const texts = blocks.filter((block) => block.type === 'text').map(({ text }) => text);
  const calls = blocks
    .filter((block) => block.type === 'tool_call')
    .map(({ id, name, input }) => toolCall(id, name, writeArguments(input)));
  // Thoughts are readable by their own vendor only; a turn of nothing else is no turn here.
  if (texts.length === 0 && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: texts.length === 0 ? null : texts.join(''),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  ];
}

function toolMessage({ callId, content }: ToolResult): JsonObject {
  return {
    role: 'tool',
    tool_call_id: toolCallId(callId),
    content: textsIn(content.flatMap(partsOf)).join('\n\n'),
  };
}

function mediaOf({ content }: ToolResult): JsonObject[] {
  return content.flatMap(partsOf).filter(({ type }) => type !== 'text');
}

/** A result that nothing asked for: told, since it may be all that is known of it. */
function orphan(result: ToolResult): JsonObject[] {
  return [
    { type: 'text', text: `Result of the tool call ${result.callId}:` },
    ...result.content.flatMap(partsOf),
  ];
}

function partsOf(block: CanonicalBlock): JsonObject[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text }];
    case 'image':
      return [
        {
          type: 'image_url',
          image_url: {
            url: writeMediaSource(block.source),
            ...(block.detail === undefined ? {} : { detail: block.detail }),
          },
        },
      ];
    case 'document':
      return [documentPart(block.source, block.title)];
    case 'audio':
      return [audioPart(block.mediaType, block.data)];
    case 'tool_call':
    case 'tool_result':
    case 'thinking':
    case 'hidden_thinking':
      return [];
  }
}

function documentPart(
  source: MediaSource | { readonly type: 'text'; readonly text: string },
  title: string | null,
): JsonObject {
  if (source.type === 'text') {
    return { type: 'text', text: title === null ? source.text : `${title}\n\n${source.text}` };
  }
  if (source.type === 'url') {
    throw new NotConvertible(
      'messages',
      'A document given by an address cannot be converted; send its bytes as base64.',
    );
  }
  return { type: 'file', file: { filename: title ?? 'document.pdf', file_data: writeMediaSource(source) } };
}

function audioPart(mediaType: string, data: string): JsonObject {
  const format = AUDIO_FORMATS[mediaType];
  if (format === undefined) {
    throw new NotConvertible(
      'messages',
      `Sound of the type ${mediaType} cannot be converted; send wav or mp3.`,
    );
  }
  return { type: 'input_audio', input_audio: { data, format } };
}

function joined(texts: CanonicalRequest['system']): string {
  return texts.map(({ text }) => text).join('\n\n');
}
