// Owns the figures of an account that are not answered as such. Pure.
import type { Account, Figures } from '@crs/shared';

type Window = Account['windows'][number];

/** Share of attempts that failed; null where there was none. */
export function errorShare({ attempts, errors }: Pick<Figures, 'attempts' | 'errors'>): number | null {
  return attempts === 0 ? null : errors / attempts;
}

/** From here on the share of failed attempts is shown as a warning. */
export const HIGH_ERROR_SHARE = 0.05;

/** Windows whose last report still holds and says something: one that started anew since then is no longer known. */
export function openWindows(windows: readonly Window[], nowMs: number): Window[] {
  return windows.filter(({ utilization, resetsAt }) =>
    resetsAt === null ? utilization !== null : Date.parse(resetsAt) > nowMs,
  );
}

/** The window nearest to its end; null where none tells its share. */
export function fullestWindow(windows: readonly Window[]): { name: string; utilization: number } | null {
  let fullest: { name: string; utilization: number } | null = null;
  for (const { name, utilization } of windows) {
    if (utilization !== null && (fullest === null || utilization > fullest.utilization)) {
      fullest = { name, utilization };
    }
  }
  return fullest;
}

/** Its administrator has it wait, and it resumes by itself. */
export function isPaused({ pausedUntil }: Pick<Account, 'pausedUntil'>, nowMs: number): boolean {
  return pausedUntil !== null && Date.parse(pausedUntil) > nowMs;
}
