// Owns Bedrock's exceptions: what each means, as a failure and in Anthropic's words.
import { isJsonObject } from '../../platform/json.ts';
import type { RequestFacts } from '../../protocols/protocol.ts';
import { judge, judgeOverload, judgeStatus, judgeUnanswered, parseAnswer } from '../kit/judge.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';

/** Quotas are refilled all the time; how fast is told nowhere. */
const THROTTLED_REST_MS = 30_000;
const DAILY_REST_MS = 3_600_000;
const CLOCK_REST_MS = 60_000;

/** Names inside a stream begin with a small letter; those that are not here are the service's own failures. */
const ANTHROPIC_TYPES: Readonly<Record<string, string>> = {
  validationException: 'invalid_request_error',
  throttlingException: 'rate_limit_error',
  modelTimeoutException: 'timeout_error',
  serviceUnavailableException: 'overloaded_error',
};
const OTHER_TYPE = 'api_error';

/** An exception inside a stream, as the Messages API says it. */
export function anthropicError(exception: string, message: string): object {
  return { type: 'error', error: { type: ANTHROPIC_TYPES[exception] ?? OTHER_TYPE, message } };
}

const CREDENTIAL_EXCEPTIONS = new Set([
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'InvalidClientTokenIdException',
  'MissingAuthenticationTokenException',
]);
/** AWS's own sentences, from their first word on: a client's text may be quoted inside a message. */
const SENTENCES = {
  badApiKey: /^(?:authentication failed|bearer token has expired|invalid api key)/i,
  wrongTime: /^signature (?:expired|not yet current)/i,
  noModel:
    /^(?:the provided model identifier is invalid|invocation of model id|the provided model identifier could not be found|this model version has reached the end of its life|access denied\. this model)/i,
  daily: /^too many tokens per day/i,
  paymentNeeded: /^(?:model access is denied due to )?invalid_payment_instrument/i,
} as const;

export function classifyBedrock(
  failure: FailedResponse,
  facts: RequestFacts,
  nowMs: number,
): UpstreamFailure {
  if (!('headers' in failure)) return judgeUnanswered(failure);
  const { status, name, message } = readReply(failure);
  const words = message === '' ? `HTTP ${status} ${name}`.trim() : message;
  if (CREDENTIAL_EXCEPTIONS.has(name) || (status === 401 && name === '')) {
    const rejected = judge('credential_rejected', 'account', 'other', words);
    // Not the key is wrong but a clock, this machine's or that of a proxy's signature: the key stays good.
    return SENTENCES.wrongTime.test(message)
      ? { ...rejected, coolDownMs: CLOCK_REST_MS }
      : { ...rejected, accountState: 'needs-login' };
  }
  switch (name) {
    case 'ValidationException':
      return SENTENCES.noModel.test(message)
        ? { ...judge('not_found', 'client', 'other', words), deniesModel: true }
        : judge('invalid_request', 'client', 'never', words);
    case 'AccessDeniedException':
      return classifyDenied(message, words);
    case 'ResourceNotFoundException':
      return { ...judge('not_found', 'client', 'other', words), deniesModel: true };
    case 'ThrottlingException':
    case 'ServiceQuotaExceededException':
    case 'TooManyRequestsException':
      return throttled(message, words, retryAfterMs(failure.headers, nowMs));
    case 'ModelNotReadyException':
    case 'ServiceUnavailableException':
      return judgeOverload(words, retryAfterMs(failure.headers, nowMs));
    case 'ModelErrorException':
    case 'ModelStreamErrorException':
    case 'InternalServerException':
      return judge('server_error', 'service', 'same', words);
    case 'ModelTimeoutException':
      return judge('timeout', 'service', 'same', words);
    default:
      return byStatus(status, facts, failure.headers, words, nowMs);
  }
}

/** No exception of Bedrock's: something in front of it answered. */
function byStatus(
  status: number,
  facts: RequestFacts,
  headers: Readonly<Record<string, string>>,
  words: string,
  nowMs: number,
): UpstreamFailure {
  if (status === 403) return judge('server_error', 'service', 'other', words);
  if (status === 404) {
    return judge('not_found', facts.operation === 'generate' ? 'account' : 'client', 'other', words);
  }
  if (status === 429) return throttled('', words, retryAfterMs(headers, nowMs));
  return judgeStatus(status, words);
}

/** Mostly about one model; a rejected key and a bill that cannot be paid come under the same name. */
function classifyDenied(message: string, words: string): UpstreamFailure {
  if (SENTENCES.badApiKey.test(message)) {
    return { ...judge('credential_rejected', 'account', 'other', words), accountState: 'needs-login' };
  }
  if (SENTENCES.paymentNeeded.test(message)) {
    return { ...judge('billing', 'account', 'other', words), accountState: 'blocked' };
  }
  return { ...judge('permission_denied', 'client', 'other', words), deniesModel: true };
}

/** Quotas are counted per model. */
function throttled(message: string, words: string, askedMs: number | null): UpstreamFailure {
  const restMs = SENTENCES.daily.test(message) ? DAILY_REST_MS : THROTTLED_REST_MS;
  return {
    ...judge('rate_limited', 'account', 'other', words),
    coolDownMs: askedMs ?? restMs,
    coolDownScope: 'family',
  };
}

interface Reply {
  readonly status: number;
  /** Empty where no exception is named. */
  readonly name: string;
  readonly message: string;
}

function readReply(failure: Extract<FailedResponse, { headers: unknown }>): Reply {
  const parsed = parseAnswer(failure.body);
  const body = isJsonObject(parsed) ? parsed : {};
  if (failure.type === 'error-event') {
    const error = isJsonObject(body['error']) ? body['error'] : {};
    return { status: 500, name: exceptionOf(error['type']), message: textOf(error['message']) };
  }
  const header = failure.headers['x-amzn-errortype'] ?? textOf(body['__type']);
  const isPage = !isJsonObject(parsed) && failure.body.trim() !== '';
  return {
    status: failure.status >= 400 ? failure.status : 500,
    // `com.amazon.coral#ValidationException`, `ValidationException:http://…`; a page is no exception of Bedrock's.
    name: (isPage ? null : /(?:^|#)(\w+)(?::|$)/.exec(header)?.[1]) ?? '',
    message: textOf(body['message'] ?? body['Message']),
  };
}

/** The exception behind an error that was worded as the Messages API does. */
function exceptionOf(type: unknown): string {
  const name = Object.keys(ANTHROPIC_TYPES).find((each) => ANTHROPIC_TYPES[each] === type);
  return name === undefined ? 'InternalServerException' : name.charAt(0).toUpperCase() + name.slice(1);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 1000) : '';
}
