// Where callers put their keys.
import type { IncomingHttpHeaders } from 'node:http';
import type { Credential, VendorSettings } from './vendor.ts';

const NO_CREDENTIAL: Credential = { apiKey: null, scheme: 'none' };

export function bearerCredential(headers: IncomingHttpHeaders): Credential {
  const bearer = /^Bearer +(\S+)$/iu.exec(headers.authorization ?? '')?.[1];
  return bearer === undefined ? NO_CREDENTIAL : { apiKey: bearer, scheme: 'bearer' };
}

export function headerCredential(
  headers: IncomingHttpHeaders,
  name: 'x-api-key' | 'api-key' | 'x-goog-api-key',
): Credential | null {
  const key = headers[name];
  return typeof key === 'string' && key !== '' ? { apiKey: key, scheme: name } : null;
}

/** Keys listed, tokens given out here while they last, and any other key if none are listed. */
export function acceptsKey({ keys, tokens }: VendorSettings, apiKey: string): boolean {
  const state = tokens.state(apiKey);
  if (state !== 'unknown') return state === 'valid';
  return keys === undefined || keys.has(apiKey);
}
