// Owns how an error is worded in a stream of Responses that has begun. Codex reads `response.error` and repeats or shows
// the message; the vendor's own libraries stop at a member `error`, which they look for first. So the event has both.
import { errorObject } from '../openai/errors.ts';
import type { ErrorPlace, PublicError } from '../protocol.ts';
import { sseEvent } from '../sse.ts';

/** Nobody counts the events that have passed: the last one has the greatest number that every client can hold. */
const LAST_NUMBER = 2 ** 31 - 1;

export function renderErrorEvent(error: PublicError, requestId: string, place?: ErrorPlace): string {
  const response = {
    id: `resp_${requestId}`,
    object: 'response',
    status: 'failed',
    error: { code: codeOf(error), message: messageOf(error) },
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const event = sseEvent('response.failed', {
    type: 'response.failed',
    response,
    error: errorObject(error),
    sequence_number: place?.isFirst === true ? 0 : LAST_NUMBER,
  });
  // Empty lines cost nothing between two events; where the upstream broke off inside one, they end it.
  return `\n\n${event}`;
}

/** Of those that clients know. */
function codeOf({ status }: PublicError): string {
  if (status === 402) return 'insufficient_quota';
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'server_error' : 'invalid_prompt';
}

/** Where a stream fails there is no header left: the vendor says in words when to come back, and clients read it there. */
function messageOf({ message, retryAfterSeconds, status }: PublicError): string {
  if (status !== 429 || retryAfterSeconds === null) return message;
  return `${message} Please try again in ${Math.ceil(retryAfterSeconds)}s.`;
}
