// Owns reading Google's pictures, sounds and files into blocks.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock } from '../canonical.ts';
import { NotConvertible } from '../codec.ts';
import { isGoogleUri } from './media.ts';
import { member, objectOf, textIn } from './read.ts';

/** Null where the part holds none. */
export function decodeMedia(part: JsonObject, path: string): CanonicalBlock | null {
  const inline = member(part, 'inlineData');
  if (inline !== undefined) return inlineBlock(objectOf(inline), `${path}.inlineData`);
  const file = member(part, 'fileData');
  return file === undefined ? null : fileBlock(objectOf(file), `${path}.fileData`);
}

function inlineBlock(media: JsonObject, path: string): CanonicalBlock {
  const mediaType = textIn(media, 'mimeType') ?? '';
  const data = textIn(media, 'data') ?? '';
  const [kind] = mediaType.split('/', 1);
  switch (kind) {
    case 'image':
      return { type: 'image', source: { type: 'base64', mediaType, data } };
    case 'audio':
      return { type: 'audio', mediaType, data };
    case 'text':
      return {
        type: 'document',
        source: { type: 'text', text: Buffer.from(data, 'base64').toString('utf8') },
        title: textIn(media, 'displayName'),
      };
    case 'application':
      return {
        type: 'document',
        source: { type: 'base64', mediaType, data },
        title: textIn(media, 'displayName'),
      };
    default:
      throw new NotConvertible(
        path,
        `Data of the type ${mediaType || '(none)'} cannot be sent to this model.`,
      );
  }
}

function fileBlock(file: JsonObject, path: string): CanonicalBlock {
  const url = textIn(file, 'fileUri') ?? '';
  const mediaType = textIn(file, 'mimeType') ?? '';
  if (isGoogleUri(url) || !/^https?:\/\//.test(url)) {
    throw new NotConvertible(
      `${path}.fileUri`,
      'A file at Google cannot be read by this model; send it inline.',
    );
  }
  if (mediaType.startsWith('image/')) return { type: 'image', source: { type: 'url', url } };
  if (mediaType === 'application/pdf') return { type: 'document', source: { type: 'url', url }, title: null };
  throw new NotConvertible(path, `A file of the type ${mediaType || '(none)'} cannot be sent to this model.`);
}
