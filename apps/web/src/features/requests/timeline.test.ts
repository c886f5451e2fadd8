import { expect, test } from 'vitest';
import { segmentsOf, timePerPhase } from './timeline';

const event = (name: string, atMs: number) => ({ event: name, atMs, detail: null });

const failedOver = [
  event('admitted', 2),
  event('routed', 3),
  event('sent', 4),
  event('routed', 704),
  event('sent', 705),
  event('first_event', 1205),
  event('ended', 3205),
];

test('the phases of a request that went to a second account cover its time without gaps', () => {
  const segments = segmentsOf(failedOver, 3205);
  expect(segments.map(({ phase }) => phase)).toEqual([
    'admit',
    'route',
    'upstream',
    'route',
    'upstream',
    'stream',
  ]);
  expect(segments[0]?.startMs).toBe(0);
  expect(segments.at(-1)?.endMs).toBe(3205);
  expect(segments.slice(1).map(({ startMs }) => startMs)).toEqual(
    segments.slice(0, -1).map(({ endMs }) => endMs),
  );
});

test('time per phase adds up to the whole', () => {
  const perPhase = timePerPhase(segmentsOf(failedOver, 3205));
  expect(perPhase).toEqual([
    { phase: 'admit', ms: 2 },
    { phase: 'route', ms: 3 },
    { phase: 'upstream', ms: 1200 },
    { phase: 'stream', ms: 2000 },
  ]);
});

test('a refused request spent all its time on admission, one without events too', () => {
  expect(segmentsOf([event('ended', 2)], 2)).toEqual([{ phase: 'admit', startMs: 0, endMs: 2 }]);
  expect(segmentsOf([event('admitted', 1)], 2)).toEqual([{ phase: 'admit', startMs: 0, endMs: 2 }]);
  expect(segmentsOf([], 5)).toEqual([{ phase: 'admit', startMs: 0, endMs: 5 }]);
});

test('the end that was written down counts, not the rounded duration', () => {
  expect(segmentsOf([event('sent', 1), event('ended', 9.4)], 10).at(-1)).toEqual({
    phase: 'upstream',
    startMs: 1,
    endMs: 9.4,
  });
});

test('an event of a later gateway does not end the phase it falls into', () => {
  expect(segmentsOf([event('sent', 1), event('retried', 5), event('ended', 9)], 9)).toEqual([
    { phase: 'admit', startMs: 0, endMs: 1 },
    { phase: 'upstream', startMs: 1, endMs: 9 },
  ]);
});
