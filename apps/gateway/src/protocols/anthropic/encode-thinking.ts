// Owns how much a request lets a Claude model think, and the sampling that goes with it: what excludes what.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalRequest, CanonicalThinking } from '../canonical.ts';
import type { ConversionNotes } from '../codec.ts';
import type { ClaudeTraits } from '../model-traits.ts';
import { type ThinkingLevel, writeBudget, writeEffort } from './effort.ts';

/** What of the rest of the request speaks against thinking. */
interface Surroundings {
  readonly maxTokens: number;
  /** A tool has to be called, and the model takes that. */
  readonly isForced: boolean;
  /** The answer is begun by the request. */
  readonly hasPrefill: boolean;
  /** Calls are being answered that the model made without a thought that it would know again. */
  readonly lacksThought: boolean;
}

interface ThinkingMembers {
  readonly thinking: JsonObject | null;
  readonly effort: string | null;
  /** It thinks before it answers. */
  readonly isOn: boolean;
}

const UNSAID: ThinkingMembers = { thinking: null, effort: null, isOn: false };
const MIN_BUDGET = 1024;
/** Below it, a model that thinks refuses. */
const MIN_TOP_P = 0.95;

export function encodeThinking(
  wanted: CanonicalThinking | null,
  traits: ClaudeTraits,
  surroundings: Surroundings,
  notes: ConversionNotes,
): ThinkingMembers {
  if (wanted === null) return { ...UNSAID, isOn: traits.thinking === 'always' };
  const { effort } = wanted;
  if (effort === 'off') return thinkingOff(traits, notes);
  switch (traits.thinking) {
    case 'never':
      notes.drop('thinking');
      return UNSAID;
    case 'budget':
      return thinkingBudget(effort ?? 'medium', surroundings, notes);
    case 'adaptive':
    case 'between-tools':
      if (surroundings.isForced) {
        notes.downgrade('thinking');
        return thinkingOff(traits, notes);
      }
      return adaptive(wanted, effort, traits, notes);
    case 'always':
      return adaptive(wanted, effort, traits, notes);
  }
}

function thinkingOff(traits: ClaudeTraits, notes: ConversionNotes): ThinkingMembers {
  switch (traits.thinking) {
    case 'never':
    case 'budget':
      return UNSAID;
    case 'adaptive':
      return { ...UNSAID, thinking: { type: 'disabled' } };
    case 'between-tools':
      return { ...UNSAID, thinking: { type: 'between_tools' } };
    case 'always':
      notes.downgrade('thinking');
      return { thinking: { type: 'adaptive' }, effort: writeEffort('low'), isOn: true };
  }
}

function adaptive(
  { display }: CanonicalThinking,
  effort: ThinkingLevel | null,
  { knowsXhigh }: ClaudeTraits,
  notes: ConversionNotes,
): ThinkingMembers {
  const isTooMuch = effort === 'xhigh' && !knowsXhigh;
  if (isTooMuch) notes.downgrade('effort');
  const level = isTooMuch ? 'high' : effort;
  const shown = display === null ? {} : { display: display === 'omitted' ? 'omitted' : 'summarized' };
  return {
    thinking: { type: 'adaptive', ...shown },
    effort: level === null ? null : writeEffort(level),
    isOn: true,
  };
}

/** Half of the answer at least is left for what is said. */
function thinkingBudget(
  level: ThinkingLevel,
  { maxTokens, isForced, hasPrefill, lacksThought }: Surroundings,
  notes: ConversionNotes,
): ThinkingMembers {
  const wanted = writeBudget(level);
  const budget = Math.min(wanted, Math.floor(maxTokens / 2));
  const isPossible = !isForced && !hasPrefill && !lacksThought && budget >= MIN_BUDGET;
  if (!isPossible || budget < wanted) notes.downgrade('thinking');
  if (!isPossible) return UNSAID;
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: null, isOn: true };
}

/** Members of the request; defaults need not be said. */
export function encodeSampling(
  { temperature, topP, extras: { topK } }: Pick<CanonicalRequest, 'temperature' | 'topP' | 'extras'>,
  { takesSampling }: ClaudeTraits,
  isThinking: boolean,
  notes: ConversionNotes,
): JsonObject {
  const isFree = takesSampling && !isThinking;
  const members: Record<string, number> = {};
  if (temperature !== null && temperature !== 1) {
    if (!isFree) notes.drop('temperature');
    else {
      if (temperature > 1) notes.downgrade('temperature');
      members['temperature'] = Math.min(1, temperature);
    }
  }
  if (topP !== null && topP !== 1) {
    // Younger models take one of the two.
    const isTaken = isFree ? members['temperature'] === undefined : takesSampling && topP >= MIN_TOP_P;
    if (isTaken) members['top_p'] = topP;
    else notes.drop('top_p');
  }
  if (topK !== null) {
    if (isFree) members['top_k'] = topK;
    else notes.drop('top_k');
  }
  return members;
}
