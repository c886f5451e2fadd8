// Owns what a failure of Google's Gemini APIs means. The only place that reads their error text.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { RequestFacts } from '../../protocols/protocol.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';
import { judge, judgeOverload, judgeStatus, judgeUnanswered, parseAnswer } from './judge.ts';
import { retryAfterMs } from './retry-after.ts';

const MINUTE_MS = 60_000;
/** Daily quotas come back at midnight in California, and say so nowhere. */
const DAILY_REST_MS = 60 * MINUTE_MS;

/** Statuses of errors inside a stream, where no number is given. */
const STATUS_OF_NAME: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Reasons by which Google refuses a project or a person, whatever is asked. */
const BLOCKED = new Set([
  'CONSUMER_SUSPENDED',
  'CONSUMER_INVALID',
  'SERVICE_DISABLED',
  'API_KEY_SERVICE_BLOCKED',
  'BILLING_DISABLED',
  'SUBSCRIPTION_REQUIRED',
  'VALIDATION_REQUIRED',
]);
const KEY_REJECTED = new Set([
  'API_KEY_INVALID',
  'API_KEY_EXPIRED',
  'ACCESS_TOKEN_EXPIRED',
  'CREDENTIALS_MISSING',
]);
/** Google's own sentences, from their first word on: a client's text may be quoted inside an error. */
const WRONG_PLACE = /^user location is not supported/i;
const NEEDS_BILLING =
  /^gemini api free tier is not available|^billing (?:account )?is (?:not enabled|disabled)/i;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body is no error of Google's. */
  readonly message: string;
  readonly reason: string;
  /** Ids of the quotas that were exceeded. */
  readonly quotas: readonly string[];
  /** The quota counts that model alone. */
  readonly isPerModel: boolean;
  readonly retryDelayMs: number | null;
  readonly isJson: boolean;
}

export function classifyGoogle(failure: FailedResponse, facts: RequestFacts, nowMs: number): UpstreamFailure {
  if (!('headers' in failure)) return judgeUnanswered(failure);
  const reply = readReply(failure);
  const { status, message } = reply;
  const words = message === '' ? `HTTP ${status} without an error of Google's` : message;
  switch (status) {
    case 400:
      return classifyBadRequest(reply, words);
    case 401:
      return credentialRejected(words);
    case 403:
      return classifyForbidden(reply, facts, words);
    case 404:
      return classifyNotFound(reply, facts, words);
    case 429:
      return classifyExhausted(reply, nowMs, words);
    case 503:
      return reply.isJson
        ? judgeOverload(words, retryAfterMs(reply.headers, nowMs) ?? reply.retryDelayMs)
        : judgeStatus(status, words);
    default:
      return judgeStatus(status, words);
  }
}

function classifyBadRequest({ reason, message }: Reply, words: string): UpstreamFailure {
  if (KEY_REJECTED.has(reason)) return credentialRejected(words);
  if (NEEDS_BILLING.test(message)) {
    return { ...judge('billing', 'account', 'other', words), accountState: 'blocked' };
  }
  // Of the gateway's place or that of the account's proxy: other accounts may have another.
  if (WRONG_PLACE.test(message)) {
    return { ...judge('permission_denied', 'account', 'other', words), coolDownMs: DAILY_REST_MS };
  }
  return judge('invalid_request', 'client', 'never', words);
}

function credentialRejected(words: string): UpstreamFailure {
  return { ...judge('credential_rejected', 'account', 'other', words), accountState: 'needs-login' };
}

function classifyForbidden(reply: Reply, facts: RequestFacts, words: string): UpstreamFailure {
  // A page comes from something in front of the vendor, which refuses this machine.
  if (!reply.isJson) return judge('server_error', 'service', 'other', words);
  if (KEY_REJECTED.has(reply.reason)) return credentialRejected(words);
  if (BLOCKED.has(reply.reason)) {
    return { ...judge('permission_denied', 'account', 'other', words), accountState: 'blocked' };
  }
  return { ...judge('permission_denied', 'client', 'other', words), ...deniesModel(reply, facts) };
}

/** A page for a call that every such API knows: a wrong base URL. */
function classifyNotFound(reply: Reply, facts: RequestFacts, words: string): UpstreamFailure {
  if (!reply.isJson && facts.operation === 'generate') return judge('not_found', 'account', 'other', words);
  return { ...judge('not_found', 'client', 'other', words), ...deniesModel(reply, facts) };
}

function deniesModel({ message }: Reply, { model }: RequestFacts): { deniesModel?: true } {
  const isAboutModel = /^models?\b/i.test(message) || (model !== '' && message.includes(model));
  return isAboutModel ? { deniesModel: true } : {};
}

function classifyExhausted(reply: Reply, nowMs: number, words: string): UpstreamFailure {
  const asked = retryAfterMs(reply.headers, nowMs) ?? reply.retryDelayMs;
  // The vendor has no room, whoever asks.
  if (reply.reason === 'MODEL_CAPACITY_EXHAUSTED') return judgeOverload(words, asked);
  const isDaily = reply.quotas.some((id) => id.includes('PerDay'));
  // A quota of nothing: the account's plan does not have the model.
  const isNone = /\blimit: 0\b/.test(reply.message);
  const restMs = asked ?? MINUTE_MS;
  return {
    ...judge('rate_limited', 'account', 'other', words),
    coolDownMs: isDaily || isNone ? Math.max(restMs, DAILY_REST_MS) : restMs,
    coolDownScope: reply.isPerModel || isNone ? 'family' : 'account',
    ...(isNone ? { deniesModel: true } : {}),
  };
}

/** Errors come as an object, as an array of one (a stream without `alt=sse`), or as a page. */
function readReply(failure: Extract<FailedResponse, { headers: unknown }>): Reply {
  const parsed = parseAnswer(failure.body);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = isJsonObject(body) ? body['error'] : null;
  const fields = isJsonObject(error) ? error : {};
  const details = listOf(fields['details']);
  const info = detailOf(details, 'ErrorInfo');
  const violations = listOf(detailOf(details, 'QuotaFailure')['violations']);
  const isStatus = failure.type === 'status' && failure.status >= 400;
  return {
    status: isStatus ? failure.status : statusOf(fields),
    headers: failure.headers,
    message: textOf(fields['message'] ?? (typeof error === 'string' ? error : undefined)).slice(0, 1000),
    reason: textOf(info['reason']),
    quotas: violations.map(({ quotaId }) => textOf(quotaId)),
    isPerModel: violations.some(
      ({ quotaDimensions }) => isJsonObject(quotaDimensions) && 'model' in quotaDimensions,
    ),
    retryDelayMs: durationMs(detailOf(details, 'RetryInfo')['retryDelay']),
    isJson: isJsonObject(body),
  };
}

function statusOf({ code, status }: JsonObject): number {
  if (typeof code === 'number' && code >= 400 && code < 600) return code;
  return STATUS_OF_NAME[textOf(status)] ?? 500;
}

function detailOf(details: readonly JsonObject[], type: string): JsonObject {
  return details.find((detail) => textOf(detail['@type']).endsWith(`.${type}`)) ?? {};
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `46s`, `0.5s`. */
function durationMs(value: unknown): number | null {
  const seconds = /^(\d{1,9}(?:\.\d+)?)s$/.exec(textOf(value))?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000);
}
