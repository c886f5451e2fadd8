// Owns the figures of an account that are not answered as such.
import type { Figures } from '@crs/shared';

/** Share of attempts that failed; null where there was none. */
export function errorShare({ attempts, errors }: Pick<Figures, 'attempts' | 'errors'>): number | null {
  return attempts === 0 ? null : errors / attempts;
}

/** From here on the share of failed attempts is shown as a warning. */
export const HIGH_ERROR_SHARE = 0.05;
