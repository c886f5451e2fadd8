// Owns how a refusal or failure of the gateway is worded for Google's clients.
import type { JsonObject } from '../../platform/json.ts';
import type { ErrorPlace, PublicError, WireReply } from '../protocol.ts';

const RPC = 'type.googleapis.com/google.rpc';

const STATUSES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
  529: 'UNAVAILABLE',
};

/** Anthropic's own status for an overload; Google's clients know another. */
function httpStatus(status: number): number {
  return status === 529 ? 503 : status;
}

function statusName(status: number): string {
  return STATUSES[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
}

function errorBody(error: PublicError, requestId: string): JsonObject {
  const { status, code, message, retryAfterSeconds } = error;
  return {
    error: {
      code: httpStatus(status),
      message,
      status: statusName(status),
      details: [
        { '@type': `${RPC}.ErrorInfo`, reason: code, domain: 'gateway' },
        ...(retryAfterSeconds === null
          ? []
          : [{ '@type': `${RPC}.RetryInfo`, retryDelay: `${Math.ceil(retryAfterSeconds)}s` }]),
        { '@type': `${RPC}.RequestInfo`, requestId },
      ],
    },
  };
}

export function renderError(error: PublicError, requestId: string): WireReply {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error.retryAfterSeconds !== null) headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.shouldRetry !== null) headers['x-should-retry'] = String(error.shouldRetry);
  return { status: httpStatus(error.status), headers, body: JSON.stringify(errorBody(error, requestId)) };
}

/**
 * The leading line ends cost nothing between two events; where the upstream broke off inside one, they close it. Version 1
 * of Google's SDK passes over an error in an event, but not over an end in the middle of something: an unfinished
 * comment, which nobody else reads, keeps it from taking a broken answer for a whole one. In an array the error is the
 * last element.
 */
export function renderErrorEvent(error: PublicError, requestId: string, place?: ErrorPlace): string {
  const text = JSON.stringify(errorBody(error, requestId));
  if (place?.streamForm === 'array') return `${place.isFirst ? '[' : ',\r\n'}${text}\n]`;
  return `\r\n\r\ndata: ${text}\r\n\r\n: broken off`;
}
