// Stage 1: which relay key is this? Accepts the key wherever a client of any family puts it.
import type { IncomingHttpHeaders } from 'node:http';
import type { Keys, Presented } from '../modules/keys/index.ts';
import { refusals } from './refusal.ts';

const MIN_LENGTH = 10;
const MAX_LENGTH = 512;

/**
 * The relay key of a request, null where there is none. Where several headers carry something, the one that looks like
 * a relay key counts: clients also send keys of their own.
 */
export function findSecret(headers: IncomingHttpHeaders, query: string, keyPrefix: string): string | null {
  let first: string | null = null;
  for (const value of [
    headers.authorization,
    headers['x-api-key'],
    headers['api-key'],
    headers['x-goog-api-key'],
    query === '' ? null : new URLSearchParams(query).get('key'),
  ]) {
    if (value === undefined || value === null) continue;
    const text = (Array.isArray(value) ? (value[0] ?? '') : value).replace(/^bearer\s+/i, '').trim();
    if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) continue;
    if (text.startsWith(keyPrefix)) return text;
    first ??= text;
  }
  return first;
}

/** Throws a Refusal for a key that is missing or unknown. Whether it may be used now is asked of Redis, by `admit`. */
export async function authenticate(keys: Keys, secret: string | null): Promise<Presented> {
  if (secret === null) throw refusals.keyMissing();
  const presented = await keys.authenticate(secret);
  if (presented === null) throw refusals.keyUnknown();
  return presented;
}
