import { expect, test } from 'vitest';
import { sessionEnd } from './session-life';

const HOUR_MS = 3_600_000;
const now = Date.UTC(2026, 0, 1);
const iso = (ms: number) => new Date(ms).toISOString();
const times = {
  server: { now: iso(now) },
  expiresAt: iso(now + 12 * HOUR_MS),
  endsAt: iso(now + 20 * HOUR_MS),
};

test('each use puts the end off, until the session ends however much it is used', () => {
  expect(sessionEnd(times, 0)).toEqual({ atMs: now + 12 * HOUR_MS, isFinal: false });
  expect(sessionEnd(times, now + 5 * HOUR_MS)).toEqual({ atMs: now + 17 * HOUR_MS, isFinal: false });
  expect(sessionEnd(times, now + 8 * HOUR_MS)).toEqual({ atMs: now + 20 * HOUR_MS, isFinal: true });
  expect(sessionEnd(times, now + 19 * HOUR_MS)).toEqual({ atMs: now + 20 * HOUR_MS, isFinal: true });
});

test('a session that was read shortly before its last end says so', () => {
  const late = { ...times, expiresAt: times.endsAt, server: { now: iso(now + 19 * HOUR_MS) } };
  expect(sessionEnd(late, now + 19 * HOUR_MS)).toEqual({ atMs: now + 20 * HOUR_MS, isFinal: true });
});
