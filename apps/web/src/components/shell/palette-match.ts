// Owns what the palette takes for a match: every word of the search stands somewhere in the line. Pure.

/** 1 where the line begins so, less where a word of it or its middle does, 0 where it does not match. */
export function matchScore(line: string, search: string, keywords: readonly string[] = []): number {
  const wanted = search.trim().toLowerCase();
  const text = [line, ...keywords].join(' ').toLowerCase();
  if (!wanted.split(/\s+/).every((word) => text.includes(word))) return 0;
  if (line.toLowerCase().startsWith(wanted)) return 1;
  return ` ${text}`.includes(` ${wanted}`) ? 0.8 : 0.5;
}
