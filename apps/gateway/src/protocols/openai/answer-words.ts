// Owns the words in which Chat Completions and its elder say how an answer ended and at which tier it was served.
import type { CanonicalStop } from '../canonical.ts';

const FINISH_REASONS: Readonly<Record<CanonicalStop, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  context_window: 'length',
  refusal: 'content_filter',
};

export function finishReason(stop: CanonicalStop): string {
  return FINISH_REASONS[stop];
}

/** Hosts differ in what they say after a call, so the call itself decides. */
export function readFinish(reason: string | null, hasCalls: boolean, isRefused: boolean): CanonicalStop {
  if (reason === 'length') return 'max_tokens';
  if (reason === 'content_filter' || isRefused) return 'refusal';
  return hasCalls ? 'tool_use' : 'end_turn';
}

const TIERS: Readonly<Record<string, string>> = {
  standard: 'default',
  default: 'default',
  flex: 'flex',
  priority: 'priority',
};

/** Null where the vendor has no word for it. */
export function serviceTier(tier: string | null): string | null {
  return TIERS[tier?.toLowerCase() ?? ''] ?? null;
}
