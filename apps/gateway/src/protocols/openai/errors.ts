// Owns how a refusal or failure of the gateway is worded for OpenAI clients, whichever of the vendor's dialects they
// speak.
import type { JsonObject } from '../../platform/json.ts';
import type { PublicError, WireReply } from '../protocol.ts';

const TYPES: Readonly<Record<number, string>> = {
  402: 'insufficient_quota',
  403: 'permission_denied',
  429: 'rate_limit_exceeded',
  504: 'timeout',
};
/** Anthropic's own status for an overload; clients of this vendor know another. */
const OVERLOADED = 529;
const UNAVAILABLE = 503;

/** What the vendor's clients look for where the key is the trouble, whatever is wrong with it. */
const BAD_KEY = 'invalid_api_key';

/** The object that the vendor puts under `error`, in a body and in a stream alike. */
export function errorObject({ status, code, message, param }: PublicError): JsonObject {
  return {
    message,
    type: TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
    param: param ?? null,
    code: status === 401 ? BAD_KEY : code,
  };
}

export function renderError(error: PublicError): WireReply {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error.retryAfterSeconds !== null) headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.shouldRetry !== null) headers['x-should-retry'] = String(error.shouldRetry);
  const status = error.status === OVERLOADED ? UNAVAILABLE : error.status;
  return { status, headers, body: JSON.stringify({ error: errorObject(error) }) };
}

/**
 * In a stream without event names. Empty lines cost nothing between two events; where the upstream broke off inside
 * one, they end it, so that the error is an event of its own for clients that step over what they cannot parse.
 */
export function renderErrorEvent(error: PublicError): string {
  return `\n\ndata: ${JSON.stringify({ error: errorObject(error) })}\n\n`;
}
