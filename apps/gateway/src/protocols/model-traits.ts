// Owns what Claude models take and refuse, by their names: a converted request must not run into a refusal that its
// client could not have known of. What no line of the vendor's names is taken for a model that knows the basics only.

/** Lines in which a model's version says what it can; the newest model stands for those to come. */
const NAME = /claude-(?:(\d)(?:-(\d{1,2}))?-)?([a-z]{4,})(?:-(\d)(?:[-.](\d{1,2}))?(?!\d))?/;
const LINES = ['opus', 'sonnet', 'haiku', 'fable', 'mythos'] as const;
type Line = (typeof LINES)[number];

/** The first version of each line with a trait; null: none of the line has it. */
type Since = Readonly<Record<Line, number | null>>;

const EVER = 0;
const THINKS: Since = { opus: 4, sonnet: 3.7, haiku: 4.5, fable: EVER, mythos: EVER };
const THINKS_ADAPTIVELY: Since = { opus: 4.6, sonnet: 4.6, haiku: 5.5, fable: EVER, mythos: EVER };
const ALWAYS_THINKS: Since = { opus: 5.5, sonnet: null, haiku: null, fable: EVER, mythos: EVER };
const THINKS_BETWEEN_TOOLS: Since = { opus: null, sonnet: 5.5, haiku: null, fable: null, mythos: null };
const KNOWS_XHIGH: Since = { opus: 4.7, sonnet: 5, haiku: 5.5, fable: EVER, mythos: EVER };
const REFUSES_SAMPLING: Since = { opus: 4.7, sonnet: 5, haiku: 5.5, fable: EVER, mythos: EVER };
const REFUSES_FORCED_TOOLS: Since = { opus: 5.5, sonnet: 5.5, haiku: null, fable: 5.1, mythos: 5.1 };
const REFUSES_PREFILL: Since = { opus: 4.6, sonnet: 5, haiku: 5.5, fable: EVER, mythos: EVER };
const TAKES_SCHEMAS: Since = { opus: 4.1, sonnet: 4.5, haiku: 4.5, fable: EVER, mythos: EVER };

/** The most tokens of an answer, from each version on. */
const OUTPUT_LIMITS: Readonly<Record<Line, readonly (readonly [since: number, tokens: number])[]>> = {
  opus: [
    [4.6, 128_000],
    [4.5, 64_000],
    [4, 32_000],
    [EVER, 4096],
  ],
  sonnet: [
    [5, 128_000],
    [3.7, 64_000],
    [3.5, 8192],
    [EVER, 4096],
  ],
  haiku: [
    [5.5, 128_000],
    [4.5, 64_000],
    [3.5, 8192],
    [EVER, 4096],
  ],
  fable: [[EVER, 128_000]],
  mythos: [[EVER, 128_000]],
};

export interface ClaudeTraits {
  /**
   * `budget`: thinks where told, so many tokens. `adaptive`: decides itself, or is told an effort. `between-tools`:
   * likewise, and can be kept from thinking before the answer only. `always`: cannot be kept from it.
   */
  readonly thinking: 'never' | 'budget' | 'adaptive' | 'between-tools' | 'always';
  readonly knowsXhigh: boolean;
  readonly takesSampling: boolean;
  readonly takesForcedTools: boolean;
  /** Goes on with an answer that the request begins. */
  readonly takesPrefill: boolean;
  readonly takesSchemas: boolean;
  /** Null where it is not known. */
  readonly maxOutputTokens: number | null;
}

const BASICS: ClaudeTraits = {
  thinking: 'budget',
  knowsXhigh: false,
  takesSampling: true,
  takesForcedTools: true,
  takesPrefill: true,
  takesSchemas: false,
  maxOutputTokens: null,
};

/** `model` as any vendor of Claude calls it: `claude-opus-5-5`, `us.anthropic.claude-sonnet-4-5-20250929-v1:0`. */
export function claudeTraits(model: string): ClaudeTraits {
  const [, elderMajor, elderMinor, name, major = elderMajor, minor = elderMinor] =
    NAME.exec(model.toLowerCase()) ?? [];
  const line = LINES.find((each) => each === name);
  if (line === undefined) return BASICS;
  const version = major === undefined ? Number.POSITIVE_INFINITY : Number(`${major}.${minor ?? 0}`);
  const has = (since: Since): boolean => {
    const first = since[line];
    return first !== null && version >= first;
  };
  return {
    thinking: thinkingOf(has),
    knowsXhigh: has(KNOWS_XHIGH),
    takesSampling: !has(REFUSES_SAMPLING),
    takesForcedTools: !has(REFUSES_FORCED_TOOLS),
    takesPrefill: !has(REFUSES_PREFILL),
    takesSchemas: has(TAKES_SCHEMAS),
    maxOutputTokens: OUTPUT_LIMITS[line].find(([since]) => version >= since)?.[1] ?? null,
  };
}

function thinkingOf(has: (since: Since) => boolean): ClaudeTraits['thinking'] {
  if (has(ALWAYS_THINKS)) return 'always';
  if (has(THINKS_BETWEEN_TOOLS)) return 'between-tools';
  if (has(THINKS_ADAPTIVELY)) return 'adaptive';
  return has(THINKS) ? 'budget' : 'never';
}
