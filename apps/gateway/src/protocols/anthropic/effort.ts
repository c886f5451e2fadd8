// Owns how much a model thinks, in Anthropic's words: an effort, or a budget of tokens for elder models. One table, read
// both ways.
import { type EffortLevel, effortLevels } from '../canonical.ts';

export type ThinkingLevel = Exclude<EffortLevel, 'off'>;

interface Row {
  readonly effort: string;
  readonly budgetTokens: number;
  /** The largest budget that means this level. */
  readonly upToTokens: number;
}

const TABLE: Readonly<Record<ThinkingLevel, Row>> = {
  minimal: { effort: 'low', budgetTokens: 1024, upToTokens: 1024 },
  low: { effort: 'low', budgetTokens: 2048, upToTokens: 4096 },
  medium: { effort: 'medium', budgetTokens: 8192, upToTokens: 12_288 },
  high: { effort: 'high', budgetTokens: 16_384, upToTokens: 20_480 },
  xhigh: { effort: 'xhigh', budgetTokens: 24_576, upToTokens: Number.POSITIVE_INFINITY },
  max: { effort: 'max', budgetTokens: 32_000, upToTokens: Number.POSITIVE_INFINITY },
};
const LEVELS = effortLevels.filter((level) => level !== 'off');

/** Of two levels with one word the higher: who says `low` does not mean less. Null where the word is no level. */
export function readEffort(effort: string): ThinkingLevel | null {
  return LEVELS.findLast((level) => TABLE[level].effort === effort) ?? null;
}

export function readBudget(tokens: number): ThinkingLevel {
  return LEVELS.find((level) => tokens <= TABLE[level].upToTokens) ?? 'xhigh';
}

export function writeEffort(level: ThinkingLevel): string {
  return TABLE[level].effort;
}

export function writeBudget(level: ThinkingLevel): number {
  return TABLE[level].budgetTokens;
}
