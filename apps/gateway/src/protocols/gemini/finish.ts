// Owns how Google names the end of an answer.
import type { CanonicalStop } from '../canonical.ts';

const STOPS: Readonly<Record<string, CanonicalStop>> = {
  STOP: 'end_turn',
  MAX_TOKENS: 'max_tokens',
  CONTINUATION: 'pause_turn',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  LANGUAGE: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
  IMAGE_SAFETY: 'refusal',
  IMAGE_PROHIBITED_CONTENT: 'refusal',
  IMAGE_RECITATION: 'refusal',
};

const REASONS: Readonly<Record<CanonicalStop, string>> = {
  end_turn: 'STOP',
  tool_use: 'STOP',
  stop_sequence: 'STOP',
  max_tokens: 'MAX_TOKENS',
  context_window: 'MAX_TOKENS',
  refusal: 'SAFETY',
  pause_turn: 'CONTINUATION',
};

/** A call says that tools are wanted; the reason does not. */
export function stopOf(reason: string, hasCall: boolean): CanonicalStop {
  const stop = STOPS[reason] ?? 'end_turn';
  return stop === 'end_turn' && hasCall ? 'tool_use' : stop;
}

export function finishReasonOf(stop: CanonicalStop): string {
  return REASONS[stop];
}

/** Reasons such as MALFORMED_FUNCTION_CALL and OTHER: the model failed, and where it said nothing before, that is all. */
export function isBreakdown(reason: string): boolean {
  return STOPS[reason] === undefined && reason !== 'FINISH_REASON_UNSPECIFIED';
}
