import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../platform/calendar.ts';
import { accountDocument } from '../../../test/account-document.ts';
import { Pauses, pauseOf } from './pauses.ts';

const berlin = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
const office = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '09:00', to: '18:00' }].map(
  (span) => ({ ...span, days: [...span.days] }),
);

function until(fields: Partial<Parameters<typeof pauseOf>[0]>, at: string): string | null {
  const rest = pauseOf({ pausedUntil: null, serviceHours: [], ...fields }, berlin, Date.parse(at));
  return rest === null ? null : new Date(rest.untilMs).toISOString();
}

describe('hours of the week', () => {
  test('hold in the zone of the gateway, to the minute', () => {
    // 2026-01-05 is a Monday; Berlin is an hour ahead of UTC.
    expect(until({ serviceHours: office }, '2026-01-05T07:59:59Z')).toBe('2026-01-05T08:00:00.000Z');
    expect(until({ serviceHours: office }, '2026-01-05T08:00:00Z')).toBeNull();
    expect(until({ serviceHours: office }, '2026-01-05T16:59:59Z')).toBeNull();
    expect(until({ serviceHours: office }, '2026-01-05T17:00:00Z')).toBe('2026-01-06T08:00:00.000Z');
    expect(until({ serviceHours: office }, '2026-01-09T17:00:00Z')).toBe('2026-01-12T08:00:00.000Z');
  });

  test('may go over midnight and over the end of the week', () => {
    const nights = [{ days: ['sun' as const], from: '22:00', to: '06:00' }];
    expect(until({ serviceHours: nights }, '2026-01-04T22:30:00Z')).toBeNull();
    expect(until({ serviceHours: nights }, '2026-01-05T04:59:00Z')).toBeNull();
    expect(until({ serviceHours: nights }, '2026-01-05T05:00:00Z')).toBe('2026-01-11T21:00:00.000Z');
    const days = [{ days: ['sat' as const], from: '00:00', to: '24:00' }];
    expect(until({ serviceHours: days }, '2026-01-10T22:59:00Z')).toBeNull();
    expect(until({ serviceHours: days }, '2026-01-10T23:00:00Z')).toBe('2026-01-16T23:00:00.000Z');
  });

  test('begin by the clock on the wall, when that is put forward or back meanwhile', () => {
    // Clocks go forward on 2026-03-29 and back on 2026-10-25, both Sundays.
    expect(until({ serviceHours: office }, '2026-03-27T17:00:00Z')).toBe('2026-03-30T07:00:00.000Z');
    expect(until({ serviceHours: office }, '2026-10-23T16:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  });
});

test('a pause ends by itself, or with the first hour of service after it', () => {
  const pausedUntil = '2026-01-05T12:30:00.000Z';
  expect(until({ pausedUntil }, '2026-01-05T12:00:00Z')).toBe(pausedUntil);
  expect(until({ pausedUntil }, '2026-01-05T12:30:00Z')).toBeNull();
  const weekend = '2026-01-10T12:00:00.000Z';
  expect(until({ pausedUntil: weekend, serviceHours: office }, '2026-01-05T12:00:00Z')).toBe(
    '2026-01-12T08:00:00.000Z',
  );
});

test('what is remembered of an account is never older than a minute, nor than its pause', () => {
  const pauses = new Pauses(berlin);
  const account = accountDocument({ pausedUntil: '2026-01-05T12:00:30.000Z', serviceHours: office });
  const at = (time: string): string | null => pauses.rest(account, Date.parse(time))?.reason ?? null;
  expect(at('2026-01-05T12:00:00Z')).toBe('Paused until 2026-01-05T12:00:30.000Z');
  expect(at('2026-01-05T12:00:29.999Z')).toBe('Paused until 2026-01-05T12:00:30.000Z');
  expect(at('2026-01-05T12:00:30Z')).toBeNull();
  expect(at('2026-01-05T16:59:59Z')).toBeNull();
  expect(at('2026-01-05T17:00:00Z')).toBe('Outside its hours until 2026-01-06T08:00:00.000Z');
});
