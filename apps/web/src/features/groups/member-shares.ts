// Owns how the traffic of a group is shared by its members. Pure.
import type { Account } from '@crs/shared';

export interface MemberShare {
  account: Account;
  /** Of the group's requests today; null where there was none. */
  share: number | null;
}

export function memberShares(accounts: readonly Account[]): MemberShare[] {
  const total = accounts.reduce((sum, { usage }) => sum + usage.today.requests, 0);
  return accounts.map((account) => ({
    account,
    share: total === 0 ? null : account.usage.today.requests / total,
  }));
}
