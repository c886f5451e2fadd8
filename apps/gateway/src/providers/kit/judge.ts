// Owns how judgements are written, and those that are the same whichever vendor it is: nothing was answered, or a
// status says it all.
import type { RequestFacts } from '../../protocols/protocol.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';

/** The vendor as a whole is busy: back soon, and nobody's account is worse for it. */
const OVERLOAD_REST_MS = 5000;
const OVERLOAD_REST_MAX_MS = 15_000;

/** How the vendors begin to say that a conversation no longer fits: clients compact it then, if they are told. */
const TOO_LONG =
  /^(?:prompt is too long|input length and `?max_tokens`? exceed|input is too long for requested model|the input token count|your input exceeds the context window|this model's maximum context length)/i;

/** A judgement that rests nobody and needs nobody. */
export function judge(
  reason: UpstreamFailure['reason'],
  fault: UpstreamFailure['fault'],
  retry: UpstreamFailure['retry'],
  message: string,
): UpstreamFailure {
  const judged = {
    reason,
    fault,
    retry,
    coolDownMs: null,
    coolDownScope: 'account',
    accountState: null,
    message,
  } as const;
  return reason === 'invalid_request' && TOO_LONG.test(message)
    ? { ...judged, code: 'context_length_exceeded' }
    : judged;
}

/** Not reached, silent, or broken off. */
export function judgeUnanswered(
  failure: Exclude<FailedResponse, { readonly headers: unknown }>,
): UpstreamFailure {
  switch (failure.type) {
    case 'unreachable':
      return judge('unreachable', 'network', 'other', `not reached: ${failure.message} (${failure.code})`);
    case 'cut':
      return judge('cut', 'network', 'same', `broke off: ${failure.message}`);
    case 'timeout':
      return judgeTimeout(failure.stage, failure.timeoutMs);
  }
}

const TIMEOUTS = { connect: 'no connection', 'first-event': 'no event', idle: 'silence', total: 'no end' };

function judgeTimeout(stage: keyof typeof TIMEOUTS, timeoutMs: number): UpstreamFailure {
  const retry = stage === 'total' ? 'never' : 'other';
  return judge('timeout', 'network', retry, `${TIMEOUTS[stage]} within ${timeoutMs} ms`);
}

/** `askedMs`: how long the vendor asks to wait, null where it does not say. */
export function judgeOverload(words: string, askedMs: number | null): UpstreamFailure {
  return {
    ...judge('overloaded', 'service', 'other', words),
    coolDownMs: Math.min(askedMs ?? OVERLOAD_REST_MS, OVERLOAD_REST_MAX_MS),
    coolDownScope: 'family',
  };
}

/** A page for a call that every API of its kind knows means a wrong base URL. */
export function judgeNotFound(
  isJson: boolean,
  { operation }: Pick<RequestFacts, 'operation'>,
  words: string,
): UpstreamFailure {
  const isWrongAddress = !isJson && operation === 'generate';
  return judge('not_found', isWrongAddress ? 'account' : 'client', 'other', words);
}

/** Files, containers and betas are refused by the same statuses: only what names the model is about it. */
export function withModelDenied(failure: UpstreamFailure, isAboutModel: boolean): UpstreamFailure {
  return failure.fault === 'client' && isAboutModel ? { ...failure, deniesModel: true } : failure;
}

/** What a status means where its vendor means nothing special by it. */
export function judgeStatus(status: number, words: string): UpstreamFailure {
  switch (status) {
    case 408:
      return judge('timeout', 'service', 'same', words);
    case 409:
      return judge('conflict', 'client', 'never', words);
    case 413:
      return judge('too_large', 'client', 'never', words);
    case 504:
      return judge('timeout', 'service', 'never', words);
    default:
      break;
  }
  if (status >= 400 && status < 500) return judge('invalid_request', 'client', 'never', words);
  // A gateway in front of the vendor may know another way; the vendor's own failure is as likely gone at once.
  const isGateway = status === 502 || status === 503 || (status >= 520 && status < 529);
  return judge('server_error', 'service', isGateway ? 'other' : 'same', words);
}

/**
 * The vendor knows best whether the same call can succeed: `true` turns a refusal into one more try, `false` ends
 * tries. What is the account's own matter still goes to another account, of which the vendor knows nothing.
 */
export function obeyShouldRetry(failure: UpstreamFailure, header: string | undefined): UpstreamFailure {
  if (header === 'true' && failure.retry === 'never') return { ...failure, retry: 'same' };
  if (header === 'false' && failure.fault !== 'account') return { ...failure, retry: 'never' };
  return failure;
}

/** The JSON of an error; undefined for a page, or nothing. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
