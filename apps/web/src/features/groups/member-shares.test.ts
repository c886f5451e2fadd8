import type { Account } from '@crs/shared';
import { expect, test } from 'vitest';
import { memberShares } from './member-shares';

const account = (requests: number) => ({ usage: { today: { requests } } }) as Account;

test('members share the requests of today; without any there is no share', () => {
  expect(memberShares([account(3), account(1)]).map(({ share }) => share)).toEqual([0.75, 0.25]);
  expect(memberShares([account(0), account(0)]).map(({ share }) => share)).toEqual([null, null]);
});
