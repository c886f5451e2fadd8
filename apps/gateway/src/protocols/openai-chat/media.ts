// Owns what a chat request brings beside text.
import { isJsonObject, type JsonObject, type JsonValue, textBytes } from '../../platform/json.ts';
import type { RequestMedia } from '../openai/media.ts';

export function mediaOf(body: JsonObject): RequestMedia {
  const media: RequestMedia = { images: 0, others: 0, bytes: 0 };
  for (const message of Array.isArray(body['messages']) ? body['messages'] : []) {
    const content = isJsonObject(message) ? message['content'] : undefined;
    for (const part of Array.isArray(content) ? content : []) {
      if (isJsonObject(part)) look(part, media);
    }
  }
  return media;
}

function look(part: JsonObject, media: RequestMedia): void {
  const { type } = part;
  if (type === 'text' || type === 'refusal') return;
  if (type === 'image_url') {
    media.images += 1;
    media.bytes += bytesIn(part['image_url'], 'url');
    return;
  }
  media.others += 1;
  media.bytes += bytesIn(part['file'], 'file_data') + bytesIn(part['input_audio'], 'data');
}

function bytesIn(value: JsonValue | undefined, name: string): number {
  const text = isJsonObject(value) ? value[name] : value;
  return typeof text === 'string' ? textBytes(text) : 0;
}
