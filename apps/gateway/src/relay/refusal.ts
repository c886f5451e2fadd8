// Owns every "no" of the gateway itself: code, status and words. The dialect of the route gives them their shape.
import type { LimitRefusal } from '../modules/limits/index.ts';
import type { PublicError } from '../protocols/protocol.ts';
import { describeLimit, secondsUntil } from './limit-words.ts';

/** Thrown by a stage that ends the request; its error is what the client is told. */
export class Refusal extends Error {
  readonly error: PublicError;

  constructor(error: PublicError) {
    super(error.message);
    this.name = 'Refusal';
    this.error = error;
  }
}

interface Hints {
  readonly retryAfterSeconds?: number;
  readonly shouldRetry?: boolean;
  readonly param?: string;
}

function refusal(status: number, code: string, message: string, hints: Hints = {}): Refusal {
  return new Refusal({
    status,
    code,
    message,
    param: hints.param ?? null,
    retryAfterSeconds: hints.retryAfterSeconds ?? null,
    shouldRetry: hints.shouldRetry ?? null,
  });
}

/** A client that tries again would only be told the same. */
const final = { shouldRetry: false } as const;

export const refusals = {
  keyMissing: () =>
    refusal(401, 'key_missing', 'No relay key: send it as "Authorization: Bearer" or "x-api-key".', final),
  keyUnknown: () => refusal(401, 'key_unknown', 'This relay key is not known here.', final),
  keyDisabled: () => refusal(401, 'key_disabled', 'This relay key is switched off.', final),
  keyDeleted: () => refusal(401, 'key_deleted', 'This relay key was deleted.', final),
  keyExpired: () => refusal(401, 'key_expired', 'This relay key has expired.', final),
  permissionDenied: (services: readonly string[]) =>
    refusal(
      403,
      'permission_denied',
      `This relay key may not use the services that answer this model (${services.join(', ')}).`,
      final,
    ),
  modelNotAllowed: (model: string) =>
    refusal(403, 'model_not_allowed', `This relay key may not use the model ${model}.`, final),
  clientNotAllowed: (client: string, allowed: readonly string[]) =>
    refusal(
      403,
      'client_not_allowed',
      `This relay key serves only ${allowed.join(', ')}; this request looks like ${client}.`,
      final,
    ),
  addressNotAllowed: (address: string) =>
    refusal(403, 'ip_not_allowed', `This relay key may not be used from ${address}.`, final),
  badJson: (detail: string) => refusal(400, 'bad_json', `The body is not valid JSON: ${detail}`, final),
  encodedBody: (encoding: string) =>
    refusal(
      400,
      'encoded_body',
      `content-encoding: ${encoding} is not accepted; send the body as plain JSON.`,
      final,
    ),
  /** The message names the path itself, where there is one. */
  invalidRequest: (path: string, message: string) =>
    refusal(400, 'invalid_request', message, path === '' ? final : { ...final, param: path }),
  bodyTooLarge: (maxBytes: number) =>
    refusal(
      413,
      'body_too_large',
      `The body is larger than ${Math.floor(maxBytes / 1_048_576)} MB (REQUEST_MAX_SIZE_MB).`,
      final,
    ),
  limitReached: (limit: LimitRefusal, nowMs: number) => {
    const message = describeLimit(limit, nowMs);
    if (limit.limit === 'budget') return refusal(402, 'budget_exceeded', message, final);
    const code = limit.limit === 'concurrency' ? 'concurrency_limit_reached' : 'rate_limit_reached';
    return refusal(429, code, message, { retryAfterSeconds: secondsUntil(limit.resetsAtMs, nowMs) });
  },
  waitedTooLong: (max: number, seconds: number) =>
    refusal(
      429,
      'concurrency_limit_reached',
      `This relay key allows ${max} ${max === 1 ? 'request' : 'requests'} at the same time; none ended in the ${seconds} s this one waited.`,
      { retryAfterSeconds: 1 },
    ),
  leftQueue: () => refusal(499, 'client_left', 'The client left before its turn came.'),
  coolingDown: (retryAfterSeconds: number, reason: string) =>
    refusal(
      429,
      'accounts_cooling_down',
      `Every account that serves this model is resting (${reason}); the first is back in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    ),
  accountsBusy: () =>
    refusal(
      429,
      'accounts_busy',
      'Every account that serves this model has as many requests running as it allows.',
      { retryAfterSeconds: 1 },
    ),
  noAccount: (model: string, kinds: readonly string[]) =>
    refusal(
      503,
      'no_account_for_model',
      kinds.length === 0
        ? `No account serves the model ${model}: none is set up.`
        : `No account serves the model ${model}; considered: ${kinds.join(', ')}.`,
    ),
  unsupported: (model: string, operation: string) =>
    refusal(
      404,
      'not_supported',
      `The accounts that serve the model ${model} have no ${operation.replace('_', ' ')}.`,
      final,
    ),
  notConvertible: (path: string, message: string) =>
    refusal(
      400,
      'not_convertible',
      `${path}: ${message} (the account that serves this model speaks another API)`,
      { ...final, param: path },
    ),
  pinnedGone: (name: string) =>
    refusal(
      404,
      'not_found_here',
      `${name} is not known here: it lives in the account that made it, and no account of this gateway did for this key, or it is gone.`,
      final,
    ),
  upstreamRefused: (status: number, code: string, message: string, retryAfterSeconds: number | null) =>
    refusal(status, code, message, retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  noBoundAccount: (model: string) =>
    refusal(
      503,
      'no_account_for_model',
      `No account that this relay key is bound to serves the model ${model}, and the key may use no others.`,
    ),
  credentialRejected: () =>
    refusal(
      502,
      'upstream_credential_rejected',
      "The upstream refused this gateway's credential, and no other account can answer. Your key is fine; an administrator has to renew the account.",
    ),
  upstreamUnreachable: (detail: string) =>
    refusal(502, 'upstream_unreachable', `The upstream could not be reached: ${detail}.`),
  upstreamTimeout: (stage: string, timeoutMs: number) =>
    refusal(504, 'upstream_timeout', `The upstream did not answer in time (${stage}, ${timeoutMs} ms).`),
  upstreamFailed: (detail: string) => refusal(502, 'upstream_failed', `The upstream failed: ${detail}`),
  upstreamBroken: (detail: string) =>
    refusal(502, 'upstream_broken', `The upstream broke off in the middle of its answer: ${detail}.`),
  redisUnavailable: () =>
    refusal(503, 'redis_unavailable', 'The gateway cannot reach its database right now.', {
      retryAfterSeconds: 2,
    }),
  shuttingDown: () =>
    refusal(503, 'shutting_down', 'The gateway is shutting down.', {
      retryAfterSeconds: 2,
      shouldRetry: true,
    }),
  notFound: (method: string, path: string) =>
    refusal(404, 'not_found', `There is no ${method} ${path} here.`),
  circling: () =>
    refusal(
      400,
      'relay_loop',
      'This request has come through too many relays: they are probably each other’s upstream.',
      final,
    ),
  modelUnknown: (model: string) => refusal(404, 'model_not_found', `There is no model ${model} here.`),
  internal: () => refusal(500, 'internal_error', 'Something went wrong inside the gateway.'),
};
