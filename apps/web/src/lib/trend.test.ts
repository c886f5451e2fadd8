import type { UsageRow } from '@crs/shared';
import { expect, test } from 'vitest';
import { fillTrend } from './trend';

function row(group: string, requests = 1): UsageRow {
  return {
    group,
    label: '',
    requests,
    attempts: requests,
    errors: 0,
    input: 5,
    cacheWrite5m: 10,
    cacheWrite1h: 20,
    cacheRead: 40,
    output: 80,
    costNanoUsd: 1,
    chargedNanoUsd: 1,
  };
}

test('hours without requests are drawn as zero, in order', () => {
  const filled = fillTrend([row('2026-07-03T12:00:00.000Z', 3)], {
    from: '2026-07-03T10:20:00.000Z',
    to: '2026-07-03T13:20:00.000Z',
    trendBy: 'hour',
    timeZone: 'UTC',
  });
  expect(filled.map(({ group, requests }) => [group.slice(11, 16), requests])).toEqual([
    ['10:00', 0],
    ['11:00', 0],
    ['12:00', 3],
  ]);
});

test('days begin in the zone of the server, one per day even when the clocks change', () => {
  // In Berlin the 25th of October 2026 has 25 hours.
  const filled = fillTrend([row('2026-10-24T22:00:00.000Z', 7), row('2026-10-25T23:00:00.000Z', 9)], {
    from: '2026-10-23T22:00:00.000Z',
    to: '2026-10-27T23:00:00.000Z',
    trendBy: 'day',
    timeZone: 'Europe/Berlin',
  });
  expect(filled.map(({ requests }) => requests)).toEqual([0, 7, 9, 0]);
});

test('a day that begins before the period keeps its figures', () => {
  const filled = fillTrend([row('2026-07-02T16:00:00.000Z', 4)], {
    from: '2026-07-03T10:00:00.000Z',
    to: '2026-07-04T10:00:00.000Z',
    trendBy: 'day',
    timeZone: 'Asia/Shanghai',
  });
  expect(filled.map(({ requests }) => requests)).toEqual([4, 0]);
});
