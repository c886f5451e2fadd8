// Owns days, weeks and months in the operator's zone. Hours are UTC hours: roll-ups by the hour must not double or
// vanish when a clock is put back or forward.
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAY_MINUTES = 24 * 60;
export const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A fixed distance from UTC, or an IANA zone with its daylight saving rules. */
export type Timezone =
  | { readonly type: 'offset'; readonly offsetMinutes: number }
  | { readonly type: 'zone'; readonly name: string };

export interface Calendar {
  /** `UTC+8`, `Europe/Berlin`. */
  readonly label: string;
  /** `YYYY-MM-DD` of the day that holds this instant. */
  dayKey(atMs: number): string;
  /** First instant of that day; where a day begins at 01:00, that. */
  dayStartMs(atMs: number): number;
  nextDayStartMs(atMs: number): number;
  /** Weeks begin on Monday. */
  weekStartMs(atMs: number): number;
  monthStartMs(atMs: number): number;
  hourStartMs(atMs: number): number;
  /** Minutes since Monday 00:00 as the clocks on the wall show them. */
  weekMinute(atMs: number): number;
}

export function createCalendar(timezone: Timezone): Calendar {
  const offsetMsAt =
    timezone.type === 'offset' ? () => timezone.offsetMinutes * MINUTE_MS : zoneOffset(timezone.name);
  let day = dayOf(0, offsetMsAt);
  const at = (atMs: number): Day => {
    // Nearly every call is about today.
    if (atMs < day.startMs || atMs >= day.endMs) day = dayOf(atMs, offsetMsAt);
    return day;
  };
  const startOf = (dayNumber: number): number => firstInstant(dayNumber, offsetMsAt);
  return {
    label: timezone.type === 'offset' ? offsetLabel(timezone.offsetMinutes) : timezone.name,
    dayKey: (atMs) => at(atMs).key,
    dayStartMs: (atMs) => at(atMs).startMs,
    nextDayStartMs: (atMs) => at(atMs).endMs,
    // Day 0 of the epoch was a Thursday.
    weekStartMs: (atMs) => startOf(at(atMs).number - ((((at(atMs).number + 3) % 7) + 7) % 7)),
    monthStartMs: (atMs) => startOf(at(atMs).number - (Number(at(atMs).key.slice(8)) - 1)),
    hourStartMs: (atMs) => Math.floor(atMs / HOUR_MS) * HOUR_MS,
    weekMinute: (atMs) => {
      const minutes = Math.floor((atMs + offsetMsAt(atMs)) / MINUTE_MS);
      return (((minutes + 3 * DAY_MINUTES) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
    },
  };
}

interface Day {
  /** Days since 1970-01-01 in the zone's own reckoning. */
  readonly number: number;
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}

function dayOf(atMs: number, offsetMsAt: (atMs: number) => number): Day {
  const number = dayNumberAt(atMs, offsetMsAt);
  return {
    number,
    key: new Date(number * DAY_MS).toISOString().slice(0, 10),
    startMs: firstInstant(number, offsetMsAt),
    endMs: firstInstant(number + 1, offsetMsAt),
  };
}

function dayNumberAt(atMs: number, offsetMsAt: (atMs: number) => number): number {
  return Math.floor((atMs + offsetMsAt(atMs)) / DAY_MS);
}

/** Searched, not computed: midnight may not exist, or may come twice. Zones change by whole minutes. */
function firstInstant(wantedDay: number, offsetMsAt: (atMs: number) => number): number {
  const nominalMs = wantedDay * DAY_MS;
  let low = (nominalMs - 27 * HOUR_MS) / MINUTE_MS;
  let high = (nominalMs + 27 * HOUR_MS) / MINUTE_MS;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dayNumberAt(middle * MINUTE_MS, offsetMsAt) >= wantedDay) high = middle;
    else low = middle + 1;
  }
  return low * MINUTE_MS;
}

function zoneOffset(name: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wallMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wallMs - Math.floor(atMs / 1000) * 1000;
  };
}

function offsetLabel(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest}`;
}
