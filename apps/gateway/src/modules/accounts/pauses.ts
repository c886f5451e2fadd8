// Owns when an account does not serve by its administrator's own wish: a pause with an end, hours of the week.
import { type ServiceHours, weekdays } from '@crs/shared';
import { type Calendar, WEEK_MINUTES } from '../../platform/calendar.ts';
import type { AccountDocument } from './document.ts';
import type { Rest } from './health-state.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = WEEK_MINUTES / 7;

type Wishes = Pick<AccountDocument, 'pausedUntil' | 'serviceHours'>;

/** Asked for every account a request may go to: answered from memory, worked out once a minute. */
export class Pauses {
  readonly #calendar: Calendar;
  readonly #known = new WeakMap<
    Wishes,
    { readonly fromMs: number; readonly toMs: number; rest: Rest | null }
  >();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** Until when it does not serve, and why; null = it does. */
  rest(account: Wishes, nowMs: number): Rest | null {
    if (account.pausedUntil === null && account.serviceHours.length === 0) return null;
    const known = this.#known.get(account);
    if (known !== undefined && known.fromMs <= nowMs && nowMs < known.toMs) return known.rest;
    const rest = pauseOf(account, this.#calendar, nowMs);
    // Hours begin and end with whole minutes.
    const fromMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const toMs = Math.min(fromMs + MINUTE_MS, rest?.untilMs ?? Number.POSITIVE_INFINITY);
    this.#known.set(account, { fromMs, toMs, rest });
    return rest;
  }
}

/** As `Pauses`, from the beginning. */
export function pauseOf(
  { pausedUntil, serviceHours }: Wishes,
  calendar: Calendar,
  nowMs: number,
): Rest | null {
  const pauseEndsMs = pausedUntil === null ? 0 : Date.parse(pausedUntil);
  const isPaused = pauseEndsMs > nowMs;
  const untilMs = nextOpening(serviceHours, calendar, isPaused ? pauseEndsMs : nowMs);
  if (untilMs <= nowMs) return null;
  const until = new Date(untilMs).toISOString();
  return { untilMs, reason: isPaused ? `Paused until ${until}` : `Outside its hours until ${until}` };
}

/** That very moment where the hours hold then. */
function nextOpening(hours: ServiceHours, calendar: Calendar, atMs: number): number {
  if (hours.length === 0) return atMs;
  const minute = calendar.weekMinute(atMs);
  let waitMinutes = WEEK_MINUTES;
  for (const { days, from, to } of hours) {
    for (const day of days) {
      const start = weekdays.indexOf(day) * DAY_MINUTES + minuteOfDay(from);
      const length = (minuteOfDay(to) - minuteOfDay(from) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
      if (since(start, minute) < length) return atMs;
      waitMinutes = Math.min(waitMinutes, since(minute, start));
    }
  }
  const openingMs = (Math.floor(atMs / MINUTE_MS) + waitMinutes) * MINUTE_MS;
  // A clock that is put forward or back on the way moves it.
  const isEarlyBy = since(calendar.weekMinute(openingMs), (minute + waitMinutes) % WEEK_MINUTES);
  const shift = isEarlyBy > WEEK_MINUTES / 2 ? isEarlyBy - WEEK_MINUTES : isEarlyBy;
  return openingMs + shift * MINUTE_MS;
}

/** Minutes from one minute of the week to another one, forward. */
function since(from: number, to: number): number {
  return (to - from + WEEK_MINUTES) % WEEK_MINUTES;
}

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
