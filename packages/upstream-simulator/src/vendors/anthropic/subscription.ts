// The windows of a Claude subscription, for the headers of its answers and for what it says of its use.
import { seededInteger } from '../../seed.ts';

export const FIVE_HOURS_SECONDS = 5 * 3600;
export const SEVEN_DAYS_SECONDS = 7 * 86_400;

/** What was used before the simulator started, as a fraction of the five hours; `id` is the account and its token. */
export function startUtilization(id: string): number {
  return seededInteger(`utilization ${id}`, 30) / 100;
}

/** Epoch seconds; windows follow each other without a gap. */
export function windowEndSeconds(nowMs: number, lengthSeconds: number): number {
  return (Math.floor(nowMs / 1000 / lengthSeconds) + 1) * lengthSeconds;
}
