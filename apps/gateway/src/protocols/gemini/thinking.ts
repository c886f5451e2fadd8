// Owns how much a model thinks, in Google's words: levels from Gemini 3 on, a budget of tokens for 2.5, nothing before.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalThinking, EffortLevel } from '../canonical.ts';
import type { ConversionNotes } from '../codec.ts';
import { member, numberIn, textIn } from './read.ts';

const LEVELS: Readonly<Record<EffortLevel, string>> = {
  off: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};
const BUDGETS: Readonly<Record<Exclude<EffortLevel, 'max'>, number>> = {
  off: 0,
  minimal: 512,
  low: 2048,
  medium: 8192,
  high: 16384,
  xhigh: 24576,
};
const EFFORTS: Readonly<Record<string, EffortLevel>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
};
/** The most tokens of each effort, read backwards. */
const UP_TO: readonly (readonly [tokens: number, effort: EffortLevel])[] = [
  [0, 'off'],
  [1024, 'minimal'],
  [4096, 'low'],
  [12288, 'medium'],
  [20480, 'high'],
];
const DYNAMIC_BUDGET = -1;
/** 2.5 Pro cannot stop thinking. */
const PRO_MIN_BUDGET = 128;
const PRO_MAX_BUDGET = 32768;
const MAX_BUDGET = 24576;

/** Null where the request does not say. Without `includeThoughts` the vendor shows none. */
export function readThinking(config: JsonObject): CanonicalThinking | null {
  if (Object.keys(config).length === 0) return null;
  return {
    effort: effortOf(config),
    display: member(config, 'includeThoughts') === true ? 'summary' : 'omitted',
  };
}

function effortOf(config: JsonObject): EffortLevel | null {
  const level = textIn(config, 'thinkingLevel');
  if (level !== null) return EFFORTS[level.toUpperCase()] ?? null;
  const budget = numberIn(config, 'thinkingBudget');
  if (budget === null || budget < 0) return null;
  return UP_TO.find(([tokens]) => budget <= tokens)?.[1] ?? 'xhigh';
}

/** Null where the model does not think at all. */
export function writeThinking(
  thinking: CanonicalThinking,
  model: string,
  notes: ConversionNotes,
): JsonObject | null {
  const { effort, display } = thinking;
  const includeThoughts = display !== 'omitted' && effort !== 'off';
  const generation = generationOf(model);
  if (generation < 2.5) {
    if (effort !== 'off') notes.drop('thinking');
    return null;
  }
  if (generation >= 3) {
    if (effort === null) return { includeThoughts };
    const isPro = model.includes('pro');
    const level = isPro && LEVELS[effort] === 'MINIMAL' ? 'LOW' : LEVELS[effort];
    if (effort === 'off' || (isPro && effort === 'minimal')) notes.downgrade('thinking');
    return { includeThoughts, thinkingLevel: level };
  }
  if (effort === null) return { includeThoughts, thinkingBudget: DYNAMIC_BUDGET };
  const isPro = model.includes('pro');
  if (effort === 'max') return { includeThoughts, thinkingBudget: isPro ? PRO_MAX_BUDGET : MAX_BUDGET };
  if (effort === 'off' && isPro) notes.downgrade('thinking');
  const budget = BUDGETS[effort];
  return { includeThoughts, thinkingBudget: isPro ? Math.max(PRO_MIN_BUDGET, budget) : budget };
}

/** `3.8` of `gemini-3.8-flash`; a name without a number is taken for a current model (`gemini-flash-latest`). */
export function generationOf(model: string): number {
  const digits = /gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
}
