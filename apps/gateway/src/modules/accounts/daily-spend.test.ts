import { expect, test } from 'vitest';
import { accountDocument } from '../../../test/account-document.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { DailySpend } from './daily-spend.ts';

const NOON_MS = Date.parse('2026-03-01T12:00:00Z');
const MIDNIGHT_MS = Date.parse('2026-03-02T00:00:00Z');
const USD = 1_000_000_000;
const limited = accountDocument({ id: 'limited', dailyUsd: 2.5 });
const free = accountDocument({ id: 'free' });

function start() {
  const clock = { nowMs: NOON_MS, now: () => clock.nowMs };
  const books = { spent: 0, asked: [] as (readonly string[])[], isDown: false };
  const errors: unknown[] = [];
  const spend = new DailySpend({
    calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
    clock,
    spentToday: async (ids) => {
      if (books.isDown) throw new Error('no answer');
      books.asked.push(ids);
      return ids.map(() => books.spent);
    },
    documents: () => [limited, free],
    onError: (error) => errors.push(error),
  });
  return { spend, clock, books, errors };
}

test('an account whose quota is used up rests until the day turns', async () => {
  const { spend, clock, books } = start();
  books.spent = 2.5 * USD - 1;
  await spend.refresh();
  expect(spend.rest(limited, clock.nowMs)).toBeNull();
  spend.add(limited, 1, clock.nowMs);
  expect(spend.rest(limited, clock.nowMs)).toEqual({
    untilMs: MIDNIGHT_MS,
    reason: 'its daily quota of USD 2.5 is used up',
  });
  expect(spend.rest(limited, MIDNIGHT_MS + 5000)).toBeNull();
});

test('what other replicas spent counts as soon as it is on the books', async () => {
  const { spend, clock, books } = start();
  await spend.refresh();
  expect(spend.rest(limited, clock.nowMs)).toBeNull();
  books.spent = 3 * USD;
  await spend.refresh();
  expect(spend.rest(limited, clock.nowMs)).not.toBeNull();
});

test('own costs are not counted twice once they are on the books', async () => {
  const { spend, clock, books } = start();
  await spend.refresh();
  spend.add(limited, 2 * USD, clock.nowMs);
  clock.nowMs += 4000;
  books.spent = 2 * USD;
  await spend.refresh();
  expect(spend.rest(limited, clock.nowMs)).toBeNull();
  spend.add(limited, 0.5 * USD, clock.nowMs);
  expect(spend.rest(limited, clock.nowMs)).not.toBeNull();
});

test('only accounts with a quota are asked for, and nothing is counted of the others', async () => {
  const { spend, clock, books } = start();
  await spend.refresh();
  expect(books.asked).toEqual([['limited']]);
  spend.add(free, 1000 * USD, clock.nowMs);
  expect(spend.rest(free, clock.nowMs)).toBeNull();
});

test('while the books do not answer, what is known still holds', async () => {
  const { spend, clock, books, errors } = start();
  books.spent = 3 * USD;
  await spend.refresh();
  books.isDown = true;
  await spend.refresh();
  expect(errors).toHaveLength(1);
  expect(spend.rest(limited, clock.nowMs)).not.toBeNull();
});
