// Headers of OpenAI's answers: ids and what is left of the minute.
import { digest, seededInteger } from '../../seed.ts';
import { UsageWindows } from '../../usage-windows.ts';
import type { Call, Headers, TokenCounts } from '../vendor.ts';

const REQUESTS_PER_MINUTE = 10_000;
const TOKENS_PER_MINUTE = 2_000_000;

export class ResponseHeaders {
  readonly #windows = new UsageWindows();

  clear(): void {
    this.#windows.clear();
  }

  /** `rejected`: the answer is a 429 of the rate limit. */
  build(call: Call, tokens: TokenCounts | null, rejected = false): Headers {
    const headers: Headers = { 'x-request-id': `req_${digest(call.requestId).slice(0, 32)}` };
    if (call.credential.apiKey === null) return headers;
    const nowMs = Date.now();
    const window = this.#windows.take(call, tokens, nowMs);
    headers['openai-organization'] = 'org-simulated';
    headers['openai-processing-ms'] = String(20 + seededInteger(call.requestId, 400));
    headers['openai-version'] = '2020-10-01';
    const add = (name: string, limit: number, used: number): void => {
      headers[`x-ratelimit-limit-${name}`] = String(limit);
      headers[`x-ratelimit-remaining-${name}`] = String(rejected ? 0 : Math.max(0, limit - used));
      // The bucket fills steadily: the time until what was used is there again.
      const refillMs = Math.ceil((60_000 * used) / limit);
      headers[`x-ratelimit-reset-${name}`] = duration(rejected ? window.endsAtMs - nowMs : refillMs);
    };
    add('requests', REQUESTS_PER_MINUTE, window.requests);
    add('tokens', TOKENS_PER_MINUTE, window.tokens);
    return headers;
  }
}

/** `6ms`, `8.64s`, `1m30s`, as Go writes it. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = Math.round(milliseconds) / 1000;
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${Math.round((seconds % 60) * 1000) / 1000}s`;
}
