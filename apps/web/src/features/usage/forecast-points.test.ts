import { expect, test } from 'vitest';
import { forecastPoints } from './forecast-points';

test('spend adds up to today, and from there two lines lead to the ends of the forecast', () => {
  const days = [
    { group: '2026-03-27T23:00:00.000Z', costNanoUsd: 100 },
    { group: '2026-03-28T23:00:00.000Z', costNanoUsd: 20 },
  ];
  const expected = {
    monthToDateNanoUsd: 130,
    lowNanoUsd: 150,
    highNanoUsd: 190,
    until: '2026-03-31T22:00:00.000Z',
  };
  // The 29th has 23 hours in Berlin.
  expect(forecastPoints(days, expected, 'Europe/Berlin')).toEqual([
    { category: '2026-03-27T23:00:00.000Z', values: { spent: 100, low: null, high: null } },
    { category: '2026-03-28T23:00:00.000Z', values: { spent: 130, low: 130, high: 130 } },
    { category: '2026-03-29T22:00:00.000Z', values: { spent: null, low: 140, high: 160 } },
    { category: '2026-03-30T22:00:00.000Z', values: { spent: null, low: 150, high: 190 } },
  ]);
  expect(forecastPoints([], expected, 'UTC')).toEqual([]);
});
