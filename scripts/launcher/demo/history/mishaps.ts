// What went wrong in the past: now and then an overload or a client that left, and once an outage of one account.
import type { FailedResponse, Provider } from '../../../../apps/gateway/src/providers/provider.ts';
import { between, type Random } from '../random.ts';

type Service = Provider['service'];

const OVERLOADED_SHARE = 0.006;
/** Where one account of a vendor is overloaded, others may be. */
const ALSO_OVERLOADED_SHARE = 0.3;
const ERROR_SHARE = 0.002;
const LEFT_SHARE = 0.014;
/** Asked for what the vendor does not do. */
const INVALID_SHARE = 0.005;
/** Of requests to the account that is out. */
const OUT_SHARE = 0.6;
const OUT_BROKEN_SHARE = 0.6;
const OUT_UNREACHABLE_SHARE = 0.3;

export type Mishap =
  | { readonly type: 'client-left'; readonly share: number }
  /** In the middle of a stream. */
  | { readonly type: 'broken'; readonly share: number; readonly failed: FailedResponse }
  | { readonly type: 'failed'; readonly afterMs: number; readonly failed: FailedResponse };

/** Null where all went well. */
export function mishapOf(
  {
    hasFailed,
    isOut,
    service,
    stream,
  }: {
    /** Another account has, just before. */
    readonly hasFailed: boolean;
    readonly isOut: boolean;
    readonly service: Service;
    readonly stream: boolean;
  },
  random: Random,
): Mishap | null {
  if (isOut && random() < OUT_SHARE) return outage(service, stream, random);
  const drawn = random();
  if (drawn < (hasFailed ? ALSO_OVERLOADED_SHARE : OVERLOADED_SHARE))
    return { type: 'failed', afterMs: between(250, 1500, random), failed: overloaded(service) };
  if (drawn < OVERLOADED_SHARE + ERROR_SHARE)
    return {
      type: 'failed',
      afterMs: between(400, 9000, random),
      failed: answered(service, 500, 'Internal server error'),
    };
  if (hasFailed) return null;
  if (drawn > 1 - INVALID_SHARE)
    return { type: 'failed', afterMs: between(80, 400, random), failed: invalid(service) };
  if (stream && drawn < OVERLOADED_SHARE + ERROR_SHARE + LEFT_SHARE)
    return { type: 'client-left', share: between(0.1, 0.8, random) };
  return null;
}

function outage(service: Service, stream: boolean, random: Random): Mishap {
  if (stream && random() < OUT_BROKEN_SHARE) {
    const failed: FailedResponse = { type: 'cut', message: 'the stream ended before its end event' };
    return { type: 'broken', share: between(0.1, 0.7, random), failed };
  }
  if (random() < OUT_UNREACHABLE_SHARE) {
    const failed: FailedResponse = { type: 'unreachable', code: 'ECONNRESET', message: 'read ECONNRESET' };
    return { type: 'failed', afterMs: between(20, 300, random), failed };
  }
  return {
    type: 'failed',
    afterMs: between(900, 4000, random),
    failed: answered(service, 503, 'Service temporarily unavailable'),
  };
}

function overloaded(service: Service): FailedResponse {
  return service === 'claude'
    ? answered(service, 529, 'Overloaded')
    : answered(service, 503, 'The model is overloaded');
}

function invalid(service: Service): FailedResponse {
  const message = 'prompt is too long: 214033 tokens > 200000 maximum';
  const body = {
    claude: { type: 'error', error: { type: 'invalid_request_error', message } },
    openai: { error: { message, type: 'invalid_request_error', param: 'input', code: null } },
    gemini: { error: { code: 400, message, status: 'INVALID_ARGUMENT' } },
  }[service];
  return { ...answered(service, 400, message), body: JSON.stringify(body) };
}

function answered(
  service: Service,
  status: number,
  message: string,
): Extract<FailedResponse, { type: 'status' }> {
  const type = status === 529 ? 'overloaded_error' : 'api_error';
  const body = {
    claude: { type: 'error', error: { type, message } },
    openai: { error: { message, type: 'server_error', param: null, code: null } },
    gemini: { error: { code: status, message, status: status === 503 ? 'UNAVAILABLE' : 'INTERNAL' } },
  }[service];
  return {
    type: 'status',
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
