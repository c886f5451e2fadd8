// Owns what a request's pictures, sounds and files weigh, and which of them live in one account only.
import { type JsonObject, textBytes } from '../../platform/json.ts';
import { member, objectsIn, objectOf, textIn } from './read.ts';

/** Uploaded to the Gemini API: they belong to the project of one account. */
const UPLOADED = /^https:\/\/generativelanguage\.googleapis\.com\/.*\bfiles\/[\w-]+/;
/** What the vendor fetches itself. */
const FETCHED = /^(?:gs:\/\/|https:\/\/(?:www\.)?youtube\.com\/|https:\/\/youtu\.be\/)/;

function isUploadedFile(uri: string): boolean {
  return UPLOADED.test(uri);
}

/** Any other address is refused by the vendor. */
export function isGoogleUri(uri: string): boolean {
  return UPLOADED.test(uri) || FETCHED.test(uri);
}

export interface RequestMedia {
  readonly images: number;
  /** Sounds, films, documents: their tokens do not follow from their bytes. */
  readonly others: number;
  /** Of the request's body, in media of any kind. */
  readonly bytes: number;
  /** The first file that lives in one account. */
  readonly uploadedFile: string | null;
}

export function mediaOf(contents: readonly JsonObject[]): RequestMedia {
  const seen = { images: 0, others: 0, bytes: 0, uploadedFile: null as string | null };
  for (const content of contents) {
    for (const part of objectsIn(content, 'parts')) look(part, seen);
  }
  return seen;
}

interface Seen {
  images: number;
  others: number;
  bytes: number;
  uploadedFile: string | null;
}

function look(part: JsonObject, seen: Seen): void {
  const inline = member(part, 'inlineData');
  const file = member(part, 'fileData');
  for (const media of [objectOf(inline), objectOf(file)]) {
    const type = textIn(media, 'mimeType');
    const uri = textIn(media, 'fileUri');
    if (type === null && uri === null) continue;
    if (type?.startsWith('image/') === true) seen.images += 1;
    else seen.others += 1;
    seen.bytes += textBytes(textIn(media, 'data') ?? '');
    if (uri !== null && isUploadedFile(uri)) seen.uploadedFile ??= uri;
  }
  // Pictures in the result of a call.
  const result = objectOf(member(part, 'functionResponse'));
  for (const inner of objectsIn(result, 'parts')) look(inner, seen);
}
