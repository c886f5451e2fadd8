// Owns the arithmetic of the histogram: which bar lies under the pointer, and what time some bars are. Pure.
import type { RequestHistogram } from '@crs/shared';

export type Bar = RequestHistogram['bars'][number];

export function sumOf({ success, clientError, serverError, none }: Bar): number {
  return success + clientError + serverError + none;
}

export function peakOf(bars: readonly Bar[]): number {
  return bars.reduce((peak, bar) => Math.max(peak, sumOf(bar)), 0);
}

/** Index of the bar at so many pixels from the left; the nearest one outside of the field. */
export function barAt(offsetPx: number, widthPx: number, count: number): number {
  if (widthPx <= 0) return 0;
  return Math.min(count - 1, Math.max(0, Math.floor((offsetPx / widthPx) * count)));
}

/** From the begin of the first bar to the end of the last. */
export function selectionOf(
  bars: readonly Bar[],
  stepMs: number,
  first: number,
  last: number,
): { from: string; to: string } {
  const from = bars[first]?.at ?? '';
  const lastMs = Date.parse(bars[last]?.at ?? from);
  return { from, to: new Date(lastMs + stepMs).toISOString() };
}
