// Owns the accounts in the browser's memory: their cache keys, and the writing of one changed account into all of it.
import type { Account } from '@crs/shared';
import type { QueryClient } from '@tanstack/react-query';

export const accountsKey = ['accounts'] as const;
export const accountListKey = [...accountsKey, 'list'] as const;
export const accountKey = (id: string | null) => [...accountsKey, 'one', id] as const;

export interface AccountPage {
  items: Account[];
  total: number;
}

/** A page with that account in its present state; the same page when the account is not on it. */
function replaceIn<Page extends AccountPage>(page: Page, account: Account): Page {
  if (!page.items.some(({ id }) => id === account.id)) return page;
  return { ...page, items: page.items.map((item) => (item.id === account.id ? account : item)) };
}

/** Shows an account as it is now, wherever it is shown. */
export function writeAccount(queries: QueryClient, account: Account): void {
  queries.setQueriesData<AccountPage>({ queryKey: accountListKey }, (page) =>
    page === undefined ? undefined : replaceIn(page, account),
  );
  queries.setQueryData<Account | null>(accountKey(account.id), (present) =>
    present === undefined ? undefined : account,
  );
}

/** An account that some list has already brought. */
export function knownAccount(queries: QueryClient, id: string | null): Account | undefined {
  if (id === null) return undefined;
  for (const [, page] of queries.getQueriesData<AccountPage>({ queryKey: accountListKey })) {
    const found = page?.items.find((account) => account.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}
