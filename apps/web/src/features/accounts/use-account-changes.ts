'use client';
// Owns small changes of an account: shown at once, taken back with the reason when the gateway refuses, undone on
// demand. What was refused is kept until it is dismissed.
import type { Account } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { accountsKey, writeAccount } from './account-cache';

type OrderField = 'priority' | 'weight';
type Change = Partial<Pick<Account, OrderField | 'enabled'>>;

/** What can be done with many at once. */
export type BulkChange = 'enable' | 'disable' | 'reset';

interface ChangeFailure {
  /** Name of the account that stays as it was. */
  name: string;
  error: unknown;
}

export interface AccountChanges {
  failure: ChangeFailure | null;
  dismiss: () => void;
  setOrder: (account: Account, field: OrderField, value: number) => void;
  setEnabled: (account: Account, enabled: boolean) => void;
  /** Forgets cool-downs and errors. */
  reset: (account: Account) => Promise<void>;
  /** Asks the vendor for a new access token now. */
  renew: (account: Account) => Promise<void>;
  /** One after the other; answers the accounts that were refused. */
  many: (accounts: readonly Account[], what: BulkChange) => Promise<readonly Account[]>;
  /** Rejects with the gateway's refusal. */
  remove: (account: Account) => Promise<void>;
}

const doneMany = { enable: 'enabledMany', disable: 'disabledMany', reset: 'resetMany' } as const;

function sendOne(account: Account, what: BulkChange): Promise<Account> {
  const params = { kind: account.kind, id: account.id };
  return callApi((client) =>
    what === 'reset'
      ? client.accounts.reset({ params })
      : client.accounts.update({ params, body: { enabled: what === 'enable' } }),
  );
}

export function useAccountChanges(): AccountChanges {
  const queries = useQueryClient();
  const t = useTranslations('accounts');
  const [failure, setFailure] = useState<ChangeFailure | null>(null);

  const changes = useMemo(() => {
    /** True when the gateway took it. */
    async function patch(account: Account, change: Change): Promise<boolean> {
      setFailure(null);
      await queries.cancelQueries({ queryKey: accountsKey });
      writeAccount(queries, { ...account, ...change });
      try {
        const params = { kind: account.kind, id: account.id };
        writeAccount(queries, await callApi((client) => client.accounts.update({ params, body: change })));
        return true;
      } catch (error) {
        writeAccount(queries, account);
        setFailure({ name: account.name, error });
        return false;
      }
    }

    async function patchWithUndo(
      account: Account,
      change: Change,
      before: Change,
      message: string,
    ): Promise<void> {
      if (!(await patch(account, change))) return;
      const undo = { label: t('undo'), onClick: () => void patch({ ...account, ...change }, before) };
      notify.success(message, { action: undo });
    }

    return {
      dismiss: () => setFailure(null),
      setOrder(account: Account, field: OrderField, value: number) {
        const { name } = account;
        const message =
          field === 'priority' ? t('notice.priority', { name, value }) : t('notice.weight', { name, value });
        void patchWithUndo(account, { [field]: value }, { [field]: account[field] }, message);
      },
      setEnabled(account: Account, enabled: boolean) {
        const { name } = account;
        const message = enabled ? t('notice.enabled', { name }) : t('notice.disabled', { name });
        void patchWithUndo(account, { enabled }, { enabled: !enabled }, message);
      },
      async reset(account: Account) {
        setFailure(null);
        try {
          writeAccount(queries, await sendOne(account, 'reset'));
          notify.success(t('notice.reset', { name: account.name }));
        } catch (error) {
          setFailure({ name: account.name, error });
        }
      },
      async renew(account: Account) {
        setFailure(null);
        try {
          const params = { kind: account.kind, id: account.id };
          writeAccount(queries, await callApi((client) => client.accounts.refresh({ params })));
          notify.success(t('notice.renewed', { name: account.name }));
        } catch (error) {
          setFailure({ name: account.name, error });
          // The vendor may have said that a person is needed: that is a state of the account.
          await queries.invalidateQueries({ queryKey: accountsKey });
        }
      },
      async many(accounts: readonly Account[], what: BulkChange) {
        setFailure(null);
        const refused: Account[] = [];
        for (const account of accounts) {
          try {
            writeAccount(queries, await sendOne(account, what));
          } catch (error) {
            refused.push(account);
            setFailure({ name: account.name, error });
          }
        }
        const count = accounts.length - refused.length;
        if (count > 0) notify.success(t(`notice.${doneMany[what]}`, { count }));
        return refused;
      },
      async remove(account: Account) {
        const params = { kind: account.kind, id: account.id };
        await callApi((client) => client.accounts.remove({ params }));
        await queries.invalidateQueries({ queryKey: accountsKey });
        notify.success(t('notice.deleted', { name: account.name }));
      },
    };
  }, [queries, t]);

  return useMemo(() => ({ ...changes, failure }), [changes, failure]);
}
