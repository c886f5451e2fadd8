// When the requests of the past came: on working days more than on others, at work more than at night, and more from
// week to week.
import type { Calendar } from '../../../../apps/gateway/src/platform/calendar.ts';
import { habits, turnsOf } from '../habits.ts';
import { around, countAround, type Random } from '../random.ts';
import type { SampleKey } from '../sample-keys.ts';

/** So that a month has one before it to be compared with. */
export const HISTORY_DAYS = 65;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What the last day has of the first one's requests. */
const GROWTH = 2.4;
/** Of what the keys' traffic says: enough to look at, made in seconds. */
const SHARE = 0.75;
/** No conversation of the past reaches into the present. */
const QUIET_END_MS = 20_000;

/** By the hour of a working day; 1 is the busiest. */
const TEAM_HOURS = [
  0.03, 0.02, 0.01, 0.01, 0.01, 0.02, 0.06, 0.18, 0.5, 0.85, 1, 0.95, 0.6, 0.75, 0.98, 1, 0.92, 0.75, 0.45,
  0.26, 0.2, 0.16, 0.1, 0.06,
];
/** Customers come in the evening too. */
const SERVICE_HOURS = [
  0.25, 0.18, 0.14, 0.12, 0.14, 0.2, 0.32, 0.5, 0.7, 0.85, 0.95, 1, 0.95, 0.92, 0.95, 1, 0.95, 0.9, 0.85, 0.8,
  0.72, 0.6, 0.45, 0.32,
];
const WEEKEND = { team: 0.1, service: 0.62 } as const;

interface Conversation {
  readonly key: SampleKey;
  readonly id: number;
  readonly turns: number;
}

export interface Arrival {
  readonly atMs: number;
  readonly conversation: Conversation;
  /** From 0. */
  readonly turn: number;
}

/** Oldest first. `nowMs` is the end; the same `random` gives the same past. */
export function arrivals(
  keys: readonly SampleKey[],
  nowMs: number,
  calendar: Calendar,
  random: Random,
): Arrival[] {
  const found: Arrival[] = [];
  const firstMs = calendar.dayStartMs(nowMs - (HISTORY_DAYS - 1) * DAY_MS);
  let mood = 1;
  let dayMs = -1;
  let conversations = 0;
  for (let hourMs = firstMs; hourMs < nowMs; hourMs += HOUR_MS) {
    if (calendar.dayStartMs(hourMs) !== dayMs) {
      dayMs = calendar.dayStartMs(hourMs);
      mood = 0.85 + 0.3 * random();
    }
    const busy = SHARE * mood * GROWTH ** ((hourMs - nowMs) / (HISTORY_DAYS * DAY_MS));
    for (const key of keys) {
      const { perHour, rhythm, habit: habitName, fromDaysAgo = HISTORY_DAYS, untilDaysAgo = 0 } = key.traffic;
      if (hourMs < nowMs - fromDaysAgo * DAY_MS || hourMs >= nowMs - untilDaysAgo * DAY_MS) continue;
      const habit = habits[habitName];
      const mean = (habit.turns[0] + habit.turns[1]) / 2;
      const expected = (perHour * busy * shareOfHour(hourMs, rhythm, calendar)) / mean;
      for (let left = countAround(expected, random); left > 0; left -= 1) {
        const conversation = { key, id: conversations, turns: turnsOf(habit, random) };
        conversations += 1;
        let atMs = hourMs + Math.floor(random() * HOUR_MS);
        for (let turn = 0; turn < conversation.turns && atMs < nowMs - QUIET_END_MS; turn += 1) {
          found.push({ atMs, conversation, turn });
          atMs += Math.round(around(habit.pauseSeconds * 1000, random));
        }
      }
    }
  }
  return found.sort((one, other) => one.atMs - other.atMs);
}

function shareOfHour(hourMs: number, rhythm: 'team' | 'service', calendar: Calendar): number {
  const hour = Math.floor((hourMs - calendar.dayStartMs(hourMs)) / HOUR_MS) % 24;
  const share = (rhythm === 'team' ? TEAM_HOURS : SERVICE_HOURS)[hour] ?? 0;
  return isWeekend(hourMs, calendar) ? share * WEEKEND[rhythm] : share;
}

function isWeekend(atMs: number, calendar: Calendar): boolean {
  return [0, 6].includes(new Date(`${calendar.dayKey(atMs)}T12:00:00Z`).getUTCDay());
}

/** Less than two hours in the middle of a working day, three days ago or as little more as it takes. */
export function outageOf(nowMs: number, calendar: Calendar): { fromMs: number; untilMs: number } {
  let dayMs = calendar.dayStartMs(nowMs - 3 * DAY_MS);
  while (isWeekend(dayMs, calendar)) dayMs = calendar.dayStartMs(dayMs - 1);
  const fromMs = dayMs + 10.25 * HOUR_MS;
  return { fromMs, untilMs: fromMs + 105 * 60_000 };
}
