// Headers of Anthropic's answers: ids and the rate windows of the key or of the subscription.
import { seededUuid } from '../../seed.ts';
import type { Call, Headers, TokenCounts } from '../vendor.ts';
import { isOauthToken } from './check-request.ts';
import {
  FIVE_HOURS_SECONDS,
  SEVEN_DAYS_SECONDS,
  startUtilization,
  windowEndSeconds,
} from './subscription.ts';

const MINUTE_MS = 60_000;
const REQUESTS_PER_MINUTE = 4000;
const INPUT_TOKENS_PER_MINUTE = 2_000_000;
const OUTPUT_TOKENS_PER_MINUTE = 400_000;
/** Of a subscription's five hours; it makes utilization rise with use. */
const TOKENS_PER_FIVE_HOURS = 50_000_000;
const MAX_KEYS = 10_000;

interface Windows {
  organization: string;
  minuteStartMs: number;
  /** End of the minute as the headers say it. */
  minuteEnd: string;
  requests: number;
  inputTokens: number;
  outputTokens: number;
  tokensEver: number;
  baseUtilization: number;
}

export class ResponseHeaders {
  readonly #windows = new Map<string, Windows>();

  clear(): void {
    this.#windows.clear();
  }

  /** `rejected`: the answer is a 429. */
  build(call: Call, tokens: TokenCounts | null, rejected = false): Headers {
    const headers: Headers = { 'request-id': call.requestId };
    const { apiKey } = call.credential;
    if (apiKey === null) return headers;
    const nowMs = Date.now();
    const windows = this.#take(`${call.account ?? ''}\n${apiKey}`, nowMs, tokens);
    headers['anthropic-organization-id'] = windows.organization;
    if (isOauthToken(apiKey)) addUnified(headers, windows, nowMs, rejected);
    else addKeyLimits(headers, windows, rejected);
    return headers;
  }

  #take(id: string, nowMs: number, tokens: TokenCounts | null): Windows {
    let windows = this.#windows.get(id);
    if (windows === undefined) {
      if (this.#windows.size >= MAX_KEYS) this.#windows.clear();
      windows = {
        organization: seededUuid(`organization ${id}`),
        minuteStartMs: nowMs,
        minuteEnd: minuteEnd(nowMs),
        requests: 0,
        inputTokens: 0,
        outputTokens: 0,
        tokensEver: 0,
        baseUtilization: startUtilization(id),
      };
      this.#windows.set(id, windows);
    }
    if (nowMs - windows.minuteStartMs >= MINUTE_MS) {
      windows.minuteStartMs = nowMs;
      windows.minuteEnd = minuteEnd(nowMs);
      windows.requests = 0;
      windows.inputTokens = 0;
      windows.outputTokens = 0;
    }
    windows.requests += 1;
    if (tokens !== null) {
      windows.inputTokens += tokens.inputTokens + tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
      windows.outputTokens += tokens.outputTokens;
      windows.tokensEver += tokens.inputTokens + tokens.outputTokens;
    }
    return windows;
  }
}

function addKeyLimits(headers: Headers, windows: Windows, rejected: boolean): void {
  const add = (name: string, limit: number, used: number): void => {
    headers[`anthropic-ratelimit-${name}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${name}-remaining`] = String(rejected ? 0 : Math.max(0, limit - used));
    headers[`anthropic-ratelimit-${name}-reset`] = windows.minuteEnd;
  };
  const { requests, inputTokens, outputTokens } = windows;
  add('requests', REQUESTS_PER_MINUTE, requests);
  add('input-tokens', INPUT_TOKENS_PER_MINUTE, inputTokens);
  add('output-tokens', OUTPUT_TOKENS_PER_MINUTE, outputTokens);
  add('tokens', INPUT_TOKENS_PER_MINUTE + OUTPUT_TOKENS_PER_MINUTE, inputTokens + outputTokens);
}

function addUnified(headers: Headers, windows: Windows, nowMs: number, rejected: boolean): void {
  const used = windows.baseUtilization + windows.tokensEver / TOKENS_PER_FIVE_HOURS;
  const fiveHours = rejected ? 1 : Math.min(0.99, used);
  const status = rejected ? 'rejected' : 'allowed';
  const fiveHoursReset = String(windowEndSeconds(nowMs, FIVE_HOURS_SECONDS));
  const prefix = 'anthropic-ratelimit-unified';
  headers[`${prefix}-status`] = status;
  headers[`${prefix}-reset`] = fiveHoursReset;
  headers[`${prefix}-representative-claim`] = 'five_hour';
  headers[`${prefix}-5h-status`] = status;
  headers[`${prefix}-5h-utilization`] = fraction(fiveHours);
  headers[`${prefix}-5h-reset`] = fiveHoursReset;
  headers[`${prefix}-7d-status`] = 'allowed';
  headers[`${prefix}-7d-utilization`] = fraction(Math.min(0.99, used / 4));
  headers[`${prefix}-7d-reset`] = String(windowEndSeconds(nowMs, SEVEN_DAYS_SECONDS));
  headers[`${prefix}-overage-status`] = 'rejected';
  headers[`${prefix}-overage-disabled-reason`] = 'org_level_disabled';
}

function minuteEnd(startMs: number): string {
  return `${new Date(startMs + MINUTE_MS).toISOString().slice(0, 19)}Z`;
}

function fraction(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
