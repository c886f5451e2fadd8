// Owns how a refusal or failure of the gateway is worded for Anthropic clients.
import type { PublicError, WireReply } from '../protocol.ts';

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function errorType(status: number): string {
  return TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

function errorBody(error: PublicError, requestId: string): string {
  return JSON.stringify({
    type: 'error',
    error: {
      type: errorType(error.status),
      message: error.message,
      details: { error_code: error.code },
    },
    request_id: requestId,
  });
}

export function renderError(error: PublicError, requestId: string): WireReply {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'request-id': requestId };
  if (error.retryAfterSeconds !== null) headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.shouldRetry !== null) headers['x-should-retry'] = String(error.shouldRetry);
  return { status: error.status, headers, body: errorBody(error, requestId) };
}

/**
 * The leading line end costs nothing between two events. Where the upstream broke off inside one, it closes the open
 * line, so that the client reads a single event named `error` instead of half an event that it cannot parse.
 */
export function renderErrorEvent(error: PublicError, requestId: string): string {
  return `\nevent: error\ndata: ${errorBody(error, requestId)}\n\n`;
}
