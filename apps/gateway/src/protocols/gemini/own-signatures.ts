// Owns keeping other vendors' proofs from Google: a client that was answered by another model sends back what it got, and
// Google refuses the whole conversation for it.
import { SKIPPED_SIGNATURE } from './skipped-signature.ts';

const MARK = '"crs.';
/** Quotes inside a text are escaped, so this is never a part of one. */
const FOREIGN = /("thought(?:S|_s)ignature"\s*:\s*)"crs\.[a-z]+\.(?:[^"\\]|\\.)*"/g;

/** The body with the value that stands for a missing proof in the place of each foreign one, all else byte for byte. */
export function withOwnSignatures(body: Buffer): Buffer {
  if (!body.includes(MARK)) return body;
  const text = body.toString('latin1');
  const changed = text.replaceAll(FOREIGN, `$1"${SKIPPED_SIGNATURE}"`);
  return changed === text ? body : Buffer.from(changed, 'latin1');
}
