// Owns the arithmetic of figures: changes against the period before, shares, sums of tokens.
import type { Figures } from '@crs/shared';

/** Growth against the period before, 0.25 for a quarter more; null when there was nothing to compare with. */
export function growth(
  current: number | null | undefined,
  previous: number | null | undefined,
): number | null {
  if (current === null || current === undefined || previous === null || previous === undefined) return null;
  return previous === 0 ? null : (current - previous) / Math.abs(previous);
}

/** Failed requests of all, 0 to 1; null without requests. */
export function errorShare({ requests, errors }: Pick<Figures, 'requests' | 'errors'>): number | null {
  return requests === 0 ? null : errors / requests;
}

type Buckets = Pick<Figures, 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h'>;

export function cacheTokens(figures: Buckets): number {
  return figures.cacheRead + figures.cacheWrite5m + figures.cacheWrite1h;
}

export function allTokens(figures: Buckets): number {
  return figures.input + figures.output + cacheTokens(figures);
}
