// Owns the headers of a request as it goes out: the client's that may, the one credential, and what the body needs.
import { forwardableHeaders } from './headers.ts';
import { HOPS_HEADER } from './relay-hops.ts';

/** Told to other relays only, by the kind that asks them. */
const HOPS = new RegExp(`^${HOPS_HEADER}$`, 'i');

/** The client's come first, in their order and case. */
export function upstreamHeaders(
  clientHeaders: readonly string[],
  credential: readonly [name: string, value: string],
  bodyBytes: number,
): string[] {
  const headers = withoutHeaders(forwardableHeaders(clientHeaders), HOPS);
  headers.push(credential[0], credential[1], 'accept-encoding', 'identity');
  if (bodyBytes > 0) {
    if (!hasHeader(headers, 'content-type')) headers.push('content-type', 'application/json');
    headers.push('content-length', String(bodyBytes));
  }
  return headers;
}

/** `name` in lower case. */
export function hasHeader(headers: readonly string[], name: string): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    const header = headers[index];
    if (header?.length === name.length && header.toLowerCase() === name) return true;
  }
  return false;
}

/** Those whose name does not fit the pattern. */
export function withoutHeaders(headers: readonly string[], name: RegExp): string[] {
  return headers.filter((_, index) => !name.test(headers[index - (index % 2)] ?? ''));
}
