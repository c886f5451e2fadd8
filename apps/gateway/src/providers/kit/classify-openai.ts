// Owns what a failure of an API that speaks OpenAI's dialects means: whose fault, what next, how long to leave whom
// alone. The only place that reads such an API's error text. Codes come with various statuses, so they are asked first.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
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
import { durationMs, exhaustedMs } from './openai-windows.ts';
import { retryAfterMs } from './retry-after.ts';

const MINUTE_MS = 60_000;
const DEFAULT_RATE_REST_MS = MINUTE_MS;
/** A plan's limit that does not say when it ends. */
const PLAN_LIMIT_REST_MS = 60 * MINUTE_MS;
/** Who mends it moves the account's way out, or the gateway. */
const REGION_REST_MS = 10 * MINUTE_MS;

/** What the vendor means by its codes, and by its types where there is no code. */
const MEANINGS: Readonly<Record<string, 'billing' | 'held' | 'plan-limit' | 'no-model' | 'busy' | 'region'>> =
  {
    insufficient_quota: 'billing',
    organization_spend_limit_exceeded: 'billing',
    billing_hard_limit_reached: 'billing',
    billing_not_active: 'billing',
    /** The ChatGPT plan has no Codex. */
    usage_not_included: 'billing',
    account_deactivated: 'held',
    access_terminated: 'held',
    usage_limit_reached: 'plan-limit',
    model_not_found: 'no-model',
    DeploymentNotFound: 'no-model',
    server_overloaded: 'busy',
    server_is_overloaded: 'busy',
    slow_down: 'busy',
    NoCapacity: 'busy',
    unsupported_country_region_territory: 'region',
  };

/** Statuses behind the codes and types of an error in an answer with status 200. */
const STATUS_OF_NAME: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  invalid_api_key: 401,
  authentication_error: 401,
  permission_denied: 403,
  invalid_prompt: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  bio_policy: 400,
  cyber_policy: 400,
  data_residency_mismatch: 400,
  invalid_request_error: 400,
};

/** The vendor's own sentences, from their first word on: a client's text may be quoted in an error. */
const SENTENCES = {
  busy: /^(?:the engine is currently overloaded|slow down|our servers are currently overloaded)/i,
  /** One request that is larger than a minute's limit: waiting does not help it. */
  tooLargeForLimit: /^request too large for /i,
  planLacksModel: /^the '[^']*' model is not supported when using codex/i,
  noAccessToModel: /^project `[^`]*` does not have access to model/i,
  /** `Please try again in 8.2s.`, `Please retry after 26 seconds.` */
  wait: /\bplease (?:try again in|retry after) ((?:\d+(?:\.\d+)? ?(?:ms|seconds?|minutes?|hours?|days?|[smhd])(?![a-z]))+)/i,
} as const;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body is no JSON of a known shape. */
  readonly message: string;
  /** Code, then type, as far as there are. */
  readonly names: readonly string[];
  readonly error: JsonObject;
  readonly isJson: boolean;
}

export function classifyOpenAi(failure: FailedResponse, facts: RequestFacts, nowMs: number): UpstreamFailure {
  if (!('headers' in failure)) return judgeUnanswered(failure);
  const reply = readReply(failure);
  const words =
    reply.message === '' ? `HTTP ${reply.status} without an error this kind understands` : reply.message;
  const judged = byName(reply, nowMs, words) ?? byStatus(reply, facts, nowMs, words);
  return obeyShouldRetry(judged, reply.headers['x-should-retry']);
}

function byName(reply: Reply, nowMs: number, words: string): UpstreamFailure | null {
  const name = reply.names.find((each) => Object.hasOwn(MEANINGS, each));
  switch (name === undefined ? undefined : MEANINGS[name]) {
    case 'billing':
      return { ...judge('billing', 'account', 'other', words), accountState: 'blocked' };
    case 'held':
      return { ...judge('permission_denied', 'account', 'other', words), accountState: 'blocked' };
    case 'plan-limit':
      return { ...judge('rate_limited', 'account', 'other', words), coolDownMs: planRestMs(reply, nowMs) };
    case 'no-model':
      return withModelDenied(judge('not_found', 'client', 'other', words), true);
    case 'busy':
      return judgeOverload(words, retryAfterMs(reply.headers, nowMs));
    case 'region':
      return { ...judge('permission_denied', 'account', 'other', words), coolDownMs: REGION_REST_MS };
    default:
      return null;
  }
}

function byStatus(reply: Reply, facts: RequestFacts, nowMs: number, words: string): UpstreamFailure {
  const { status, headers, message, isJson } = reply;
  switch (status) {
    case 400:
      return SENTENCES.planLacksModel.test(message)
        ? withModelDenied(judge('not_found', 'client', 'other', words), true)
        : judge('invalid_request', 'client', 'never', words);
    case 401:
      return { ...judge('credential_rejected', 'account', 'other', words), accountState: 'needs-login' };
    case 402:
      return { ...judge('billing', 'account', 'other', words), accountState: 'blocked' };
    case 403:
      // A page instead of an answer comes from the vendor's edge, which refuses this machine or its region.
      return isJson
        ? withModelDenied(judge('permission_denied', 'client', 'other', words), isAboutModel(message, facts))
        : judge('server_error', 'service', 'other', words);
    case 404:
      return withModelDenied(judgeNotFound(isJson, facts, words), isAboutModel(message, facts));
    case 429:
      return classifyRateLimit(reply, nowMs, words);
    case 529:
      return judgeOverload(words, retryAfterMs(headers, nowMs));
    default:
      return status >= 500 && SENTENCES.busy.test(message)
        ? judgeOverload(words, retryAfterMs(headers, nowMs))
        : judgeStatus(status, words);
  }
}

/** Limits of a key are limits of one model with it, which other models of the account do not share. */
function classifyRateLimit(reply: Reply, nowMs: number, words: string): UpstreamFailure {
  const { headers, message } = reply;
  if (SENTENCES.busy.test(message)) return judgeOverload(words, retryAfterMs(headers, nowMs));
  if (SENTENCES.tooLargeForLimit.test(message)) return judge('rate_limited', 'client', 'other', words);
  const waitMs = durationMs(SENTENCES.wait.exec(message)?.[1] ?? '');
  return {
    ...judge('rate_limited', 'account', 'other', words),
    coolDownMs: retryAfterMs(headers, nowMs) ?? waitMs ?? exhaustedMs(headers, nowMs) ?? DEFAULT_RATE_REST_MS,
    coolDownScope: 'family',
  };
}

function planRestMs({ error, headers }: Reply, nowMs: number): number {
  const { resets_in_seconds: seconds, resets_at: at } = error;
  if (typeof seconds === 'number' && seconds >= 0) return Math.ceil(seconds * 1000);
  if (typeof at === 'number' && at * 1000 > nowMs) return at * 1000 - nowMs;
  return retryAfterMs(headers, nowMs) ?? exhaustedMs(headers, nowMs) ?? PLAN_LIMIT_REST_MS;
}

/** A model that one account lacks another may have. */
function isAboutModel(message: string, { model }: RequestFacts): boolean {
  return SENTENCES.noAccessToModel.test(message) || (model !== '' && message.includes(model));
}

/** Errors come as the vendor's JSON, as an event of a stream, as another host's JSON, or as a page in front of it. */
function readReply(failure: Extract<FailedResponse, { headers: unknown }>): Reply {
  const body = parseAnswer(failure.body);
  const error = errorIn(body);
  const names = [error['code'], error['type']].flatMap((name) =>
    typeof name === 'string' || typeof name === 'number' ? [String(name)] : [],
  );
  const text = error['message'] ?? error['detail'] ?? '';
  return {
    status: failure.type === 'status' && failure.status >= 400 ? failure.status : statusOf(names),
    headers: failure.headers,
    message: typeof text === 'string' ? text.slice(0, 1000) : '',
    names,
    error,
    isJson: isJsonObject(body) || Array.isArray(body),
  };
}

/** Some hosts put their status where the code belongs. */
function statusOf(names: readonly string[]): number {
  for (const name of names) {
    if (Object.hasOwn(STATUS_OF_NAME, name)) return STATUS_OF_NAME[name] ?? 500;
    if (/^[45]\d\d$/.test(name)) return Number(name);
  }
  return 500;
}

/** `{error: {…}}`, `{error: "…"}`, the event `response.failed`, the event `error`, `{detail}`, `{message}`, a list of one. */
function errorIn(body: unknown): JsonObject {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(first)) return {};
  const { error, response } = first;
  if (isJsonObject(error)) return error;
  if (typeof error === 'string') return { message: error };
  return isJsonObject(response) && isJsonObject(response['error']) ? response['error'] : first;
}
