// Owns the clocks of one attempt. A stream moves its deadline with every piece, so a deadline is a number and all of
// them share one timer, which is set anew only when it finds that it was early.

export type Clock = 'total' | 'stage' | 'client';

const NEVER = Number.POSITIVE_INFINITY;
/** Node's timers may be that much early. */
const SLACK_MS = 1;

export class AttemptTimers {
  readonly #onExpired: (clock: Clock) => void;
  readonly #deadlines: Record<Clock, number> = { total: NEVER, stage: NEVER, client: NEVER };
  #timer: NodeJS.Timeout | null = null;
  #firesAt = NEVER;

  constructor(onExpired: (clock: Clock) => void) {
    this.#onExpired = onExpired;
  }

  /** Starts the clock, or starts it over. */
  set(clock: Clock, inMs: number): void {
    const deadline = performance.now() + inMs;
    this.#deadlines[clock] = deadline;
    if (deadline < this.#firesAt) this.#arm(deadline, inMs);
  }

  clear(clock: Clock): void {
    this.#deadlines[clock] = NEVER;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Nothing starts again: later than any deadline is never.
    this.#firesAt = Number.NEGATIVE_INFINITY;
  }

  #arm(deadline: number, inMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#firesAt = deadline;
    this.#timer = setTimeout(() => this.#look(), inMs);
  }

  #look(): void {
    this.#timer = null;
    this.#firesAt = NEVER;
    const now = performance.now();
    for (const clock of ['total', 'stage', 'client'] as const) {
      if (this.#deadlines[clock] > now + SLACK_MS) continue;
      this.#deadlines[clock] = NEVER;
      this.#onExpired(clock);
    }
    const { total, stage, client } = this.#deadlines;
    const next = Math.min(total, stage, client);
    if (next < this.#firesAt) this.#arm(next, Math.max(0, next - now));
  }
}
