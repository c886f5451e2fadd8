// Owns how much OpenAI's models can be told to think, and under which names. Models of other vendors behind the same
// API are unknown here: they get what was asked for.
import { type EffortLevel, effortLevels } from '../canonical.ts';

const [OFF, MINIMAL, ...FROM_LOW] = effortLevels;
const [LOW, MEDIUM, HIGH, XHIGH] = FROM_LOW;
const TO_HIGH = [LOW, MEDIUM, HIGH] as const;
const TO_XHIGH = [...TO_HIGH, XHIGH] as const;

/** The first that fits. */
const LEVELS: readonly (readonly [model: RegExp, levels: readonly EffortLevel[]])[] = [
  [/^(?:gpt-[34]|chatgpt-|o1-(?:mini|preview)|gpt-5[.\d]*-chat)/, []],
  [/^o\d/, TO_HIGH],
  [/^gpt-5(?!\.)/, [MINIMAL, ...TO_HIGH]],
  [/^gpt-5\.(?:1-codex-max|2-codex|\d-pro)/, TO_XHIGH],
  [/^gpt-5\.\d-codex/, TO_HIGH],
  [/^gpt-5\.1/, [OFF, ...TO_HIGH]],
  [/^gpt-5\.(?:4-|5)/, [OFF, ...TO_XHIGH]],
  [/^gpt-5\.[2-4]/, [OFF, MINIMAL, ...TO_XHIGH]],
  [/^gpt-(?:5\.[6-9]|[6-9])/, FROM_LOW],
];

/** What the model is to be told: the level itself, else the nearest below, else its least; null: it takes none. */
export function effortFor(model: string, wanted: EffortLevel): EffortLevel | null {
  const levels = levelsOf(model) ?? effortLevels;
  const rank = effortLevels.indexOf(wanted);
  return levels.findLast((level) => effortLevels.indexOf(level) <= rank) ?? levels[0] ?? null;
}

/** Models that think take no sampling parameters while they do. */
export function thinks(model: string, effort: EffortLevel | null): boolean {
  return (levelsOf(model)?.length ?? 0) > 0 && effort !== OFF;
}

function levelsOf(model: string): readonly EffortLevel[] | undefined {
  return LEVELS.find(([pattern]) => pattern.test(model))?.[1];
}

export function readEffort(name: string): EffortLevel | null {
  if (name === 'none') return OFF;
  return effortLevels.find((level) => level === name) ?? null;
}

export function writeEffort(level: EffortLevel): string {
  return level === OFF ? 'none' : level;
}
