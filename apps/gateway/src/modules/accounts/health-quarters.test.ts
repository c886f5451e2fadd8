import { expect, test } from 'vitest';
import { QUARTER_MS, quartersOf } from './health-quarters.ts';

const nowMs = Date.parse('2026-03-01T12:07:00.000Z');
const base = {
  past: { changes: [], isCut: false },
  figures: [],
  status: 'ready' as const,
  createdAtMs: 0,
  isOffAt: () => false,
  nowMs,
};
const change = (minutesAgo: number, from: string, to: string) => ({
  atMs: nowMs - minutesAgo * 60_000,
  from: from as 'ready',
  to: to as 'ready',
  reason: null,
  by: null,
  untilMs: null as number | null,
});

test('a day has 96 quarters, the last is the one that runs, and figures stand in their order', () => {
  const figures = Array.from({ length: 96 }, (_, index) => ({
    attempts: index,
    failures: index === 95 ? 2 : 0,
  }));
  const quarters = quartersOf({ ...base, figures });
  expect(quarters).toHaveLength(96);
  expect(quarters[0]).toEqual({
    at: '2026-02-28T12:15:00.000Z',
    requests: 0,
    failures: 0,
    status: 'ready',
  });
  expect(quarters[95]).toEqual({
    at: '2026-03-01T12:00:00.000Z',
    requests: 95,
    failures: 2,
    status: 'ready',
  });
});

test('each quarter has the worst state of its time, and a state lasts until the next change', () => {
  const changes = [
    change(20, 'cooling', 'ready'),
    change(21, 'ready', 'cooling'),
    change(120, 'needs-login', 'ready'),
  ];
  const statuses = quartersOf({ ...base, past: { changes, isCut: false } }).map(({ status }) => status);
  // Ended 20 minutes ago: within 11:45 to 12:00.
  expect(statuses.at(-1)).toBe('ready');
  expect(statuses.at(-2)).toBe('cooling');
  expect(statuses.at(-3)).toBe('ready');
  expect(statuses.at(-9)).toBe('needs-login');
  expect(statuses[0]).toBe('needs-login');
});

test('before it was added, and before the oldest change of a list that was cut, nothing is known', () => {
  const added = quartersOf({ ...base, createdAtMs: nowMs - QUARTER_MS });
  expect(added.filter(({ status }) => status !== null)).toHaveLength(2);
  const changes = [change(30, 'ready', 'cooling')];
  const cut = quartersOf({ ...base, past: { changes, isCut: true }, status: 'cooling' });
  expect(cut.filter(({ status }) => status !== null)).toHaveLength(3);
});

test('what ends by itself has ended then, though nobody told of it', () => {
  const paused = { ...change(120, 'ready', 'disabled'), untilMs: nowMs - 60 * 60_000 };
  const statuses = quartersOf({ ...base, past: { changes: [paused], isCut: false } }).map(
    ({ status }) => status,
  );
  expect(statuses.at(-9)).toBe('disabled');
  expect(statuses.at(-5)).toBe('disabled');
  expect(statuses.at(-4)).toBe('ready');
});

test('hours out of service show as such', () => {
  const noonMs = Date.parse('2026-03-01T12:00:00.000Z');
  const quarters = quartersOf({ ...base, isOffAt: (atMs) => atMs >= noonMs });
  expect(quarters.map(({ status }) => status).slice(-2)).toEqual(['ready', 'disabled']);
});
