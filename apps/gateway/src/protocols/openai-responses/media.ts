// Owns what the items of a request bring beside text.
import { isJsonObject, type JsonObject, type JsonValue, textBytes } from '../../platform/json.ts';
import type { RequestMedia } from '../openai/media.ts';

/** Items that stand for something at the vendor, or for what only it can unpack. */
const OF_UNKNOWN_LENGTH: ReadonlySet<JsonValue | undefined> = new Set([
  'item_reference',
  'compaction',
  'compaction_summary',
  'context_compaction',
]);

export function mediaOf(items: readonly JsonValue[]): RequestMedia {
  const media: RequestMedia = { images: 0, others: 0, bytes: 0 };
  for (const item of items.filter(isJsonObject)) {
    // Messages have content, results of tools an output, and either may be a text.
    for (const part of [item['content'], item['output']].flatMap(partsOf)) look(part, media);
  }
  return media;
}

export function bringsUnknownLength(items: readonly JsonValue[]): boolean {
  return items.some((item) => isJsonObject(item) && OF_UNKNOWN_LENGTH.has(item['type']));
}

function partsOf(content: JsonValue | undefined): JsonObject[] {
  if (isJsonObject(content)) return [content];
  return Array.isArray(content) ? content.filter(isJsonObject) : [];
}

function look(part: JsonObject, media: RequestMedia): void {
  switch (part['type']) {
    case 'input_image':
    case 'computer_screenshot':
      media.images += 1;
      media.bytes += lengthOf(part['image_url']);
      return;
    case 'input_file':
      media.others += 1;
      media.bytes += lengthOf(part['file_data']);
      return;
    case 'input_audio': {
      const audio = part['input_audio'];
      media.others += 1;
      media.bytes += lengthOf(isJsonObject(audio) ? audio['data'] : undefined);
      return;
    }
    default:
  }
}

function lengthOf(value: JsonValue | undefined): number {
  return typeof value === 'string' ? textBytes(value) : 0;
}
