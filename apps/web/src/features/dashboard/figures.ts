// Owns the arithmetic of the dashboard: changes against the period before, and shares.
import type { Figures } from '@crs/shared';

/** Growth against the period before, 0.25 for a quarter more; null when there was nothing to compare with. */
export function growth(current: number, previous: number): number | null {
  return previous === 0 ? null : (current - previous) / previous;
}

/** Failed requests of all, 0 to 1; null without requests. */
export function errorShare({ requests, errors }: Figures): number | null {
  return requests === 0 ? null : errors / requests;
}

export function cacheTokens(figures: Figures): number {
  return figures.cacheRead + figures.cacheWrite5m + figures.cacheWrite1h;
}

export function allTokens(figures: Figures): number {
  return figures.input + figures.output + cacheTokens(figures);
}
