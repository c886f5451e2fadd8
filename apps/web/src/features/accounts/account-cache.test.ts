import type { Account } from '@crs/shared';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { accountKey, accountListKey, knownAccount, writeAccount } from './account-cache';

const account = (id: string, priority: number) => ({ id, priority }) as unknown as Account;

test('a changed account is written into every list that shows it and into its details, nowhere else', () => {
  const queries = new QueryClient();
  const lists = [
    [...accountListKey, { page: 1 }],
    [...accountListKey, { page: 2 }],
  ] as const;
  queries.setQueryData(lists[0], { items: [account('a', 1), account('b', 2)], total: 2 });
  queries.setQueryData(lists[1], { items: [account('c', 3)], total: 2 });
  queries.setQueryData(accountKey('a'), account('a', 1));
  const untouched = queries.getQueryData(lists[1]);

  writeAccount(queries, account('a', 9));

  expect(queries.getQueryData(lists[0])).toEqual({ items: [account('a', 9), account('b', 2)], total: 2 });
  expect(queries.getQueryData(lists[1])).toBe(untouched);
  expect(queries.getQueryData(accountKey('a'))).toEqual(account('a', 9));
  expect(queries.getQueryData(accountKey('b'))).toBeUndefined();
});

test('an account is known when some list has brought it', () => {
  const queries = new QueryClient();
  queries.setQueryData([...accountListKey, {}], { items: [account('a', 1)], total: 1 });
  expect(knownAccount(queries, 'a')).toEqual(account('a', 1));
  expect(knownAccount(queries, 'z')).toBeUndefined();
  expect(knownAccount(queries, null)).toBeUndefined();
});
