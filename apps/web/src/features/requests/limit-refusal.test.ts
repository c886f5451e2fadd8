import { expect, test } from 'vitest';
import { readLimitRefusal } from './limit-refusal';

test('a spent budget', () => {
  expect(
    readLimitRefusal(
      'This relay key allows USD 0.01 per day for the models claude-*: USD 0.0125 used, USD 0.001 reserved by running requests. It begins anew at 2026-03-02T00:00:00.000Z.',
    ),
  ).toEqual({
    owner: 'key',
    unit: 'usd',
    every: 'day',
    count: 1,
    models: 'claude-*',
    max: 10_000_000,
    used: 12_500_000,
    held: 1_000_000,
    needed: null,
    resetsAt: '2026-03-02T00:00:00.000Z',
    isTooLarge: false,
  });
});

test('a full window of the owner', () => {
  expect(
    readLimitRefusal(
      'The user of this relay key allows 1 request in 5 minutes: 1 request used. It frees at 2026-03-02T00:00:07.000Z (in 7 s).',
    ),
  ).toMatchObject({ owner: 'user', unit: 'requests', every: 'minute', count: 5, max: 1, used: 1, held: 0 });
});

test('more than all of a limit', () => {
  expect(
    readLimitRefusal(
      'This relay key allows USD 1 in total: USD 0 used, and this request needs up to USD 2.5. That is more than all of it: ask for less output, or have the limit raised.',
    ),
  ).toMatchObject({ every: 'total', needed: 2_500_000_000, isTooLarge: true, resetsAt: null });
});

test('other refusals are left as they are', () => {
  expect(readLimitRefusal('This relay key is switched off.')).toBeNull();
  expect(
    readLimitRefusal(
      'This relay key allows 2 requests at the same time, and as many are running; it frees when one of them ends.',
    ),
  ).toBeNull();
});
