// What each key used in the current minute, for the headers in which vendors say what is left.
import type { Call, TokenCounts } from './vendors/vendor.ts';

const MINUTE_MS = 60_000;
const MAX_KEYS = 10_000;

export interface UsageWindow {
  requests: number;
  tokens: number;
  /** Epoch milliseconds. */
  endsAtMs: number;
}

export class UsageWindows {
  readonly #windows = new Map<string, UsageWindow>();

  clear(): void {
    this.#windows.clear();
  }

  /** Counts a request and what it used; the window of its key as it stands then. */
  take(call: Call, tokens: TokenCounts | null, nowMs: number): UsageWindow {
    const id = `${call.account ?? ''}\n${call.credential.apiKey ?? ''}`;
    let window = this.#windows.get(id);
    if (window === undefined || window.endsAtMs <= nowMs) {
      if (this.#windows.size >= MAX_KEYS) this.#windows.clear();
      window = { requests: 0, tokens: 0, endsAtMs: nowMs + MINUTE_MS };
      this.#windows.set(id, window);
    }
    window.requests += 1;
    if (tokens !== null) {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens } = tokens;
      window.tokens += inputTokens + outputTokens + cacheReadTokens + cacheWrite5mTokens;
    }
    return window;
  }
}
