// Owns reading Anthropic's messages into the canonical form, block by block.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, MediaSource } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { objectsOf, textOf } from '../read.ts';
import { signatureOf } from './signature.ts';

/** Calls that ran at the vendor, and what came of them: sealed, and told in the text that follows. */
const SERVER_BLOCK = /^(?:server_tool_use|mcp_tool_use|[a-z_]+_tool_result|compaction|fallback)$/;

export function decodeMessages(messages: readonly JsonObject[], notes: ConversionNotes): CanonicalMessage[] {
  return messages.map((message, index) => {
    const { role } = message;
    return {
      role: role === 'assistant' || role === 'system' ? role : 'user',
      content: joinCallSignatures(decodeContent(message['content'], `messages.${index}.content`, notes)),
    };
  });
}

/** The member of a block, a tool or a system text, where it has one. */
export function cacheControlOf(source: JsonObject): { cacheControl?: JsonObject } {
  const { cache_control: cacheControl } = source;
  return isJsonObject(cacheControl) ? { cacheControl } : {};
}

function decodeContent(
  content: JsonValue | undefined,
  path: string,
  notes: ConversionNotes,
): CanonicalBlock[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return objectsOf(content).flatMap((block, index) => decodeBlock(block, `${path}.${index}`, notes));
}

function decodeBlock(block: JsonObject, path: string, notes: ConversionNotes): CanonicalBlock[] {
  const type = textOf(block['type']) ?? '';
  switch (type) {
    case 'text':
      return [{ type, text: textOf(block['text']) ?? '', ...cacheControlOf(block) }];
    case 'image':
      return [{ type, source: sourceOf(block, path), ...cacheControlOf(block) }];
    case 'document':
      return documentOf(block, path, notes);
    case 'search_result':
      return [textDocument(block, textsIn(block['content']))];
    case 'tool_use':
      return [
        {
          type: 'tool_call',
          id: required(block, 'id', path),
          name: required(block, 'name', path),
          input: isJsonObject(block['input']) ? block['input'] : {},
          ...cacheControlOf(block),
        },
      ];
    case 'tool_result':
      return [
        {
          type,
          callId: required(block, 'tool_use_id', path),
          content: decodeContent(block['content'], `${path}.content`, notes),
          isError: block['is_error'] === true,
          ...cacheControlOf(block),
        },
      ];
    case 'tool_reference':
      return [{ type: 'text', text: required(block, 'tool_name', path) }];
    case 'thinking':
      return [{ type, text: textOf(block['thinking']) ?? '', signature: signatureOf(block['signature']) }];
    case 'redacted_thinking': {
      const signature = signatureOf(block['data']);
      return signature === null ? [] : [{ type: 'hidden_thinking', signature }];
    }
    default:
      if (!SERVER_BLOCK.test(type)) {
        throw new NotConvertible(path, `${type} cannot be sent to this model; leave it out.`);
      }
      notes.drop(type);
      return [];
  }
}

function required(block: JsonObject, name: string, path: string): string {
  const value = textOf(block[name]);
  if (value === null) throw new NotConvertible(`${path}.${name}`, 'Field required, a text');
  return value;
}

function documentOf(block: JsonObject, path: string, notes: ConversionNotes): CanonicalBlock[] {
  const { source, citations } = block;
  if (isJsonObject(citations) && citations['enabled'] === true) notes.drop('citations');
  if (textOf(block['context']) !== null) notes.drop('context');
  if (isJsonObject(source) && source['type'] === 'text') {
    return [textDocument(block, textOf(source['data']) ?? '')];
  }
  if (isJsonObject(source) && source['type'] === 'content') {
    return decodeContent(source['content'], `${path}.source.content`, notes);
  }
  return [
    {
      type: 'document',
      source: sourceOf(block, path),
      title: textOf(block['title']),
      ...cacheControlOf(block),
    },
  ];
}

function textDocument(block: JsonObject, text: string): CanonicalBlock {
  return {
    type: 'document',
    source: { type: 'text', text },
    title: textOf(block['title']),
    ...cacheControlOf(block),
  };
}

function textsIn(content: JsonValue | undefined): string {
  return objectsOf(content)
    .map((block) => textOf(block['text']) ?? '')
    .join('\n');
}

function sourceOf(block: JsonObject, path: string): MediaSource {
  const source = isJsonObject(block['source']) ? block['source'] : {};
  switch (source['type']) {
    case 'base64':
      return {
        type: 'base64',
        mediaType: required(source, 'media_type', `${path}.source`),
        data: required(source, 'data', `${path}.source`),
      };
    case 'url':
      return { type: 'url', url: required(source, 'url', `${path}.source`) };
    case 'file':
      throw new NotConvertible(
        `${path}.source.file_id`,
        'A file lives with the vendor it was sent to; send its content as base64 to this model.',
      );
    default:
      throw new NotConvertible(`${path}.source.type`, 'Known are base64 and url.');
  }
}

/** A proof that Google gives a call stands before it, in a thought without a word. */
function joinCallSignatures(blocks: readonly CanonicalBlock[]): CanonicalBlock[] {
  const joined: CanonicalBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const isProof = last?.type === 'thinking' && last.text === '' && last.signature?.vendor === 'gemini';
    if (isProof && last.signature !== null && block.type === 'tool_call') {
      joined.splice(-1, 1, { ...block, signature: last.signature });
    } else joined.push(block);
  }
  return joined;
}
