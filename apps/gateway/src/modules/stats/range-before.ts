// Owns which range a range is compared with: the one before it, of as many months or days where it is of whole ones. Pure.
import type { Calendar } from '../../platform/calendar.ts';
import type { TimeRange } from '../requests/index.ts';

const MOST_STEPS = 1000;

/** Ends where `range` begins. */
export function rangeBefore({ fromMs, toMs }: TimeRange, calendar: Calendar): TimeRange {
  const months = stepsBetween(fromMs, toMs, (atMs) => calendar.monthStartMs(atMs));
  if (months !== null) {
    return { fromMs: stepsBack(fromMs, months, (atMs) => calendar.monthStartMs(atMs)), toMs: fromMs };
  }
  const days = stepsBetween(fromMs, toMs, (atMs) => calendar.dayStartMs(atMs));
  if (days !== null) {
    return { fromMs: stepsBack(fromMs, days, (atMs) => calendar.dayStartMs(atMs)), toMs: fromMs };
  }
  return { fromMs: 2 * fromMs - toMs, toMs: fromMs };
}

/** How many whole periods the range is; null where it begins or ends within one. */
function stepsBetween(fromMs: number, toMs: number, startOf: (atMs: number) => number): number | null {
  if (startOf(fromMs) !== fromMs || startOf(toMs) !== toMs) return null;
  let [atMs, steps] = [toMs, 0];
  while (atMs > fromMs && steps < MOST_STEPS) {
    atMs = startOf(atMs - 1);
    steps += 1;
  }
  return atMs === fromMs ? steps : null;
}

function stepsBack(fromMs: number, steps: number, startOf: (atMs: number) => number): number {
  let atMs = fromMs;
  for (let step = 0; step < steps; step += 1) atMs = startOf(atMs - 1);
  return atMs;
}
