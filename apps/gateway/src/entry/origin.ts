// Owns the question whether a foreign page made the browser ask: what its headers say of where the call comes from.
import type { FastifyRequest } from 'fastify';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * True where a browser says that another site's page asks for a change. Browsers always send one of the two headers
 * with such a call; a caller that sends neither is no browser. `Sec-Fetch-Site` is believed first: it stays right
 * behind proxies that rename the host.
 */
export function comesFromForeignPage(request: FastifyRequest, trustedOrigins: readonly string[]): boolean {
  if (SAFE_METHODS.has(request.method)) return false;
  const { origin } = request.headers;
  if (origin !== undefined && trustedOrigins.includes(origin)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(request);
}

/** The host as a URL would write it: lower case, without the default port. */
function hostOf(request: FastifyRequest): string {
  const text = `${request.protocol}://${request.host}`;
  return URL.canParse(text) ? new URL(text).host : request.host;
}
