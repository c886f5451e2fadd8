// Stage 1: which relay key is this? Accepts the key wherever a client of any family puts it.
import type { IncomingHttpHeaders } from 'node:http';
import type { KeyDocument, Keys } from '../modules/keys/index.ts';
import { refusals } from './refusal.ts';

const MIN_LENGTH = 10;
const MAX_LENGTH = 512;

/**
 * The relay key of a request, null where there is none. Where several headers carry something, the one that looks like
 * a relay key counts: clients also send keys of their own.
 */
export function findSecret(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  keyPrefix: string,
): string | null {
  const candidates = [
    headers.authorization,
    headers['x-api-key'],
    headers['api-key'],
    headers['x-goog-api-key'],
    query.get('key'),
  ].flatMap((value) => {
    const text = (Array.isArray(value) ? value[0] : value)?.replace(/^bearer\s+/i, '').trim() ?? '';
    return text.length < MIN_LENGTH || text.length > MAX_LENGTH ? [] : [text];
  });
  return candidates.find((text) => text.startsWith(keyPrefix)) ?? candidates[0] ?? null;
}

/** Throws a Refusal for a key that is missing or unknown. Whether it may be used now is asked of Redis, by `admit`. */
export async function authenticate(keys: Keys, secret: string | null): Promise<KeyDocument> {
  if (secret === null) throw refusals.keyMissing();
  const key = await keys.authenticate(secret);
  if (key === null) throw refusals.keyUnknown();
  return key;
}
