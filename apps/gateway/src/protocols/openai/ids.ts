// Owns ids that go between OpenAI's dialects and others: the same id always becomes the same, so that a call and its
// result stay paired.
import { createHash } from 'node:crypto';

/** Longer ids the vendor refuses. */
const MAX_LENGTH = 64;
const FOREIGN_PREFIX = /^(?:msg_|resp_|chatcmpl-|cmpl-)/;

/** The upstream's id under the prefix that clients of the dialect expect. */
export function answerId(prefix: string, upstreamId: string): string {
  return `${prefix}${upstreamId.replace(FOREIGN_PREFIX, '')}`;
}

export function toolCallId(id: string): string {
  return id.length <= MAX_LENGTH ? id : `call_${sha256(id).slice(0, 32)}`;
}

/** Of a user or a cache key, which nobody has to read back. */
export function shortId(id: string): string {
  return id.length <= MAX_LENGTH ? id : sha256(id);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
