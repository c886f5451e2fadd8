import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AttemptTimers } from './attempt-timers.ts';

let expired: string[];
let timers: AttemptTimers;

beforeEach(() => {
  vi.useFakeTimers();
  expired = [];
  const startedAt = performance.now();
  timers = new AttemptTimers((clock) => expired.push(`${clock} ${performance.now() - startedAt}`));
});

afterEach(() => {
  vi.useRealTimers();
});

test('each clock expires once, at its own time', () => {
  timers.set('total', 1000);
  timers.set('stage', 300);
  timers.set('client', 100);
  vi.advanceTimersByTime(5000);
  expect(expired).toEqual(['client 100', 'stage 300', 'total 1000']);
});

test('a clock that is started over expires that much later, with one timer for all', () => {
  timers.set('total', 1000);
  timers.set('stage', 100);
  for (let piece = 0; piece < 5; piece += 1) {
    vi.advanceTimersByTime(90);
    timers.set('stage', 100);
    expect(vi.getTimerCount()).toBe(1);
  }
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(expired).toEqual(['stage 550']);
});

test('a cleared clock does not expire, and may be started again', () => {
  timers.set('stage', 100);
  timers.clear('stage');
  vi.advanceTimersByTime(200);
  timers.set('stage', 100);
  vi.advanceTimersByTime(200);
  expect(expired).toEqual(['stage 300']);
});

test('once stopped nothing expires, whatever is started', () => {
  timers.set('total', 100);
  timers.stop();
  timers.set('stage', 50);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(500);
  expect(expired).toEqual([]);
});

test('an expiry may stop the others', () => {
  timers = new AttemptTimers((clock) => {
    expired.push(clock);
    timers.stop();
  });
  timers.set('stage', 100);
  timers.set('total', 200);
  vi.advanceTimersByTime(500);
  expect(expired).toEqual(['stage']);
});
