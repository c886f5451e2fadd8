// Owns what a failure of an API that speaks Anthropic Messages means: whose fault, what next, how long to leave whom
// alone. The only place that reads such an API's error text.
import { isJsonObject } from '../../platform/json.ts';
import type { RequestFacts } from '../../protocols/protocol.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';
import {
  judge,
  judgeNotFound,
  judgeOverload,
  judgeStatus,
  judgeUnanswered,
  obeyShouldRetry,
  parseAnswer,
  withModelDenied,
} from './judge.ts';
import { retryAfterMs } from './retry-after.ts';
import { isClaimOnFamily, unifiedResetMs } from './windows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_RATE_REST_MS = MINUTE_MS;
/** A spent limit that does not say when it ends. */
const SPEND_LIMIT_REST_MS = HOUR_MS;

/** Statuses behind the error types of an event in a stream with status 200. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/**
 * The vendor's own sentences, from their first word on: a client's text may be quoted inside an error, so a sentence
 * found anywhere else proves nothing.
 */
const SENTENCES = {
  creditSpent: /^your credit balance is too low/i,
  spendLimit:
    /^(?:you have reached your specified (?:api |workspace )?usage limits?|(?:your?|this|the)(?: [\w'’-]+){0,8} spend(?:ing)? limit)/i,
  regainAccess: /you will regain access on (\d{4}-\d{2}-\d{2}) at (\d{2}:\d{2}) utc/i,
  needsExtraUsage: /^extra usage is required for long context/i,
  accountHeld:
    /^this organization has been disabled|^(?:your )?(?:account|organization) (?:has been|is) (?:disabled|suspended|on hold)/i,
  model: /^model:/i,
  loginRevoked: /^oauth (?:token has been revoked|authentication is currently not (?:allowed|supported))/i,
} as const;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body is no JSON of a known shape. */
  readonly message: string;
  readonly code: string | null;
  readonly isJson: boolean;
}

export function classifyAnthropic(
  failure: FailedResponse,
  facts: RequestFacts,
  nowMs: number,
): UpstreamFailure {
  if (!('headers' in failure)) return judgeUnanswered(failure);
  const reply = readReply(failure);
  return obeyShouldRetry(byStatus(reply, facts, nowMs), reply.headers['x-should-retry']);
}

function byStatus(reply: Reply, facts: RequestFacts, nowMs: number): UpstreamFailure {
  const words = wordsOf(reply);
  switch (reply.status) {
    case 400:
      return spentMoney(reply, nowMs) ?? judge('invalid_request', 'client', 'never', words);
    case 401:
      return { ...judge('credential_rejected', 'account', 'other', words), accountState: 'needs-login' };
    case 402:
      return { ...judge('billing', 'account', 'other', words), accountState: 'blocked' };
    case 403:
      return withModelDenied(classifyForbidden(reply, words), isAboutModel(reply, facts));
    case 404:
      return withModelDenied(judgeNotFound(reply.isJson, facts, words), isAboutModel(reply, facts));
    case 429:
      return classifyRateLimit(reply, facts, nowMs, words);
    case 529:
      return judgeOverload(words, retryAfterMs(reply.headers, nowMs));
    default:
      return judgeStatus(reply.status, words);
  }
}

/** Relayed: it is mostly about what this request wants. Only the vendor's own words tell that the account is held. */
function classifyForbidden(reply: Reply, words: string): UpstreamFailure {
  // A page instead of an answer comes from the vendor's edge, which refuses this machine or its region.
  if (!reply.isJson) return judge('server_error', 'service', 'other', words);
  if (SENTENCES.accountHeld.test(reply.message)) {
    return { ...judge('permission_denied', 'account', 'other', words), accountState: 'blocked' };
  }
  if (SENTENCES.loginRevoked.test(reply.message)) {
    return { ...judge('credential_rejected', 'account', 'other', words), accountState: 'needs-login' };
  }
  return judge('permission_denied', 'client', 'other', words);
}

/** A model that one account lacks another may have. */
function isAboutModel({ message }: Reply, { model }: RequestFacts): boolean {
  return SENTENCES.model.test(message) || (model !== '' && message.includes(model));
}

function classifyRateLimit(reply: Reply, facts: RequestFacts, nowMs: number, words: string): UpstreamFailure {
  const { headers } = reply;
  // Not a spent window: this account may not send prompts of that length at all.
  if (SENTENCES.needsExtraUsage.test(reply.message)) return judge('rate_limited', 'client', 'other', words);
  const asked = retryAfterMs(headers, nowMs);
  if (reply.code === 'enforced_spend_limit_reached') {
    return { ...judge('billing', 'account', 'other', words), coolDownMs: asked ?? SPEND_LIMIT_REST_MS };
  }
  const reset = unifiedResetMs(headers);
  const untilReset = reset === null || reset <= nowMs ? null : reset - nowMs;
  return {
    ...judge('rate_limited', 'account', 'other', words),
    coolDownMs: asked ?? untilReset ?? DEFAULT_RATE_REST_MS,
    coolDownScope: isClaimOnFamily(headers, facts.family) ? 'family' : 'account',
  };
}

/** The vendor words spent money as a bad request; without this the client would be blamed. */
function spentMoney(reply: Reply, nowMs: number): UpstreamFailure | null {
  const { message } = reply;
  if (SENTENCES.creditSpent.test(message)) {
    return { ...judge('billing', 'account', 'other', message), accountState: 'blocked' };
  }
  if (reply.code !== 'enforced_spend_limit_reached' && !SENTENCES.spendLimit.test(message)) return null;
  const [, day, time] = SENTENCES.regainAccess.exec(message) ?? [];
  const backAt = day === undefined ? Number.NaN : Date.parse(`${day}T${time}:00Z`);
  const coolDownMs = backAt > nowMs ? backAt - nowMs : SPEND_LIMIT_REST_MS;
  return { ...judge('billing', 'account', 'other', message), coolDownMs };
}

function wordsOf({ status, message }: Reply): string {
  return message === '' ? `HTTP ${status} without an error this kind understands` : message;
}

/** Errors come as the vendor's JSON, other relays' JSON, or a page of whatever stands in front. */
function readReply(failure: Extract<FailedResponse, { headers: unknown }>): Reply {
  const { headers } = failure;
  const body = parseAnswer(failure.body);
  const error = isJsonObject(body) ? (body['error'] ?? body) : null;
  const fields = isJsonObject(error) ? error : {};
  const details = isJsonObject(fields['details']) ? fields['details'] : {};
  const text = fields['message'] ?? (typeof error === 'string' ? error : '');
  const type = typeof fields['type'] === 'string' ? fields['type'] : '';
  const code = details['error_code'] ?? fields['code'];
  const isStatus = failure.type === 'status' && failure.status >= 400;
  return {
    status: isStatus ? failure.status : (STATUS_OF_TYPE[type] ?? 500),
    headers,
    message: typeof text === 'string' ? text.slice(0, 1000) : '',
    code: typeof code === 'string' ? code : null,
    isJson: isJsonObject(body),
  };
}
