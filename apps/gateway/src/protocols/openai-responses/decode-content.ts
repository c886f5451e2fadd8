// Owns reading the content of messages and of results: a text, or a list of parts.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { CanonicalBlock } from '../canonical.ts';
import { type ConversionNotes, NotConvertible } from '../codec.ts';
import { readMediaSource } from '../openai/media-source.ts';
import { objectsOf, textOf } from '../read.ts';

const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };

/** A text of nothing is nothing: other vendors refuse it. */
export function decodeContent(
  content: JsonValue | undefined,
  path: string,
  notes: ConversionNotes,
): readonly CanonicalBlock[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).flatMap((part, index) => {
    const block = blockOf(part, `${path}.${index}`);
    if (block !== null && part['prompt_cache_breakpoint'] !== undefined)
      notes.drop('prompt_cache_breakpoint');
    return block === null ? [] : [block];
  });
}

function blockOf(part: JsonObject, path: string): CanonicalBlock | null {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'refusal': {
      const text = textOf(part['text'] ?? part['refusal']);
      return text === null ? null : { type: 'text', text };
    }
    case 'input_image':
      return imageOf(part, path);
    case 'input_file':
      return documentOf(part, path);
    case 'input_audio':
      return audioOf(part['input_audio'], path);
    default:
      throw new NotConvertible(`${path}.type`, 'This kind of content cannot be used with this model.');
  }
}

function imageOf(part: JsonObject, path: string): CanonicalBlock {
  const source = readMediaSource(textOf(part['image_url']) ?? '');
  if (source === null) {
    throw new NotConvertible(
      `${path}.image_url`,
      'Stored files live in one account; send the image as an https address or as data:…;base64,….',
    );
  }
  return { type: 'image', source, detail: textOf(part['detail']) ?? undefined };
}

function documentOf(part: JsonObject, path: string): CanonicalBlock {
  const title = textOf(part['filename']);
  const url = textOf(part['file_url']);
  if (url !== null) return { type: 'document', source: { type: 'url', url }, title };
  const data = textOf(part['file_data']);
  if (data === null) {
    throw new NotConvertible(
      `${path}.file_id`,
      'Stored files live in one account; send the bytes as file_data.',
    );
  }
  const source = readMediaSource(data) ?? { type: 'base64', mediaType: 'application/pdf', data };
  return { type: 'document', source, title };
}

function audioOf(audio: JsonValue | undefined, path: string): CanonicalBlock {
  const mediaType = isJsonObject(audio) ? AUDIO_TYPES[textOf(audio['format']) ?? ''] : undefined;
  const data = isJsonObject(audio) ? textOf(audio['data']) : null;
  if (mediaType === undefined || data === null) {
    throw new NotConvertible(`${path}.input_audio`, 'Sound is given as data with a format, wav or mp3.');
  }
  return { type: 'audio', mediaType, data };
}
