// Anthropic's errors, in its own words.
import type { Call, Failure, Headers, JsonAnswer, StreamEvent } from '../vendor.ts';

interface Wording {
  type: string;
  message: string;
}

const WORDINGS: Readonly<Record<number, Wording>> = {
  400: { type: 'invalid_request_error', message: 'Error' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: {
    type: 'billing_error',
    message:
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  403: {
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
  },
  404: { type: 'not_found_error', message: 'Not Found' },
  409: { type: 'conflict_error', message: 'Conflict' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: {
    type: 'rate_limit_error',
    message: "This request would exceed your account's rate limit. Please try again later.",
  },
  500: { type: 'api_error', message: 'Internal server error' },
  502: { type: 'api_error', message: 'Bad gateway' },
  503: { type: 'api_error', message: 'Service unavailable' },
  504: { type: 'timeout_error', message: 'Request timed out' },
  529: { type: 'overloaded_error', message: 'Overloaded' },
};

/** Several statuses share a type; the first of them words it. */
const MESSAGES_BY_TYPE: ReadonlyMap<string, string> = new Map(
  Object.values(WORDINGS)
    .toReversed()
    .map(({ type, message }) => [type, message]),
);

export function errorAnswer(call: Call, failure: Failure, headers: Headers): JsonAnswer {
  const wording = WORDINGS[failure.status] ?? { type: 'api_error', message: 'Internal server error' };
  const type = failure.type ?? wording.type;
  const message = failure.message ?? expiredToken(call, failure.status) ?? wording.message;
  return {
    kind: 'json',
    status: failure.status,
    headers,
    body: { type: 'error', error: { type, message }, request_id: call.requestId },
  };
}

export function errorEvent(call: Call, type: string | undefined, message: string | undefined): StreamEvent {
  const name = type ?? 'overloaded_error';
  return {
    name: 'error',
    data: JSON.stringify({
      type: 'error',
      error: {
        details: null,
        type: name,
        message: message ?? MESSAGES_BY_TYPE.get(name) ?? 'Internal server error',
      },
      request_id: call.requestId,
    }),
  };
}

function expiredToken(call: Call, status: number): string | undefined {
  if (status !== 401 || call.credential.scheme !== 'bearer') return undefined;
  return call.credential.apiKey?.startsWith('sk-ant-oat') === true
    ? 'OAuth token has expired. Please obtain a new token or refresh your existing token.'
    : 'Invalid bearer token';
}
