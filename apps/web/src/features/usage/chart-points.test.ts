import { expect, test } from 'vitest';
import { greatest, needsOthers, OTHERS, partsOf, plainPoints, seriesKey, splitPoints } from './chart-points';
import { changeOf, shareOf, valueOf } from './measures';
import type { UsageTableRow } from './use-usage';

function row(group: string, requests: number, parts: Partial<UsageTableRow> = {}): UsageTableRow {
  return {
    group,
    label: '',
    requests,
    attempts: requests,
    errors: 0,
    input: requests * 10,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: 0,
    costNanoUsd: requests * 100,
    chargedNanoUsd: requests * 100,
    cacheSavingsNanoUsd: -5,
    errorsByClass: { rateLimited: 0, clientError: 0, serverError: 0, noAnswer: 0 },
    latency: { requests: 0, durationMs: null, firstEventMs: null },
    change: null,
    ...parts,
  };
}

test('requests are drawn as what became of them, and the parts add up', () => {
  const errorsByClass = { rateLimited: 1, clientError: 2, serverError: 3, noAnswer: 4 };
  const [point] = plainPoints('requests', [row('a', 30, { errors: 10, errorsByClass })]);
  expect(point?.values).toEqual({
    answered: 20,
    rateLimited: 1,
    clientError: 2,
    serverError: 3,
    noAnswer: 4,
  });
});

test('where nothing was measured there is a gap, not a nought', () => {
  const [point] = plainPoints('duration', [row('a', 3)]);
  expect(point?.values).toEqual({ p50: null, p95: null, p99: null });
  expect(valueOf('errors', row('a', 0))).toBeNull();
});

test('what no series stands for belongs to the others', () => {
  const rows = [row('a', 10, { parts: [row('m', 6), null] }), row('b', 2, { parts: [null, row('n', 2)] })];
  const series = [
    { id: 'm', label: 'm' },
    { id: 'n', label: 'n' },
  ];
  const points = splitPoints('cost', { rows, series });
  expect(points.map(({ values }) => values)).toEqual([
    { [seriesKey('m')]: 600, [seriesKey('n')]: null, [OTHERS]: 400 },
    { [seriesKey('m')]: null, [seriesKey('n')]: 200, [OTHERS]: 0 },
  ]);
  expect(needsOthers(points)).toBe(true);
  // Times and shares have no rest.
  expect(splitPoints('duration', { rows, series })[0]?.values).not.toHaveProperty(OTHERS);
});

test('bars are the greatest, and what is nothing is none', () => {
  const rows = [row('none', 0), ...Array.from({ length: 20 }, (_, index) => row(String(index), index + 1))];
  expect(greatest('requests', rows).map(({ group }) => group)).toEqual([
    '19',
    '18',
    '17',
    '16',
    '15',
    '14',
    '13',
    '12',
    '11',
    '10',
    '9',
    '8',
  ]);
});

test('shares are of what can be added up; changes need something before', () => {
  const total = row('total', 40);
  expect(shareOf('requests', row('a', 10), total)).toBe(0.25);
  expect(shareOf('errors', row('a', 10), total)).toBeNull();
  expect(shareOf('savings', row('a', 10), total)).toBeNull();
  expect(changeOf('cost', row('a', 15), row('a', 10))).toBe(0.5);
  expect(changeOf('duration', row('a', 15), row('a', 10))).toBeNull();
  expect(partsOf('savings')).toHaveLength(1);
});
