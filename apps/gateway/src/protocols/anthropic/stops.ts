// Owns how Anthropic names the end of an answer.
import type { CanonicalStop } from '../canonical.ts';

const CONTEXT_WINDOW = 'model_context_window_exceeded';
const STOPS: Readonly<Record<string, CanonicalStop>> = {
  end_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  stop_sequence: 'stop_sequence',
  [CONTEXT_WINDOW]: 'context_window',
  refusal: 'refusal',
  pause_turn: 'pause_turn',
};

/** Reasons that are not known are ends. */
export function readStop(reason: string): CanonicalStop {
  return STOPS[reason] ?? 'end_turn';
}

export function stopReason(stop: CanonicalStop): string {
  return stop === 'context_window' ? CONTEXT_WINDOW : stop;
}
