// Owns reading the messages of a chat request: instructions apart, results of tools gathered into the turn they answer.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalMessage, CanonicalRequest } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readMediaSource } from '../openai/media-source.ts';
import { readArguments } from '../tool-arguments.ts';
import { objectsOf, textOf } from '../read.ts';

type TextBlock = CanonicalRequest['system'][number];
type ToolResult = Extract<CanonicalBlock, { type: 'tool_result' }>;

const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };

export function decodeMessages(
  messages: readonly JsonValue[],
  notes: ConversionNotes,
): Pick<CanonicalRequest, 'system' | 'messages'> {
  const system: TextBlock[] = [];
  const turns: CanonicalMessage[] = [];
  /** Of the turn that is being gathered. */
  let results: ToolResult[] | null = null;
  const addResult = (result: ToolResult): void => {
    if (results === null) {
      results = [];
      turns.push({ role: 'user', content: results });
    }
    results.push(result);
  };
  const functionCalls = new FunctionCalls();
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    if (!isJsonObject(message)) throw new NotConvertible(path, 'Input should be an object');
    const { role } = message;
    if (role !== 'function' && message['name'] !== undefined && message['name'] !== null)
      notes.drop('messages.name');
    if (role === 'tool') {
      addResult(toolResult(message, textOf(message['tool_call_id']) ?? '', path));
      continue;
    }
    if (role === 'function') {
      addResult(toolResult(message, functionCalls.answered(textOf(message['name']) ?? ''), path));
      continue;
    }
    results = null;
    if (role === 'system' || role === 'developer') {
      const texts = textsOf(message['content'], path);
      if (turns.length === 0) system.push(...texts);
      else if (texts.length > 0) turns.push({ role: 'system', content: texts });
    } else if (role === 'user') {
      turns.push({ role, content: contentOf(message['content'], path) });
    } else if (role === 'assistant') {
      const content = assistantContent(message, path, functionCalls);
      if (content.length > 0) turns.push({ role, content });
    } else {
      throw new NotConvertible(`${path}.role`, 'This role has no equal in the API that answers this model.');
    }
  }
  return { system, messages: turns };
}

/** Calls of the elder form have no ids: they are told apart by their place. */
class FunctionCalls {
  readonly #open = new Map<string, string>();
  #count = 0;

  called(name: string): string {
    const id = `call_function_${this.#count}`;
    this.#count += 1;
    this.#open.set(name, id);
    return id;
  }

  answered(name: string): string {
    return this.#open.get(name) ?? `call_function_${name}`;
  }
}

function assistantContent(message: JsonObject, path: string, calls: FunctionCalls): CanonicalBlock[] {
  if (isJsonObject(message['audio'])) {
    throw new NotConvertible(
      `${path}.audio`,
      'Earlier sound lives at its vendor; send its transcript as content.',
    );
  }
  const thought = textOf(message['reasoning_content']);
  const refusal = textOf(message['refusal']);
  const blocks: CanonicalBlock[] = [
    ...(thought === null ? [] : [{ type: 'thinking' as const, text: thought, signature: null }]),
    ...contentOf(message['content'], path),
    ...(refusal === null ? [] : [{ type: 'text' as const, text: refusal }]),
  ];
  for (const [index, call] of objectsOf(message['tool_calls']).entries()) {
    const { function: called } = call;
    if (!isJsonObject(called)) {
      throw new NotConvertible(`${path}.tool_calls.${index}`, 'Only calls of functions can be converted.');
    }
    blocks.push(toolCall(textOf(call['id']) ?? `call_${path}.${index}`, called));
  }
  const called = message['function_call'];
  if (isJsonObject(called)) blocks.push(toolCall(calls.called(textOf(called['name']) ?? ''), called));
  return blocks;
}

function toolCall(id: string, called: JsonObject): CanonicalBlock {
  const name = textOf(called['name']) ?? '';
  return { type: 'tool_call', id, name, input: readArguments(textOf(called['arguments']) ?? '') };
}

function toolResult(message: JsonObject, callId: string, path: string): ToolResult {
  return { type: 'tool_result', callId, content: contentOf(message['content'], path), isError: false };
}

function textsOf(content: JsonValue | undefined, path: string): TextBlock[] {
  return contentOf(content, path).map((block, index) => {
    if (block.type === 'text') return block;
    throw new NotConvertible(`${path}.content.${index}`, 'Instructions can only be text.');
  });
}

/** A text of nothing is nothing: other vendors refuse it. */
function contentOf(content: JsonValue | undefined, path: string): CanonicalBlock[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).flatMap((part, index) => {
    const block = blockOf(part, `${path}.content.${index}`);
    return block === null ? [] : [block];
  });
}

function blockOf(part: JsonObject, path: string): CanonicalBlock | null {
  const cacheControl = cacheControlOf(part);
  switch (part['type']) {
    case 'text':
    case 'refusal': {
      const text = textOf(part['text'] ?? part['refusal']);
      return text === null ? null : { type: 'text', text, cacheControl };
    }
    case 'image_url': {
      const image = part['image_url'];
      const url = isJsonObject(image) ? image['url'] : image;
      const source = typeof url === 'string' ? readMediaSource(url) : null;
      if (source === null) {
        throw new NotConvertible(
          `${path}.image_url.url`,
          'An image is given by an https address or as data:…;base64,….',
        );
      }
      const detail = isJsonObject(image) ? (textOf(image['detail']) ?? undefined) : undefined;
      return { type: 'image', source, detail, cacheControl };
    }
    case 'input_audio':
      return audioOf(part['input_audio'], path);
    case 'file':
      return documentOf(part['file'], path, cacheControl);
    default:
      throw new NotConvertible(
        `${path}.type`,
        'This kind of content has no equal in the API that answers this model.',
      );
  }
}

function audioOf(audio: JsonValue | undefined, path: string): CanonicalBlock {
  const mediaType = isJsonObject(audio) ? AUDIO_TYPES[textOf(audio['format']) ?? ''] : undefined;
  const data = isJsonObject(audio) ? textOf(audio['data']) : null;
  if (mediaType === undefined || data === null) {
    throw new NotConvertible(`${path}.input_audio`, 'Sound is given as data with a format, wav or mp3.');
  }
  return { type: 'audio', mediaType, data };
}

function documentOf(
  file: JsonValue | undefined,
  path: string,
  cacheControl: JsonObject | undefined,
): CanonicalBlock {
  const data = isJsonObject(file) ? textOf(file['file_data']) : null;
  if (!isJsonObject(file) || data === null) {
    throw new NotConvertible(
      `${path}.file.file_id`,
      'A stored file lives at its vendor; send its bytes as file_data.',
    );
  }
  const source = readMediaSource(data) ?? { type: 'base64', mediaType: 'application/pdf', data };
  return { type: 'document', source, title: textOf(file['filename']), cacheControl };
}

/** Anthropic's mark, which many clients of this API send for its models, or the vendor's own. */
function cacheControlOf(part: JsonObject): JsonObject | undefined {
  const mark = part['cache_control'];
  if (isJsonObject(mark)) return mark;
  const breakpoint = part['prompt_cache_breakpoint'];
  if (!isJsonObject(breakpoint)) return undefined;
  return { type: 'ephemeral', ...(breakpoint['ttl'] === '12h' ? { ttl: '1h' } : {}) };
}
