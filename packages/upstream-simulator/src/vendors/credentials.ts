// Where callers put their keys.
import type { IncomingHttpHeaders } from 'node:http';
import type { Credential } from './vendor.ts';

export const NO_CREDENTIAL: Credential = { apiKey: null, scheme: 'none' };

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
