// Owns patterns with `*`, as key and account rules write them (`claude-*`).

const compiled = new Map<string, RegExp>();
/** Rules come from administrators and are few; the bound only keeps a mistake from growing for ever. */
const MAX_COMPILED = 10_000;

/** Whether `text` matches `pattern`; `*` stands for any run of characters, case does not count. */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === text.toLowerCase();
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*');
    expression = new RegExp(`^${source}$`, 'iu');
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** Whether any of the patterns matches. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, text));
}
