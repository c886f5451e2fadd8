import { expect, test } from 'vitest';
import { createCalendar } from '../../platform/calendar.ts';
import { limitedMeters, type Meter, readMeterId, weekMeter } from './meters.ts';
import { Periods } from './periods.ts';

const berlin = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
const at = (text: string): number => Date.parse(text);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

test.each([
  [
    'day',
    { day: 1, hour: 0 },
    '2026-03-29T12:00:00Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ],
  [
    'month',
    { day: 1, hour: 0 },
    '2026-03-31T12:00:00Z',
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ],
  [
    'week',
    { day: 1, hour: 0 },
    '2026-11-11T12:00:00Z',
    '2026-11-08T23:00:00.000Z',
    '2026-11-15T23:00:00.000Z',
  ],
  [
    'week',
    { day: 5, hour: 9 },
    '2026-11-13T07:59:59Z',
    '2026-11-06T08:00:00.000Z',
    '2026-11-13T08:00:00.000Z',
  ],
  [
    'week',
    { day: 5, hour: 9 },
    '2026-11-13T08:00:00Z',
    '2026-11-13T08:00:00.000Z',
    '2026-11-20T08:00:00.000Z',
  ],
  [
    'week',
    { day: 7, hour: 23 },
    '2026-11-09T00:00:00Z',
    '2026-11-08T22:00:00.000Z',
    '2026-11-15T22:00:00.000Z',
  ],
  ['total', { day: 1, hour: 0 }, '2026-11-09T00:00:00Z', '1970-01-01T00:00:00.000Z', null],
] as const)('the %s with reset %j that holds %s begins %s and ends %s', (every, reset, when, start, end) => {
  const periods = new Periods(berlin);
  const period = periods.at(every, reset, at(when));
  expect([iso(period.startMs), iso(period.endMs)]).toEqual([start, end]);
  // What is remembered of one instant holds for the others of its period, and not beyond.
  expect(periods.at(every, reset, at(when))).toBe(period);
  const next = periods.at(every, reset, period.endMs ?? at(when));
  expect(next.startMs).toBe(period.endMs ?? 0);
});

test('a meter can be read back from its id', () => {
  const policy = {
    concurrency: 0,
    weeklyReset: { day: 3, hour: 7 },
    windows: [
      { every: 'hour' as const, count: 5, requests: 1, tokens: 2, usd: 3 },
      { every: 'day' as const, count: 1, tokens: 9, models: ['b:|,*', 'a'] },
    ],
    budgets: [
      { every: 'week' as const, usd: 1, models: ['claude-*'] },
      { every: 'total' as const, usd: 2 },
    ],
  };
  const meters = limitedMeters(policy);
  expect(meters.map(({ id }) => id)).toEqual([
    'b:week:3:7:claude-*',
    'b:total',
    'w:hour:5:usd',
    'w:hour:5:tokens',
    'w:hour:5:requests',
    'w:day:1:tokens:a,b%3A%7C%2C*',
  ]);
  const unlimited: Meter[] = meters.map(({ max: _max, ...meter }) => meter);
  const read = unlimited.map(({ id }) => readMeterId(id));
  expect(read.map((meter) => ({ ...meter, models: meter?.models?.toSorted() ?? null }))).toEqual(
    unlimited.map((meter) => ({ ...meter, models: meter.models?.toSorted() ?? null })),
  );
  expect(readMeterId(weekMeter(policy).id)).toEqual(weekMeter(policy));
  for (const id of ['', 'b:year', 'w:minute:x:usd', 'w:minute:1:pears']) expect(readMeterId(id)).toBeNull();
});

test('the same limit twice is the smaller one', () => {
  const budgets = [
    { every: 'day' as const, usd: 2 },
    { every: 'day' as const, usd: 1 },
  ];
  const policy = { concurrency: 0, windows: [], budgets, weeklyReset: { day: 1, hour: 0 } };
  expect(limitedMeters(policy)).toMatchObject([{ max: 1_000_000_000 }]);
});
