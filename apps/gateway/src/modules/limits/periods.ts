// Owns when budgets begin anew: days, weeks and months of the configured zone, weeks at the hour that is set.
import type { BudgetPeriod, WeeklyReset } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';

export interface Period {
  /** Epoch ms; 0 where a budget never ends. */
  readonly startMs: number;
  /** Null where it never ends. */
  readonly endMs: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FOREVER: Period = { startMs: 0, endMs: null };

export class Periods {
  readonly #calendar: Calendar;
  /** The one asked for last, by its name: nearly every question is about now. */
  readonly #latest = new Map<string, Period>();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  at(every: BudgetPeriod, reset: WeeklyReset, atMs: number): Period {
    if (every === 'total') return FOREVER;
    const name = every === 'week' ? `week ${reset.day} ${reset.hour}` : every;
    const known = this.#latest.get(name);
    if (known !== undefined && atMs >= known.startMs && atMs < (known.endMs ?? 0)) return known;
    const period =
      every === 'day' ? this.#day(atMs) : every === 'month' ? this.#month(atMs) : this.#week(reset, atMs);
    this.#latest.set(name, period);
    return period;
  }

  #day(atMs: number): Period {
    return { startMs: this.#calendar.dayStartMs(atMs), endMs: this.#calendar.nextDayStartMs(atMs) };
  }

  #month(atMs: number): Period {
    const startMs = this.#calendar.monthStartMs(atMs);
    return { startMs, endMs: this.#calendar.monthStartMs(startMs + 32 * DAY_MS) };
  }

  #week(reset: WeeklyReset, atMs: number): Period {
    const monday = this.#calendar.weekStartMs(atMs);
    const turn = this.#resetIn(monday, reset);
    if (turn > atMs) return { startMs: this.#resetIn(this.#weekBefore(monday), reset), endMs: turn };
    return { startMs: turn, endMs: this.#resetIn(this.#weekAfter(monday), reset) };
  }

  /** The reset in the week that begins then. */
  #resetIn(monday: number, { day, hour }: WeeklyReset): number {
    let start = monday;
    for (let passed = 1; passed < day; passed += 1) start = this.#calendar.nextDayStartMs(start);
    return start + hour * HOUR_MS;
  }

  #weekBefore(monday: number): number {
    return this.#calendar.weekStartMs(monday - 1);
  }

  #weekAfter(monday: number): number {
    return this.#calendar.weekStartMs(monday + 8 * DAY_MS);
  }
}
