// Owns how proofs of thoughts stand in Anthropic's blocks, also of other vendors' thoughts and of those without any. A
// client sends them back, and not only to the model they are of.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { Signature } from '../canonical.ts';
import { readSignature, writeSignature } from '../foreign-signature.ts';

/** All marks of what Anthropic did not make begin so. */
export const FOREIGN_PREFIX = 'crs.';
const UNSIGNED = `${FOREIGN_PREFIX}none.`;
/** In the place of the vendor's own pointer to a source it found. */
export const FOREIGN_CITATION = `${FOREIGN_PREFIX}citation.`;

/** Clients drop a thought without a proof, or take its block for an unfinished one. */
export function signatureText(signature: Signature | null): string {
  return signature === null ? UNSIGNED : writeSignature(signature, 'anthropic');
}

/** Null where there is none. */
export function signatureOf(value: JsonValue | undefined): Signature | null {
  if (typeof value !== 'string' || value === '' || value === UNSIGNED) return null;
  return readSignature(value, 'anthropic');
}

/** A block as Anthropic itself takes it; null where another vendor's model made all of it. */
export function ownBlock(block: JsonValue): JsonValue | null {
  if (!isJsonObject(block)) return block;
  switch (block['type']) {
    case 'thinking':
      return isForeign(block['signature']) ? null : block;
    case 'redacted_thinking':
      return isForeign(block['data']) ? null : block;
    case 'text':
      return withOwnCitations(block);
    default:
      return block;
  }
}

function withOwnCitations(block: JsonObject): JsonObject {
  const { citations, ...rest } = block;
  if (!Array.isArray(citations)) return block;
  const own = citations.filter((each) => !isJsonObject(each) || !isForeign(each['encrypted_index']));
  if (own.length === citations.length) return block;
  return own.length === 0 ? rest : { ...rest, citations: own };
}

function isForeign(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.startsWith(FOREIGN_PREFIX);
}
