'use client';
// Owns small changes of an account: shown at once, taken back with the reason when the gateway refuses, undone on demand.
import type { Account } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { accountsKey, writeAccount } from './account-cache';

type OrderField = 'priority' | 'weight';

export interface AccountChanges {
  setOrder: (account: Account, field: OrderField, value: number) => void;
  setEnabled: (account: Account, enabled: boolean) => void;
  /** Forgets cool-downs and errors. */
  reset: (account: Account) => Promise<void>;
  /** Rejects with the gateway's refusal. */
  remove: (account: Account) => Promise<void>;
}

export function useAccountChanges(): AccountChanges {
  const queries = useQueryClient();
  const t = useTranslations('accounts');
  const errorText = useErrorText();

  return useMemo(() => {
    const failed = (account: Account, error: unknown) =>
      notify.error(t('notice.failed', { name: account.name }), { description: errorText(error).message });

    /** True when the gateway took it. */
    async function patch(
      account: Account,
      change: Partial<Pick<Account, OrderField | 'enabled'>>,
    ): Promise<boolean> {
      await queries.cancelQueries({ queryKey: accountsKey });
      writeAccount(queries, { ...account, ...change });
      try {
        const params = { kind: account.kind, id: account.id };
        writeAccount(queries, await callApi((client) => client.accounts.update({ params, body: change })));
        return true;
      } catch (error) {
        writeAccount(queries, account);
        failed(account, error);
        return false;
      }
    }

    async function patchWithUndo(
      account: Account,
      change: Partial<Pick<Account, OrderField | 'enabled'>>,
      before: Partial<Pick<Account, OrderField | 'enabled'>>,
      message: string,
    ): Promise<void> {
      if (!(await patch(account, change))) return;
      const undo = { label: t('undo'), onClick: () => void patch({ ...account, ...change }, before) };
      notify.success(message, { action: undo });
    }

    return {
      setOrder(account, field, value) {
        const { name } = account;
        const message =
          field === 'priority' ? t('notice.priority', { name, value }) : t('notice.weight', { name, value });
        void patchWithUndo(account, { [field]: value }, { [field]: account[field] }, message);
      },
      setEnabled(account, enabled) {
        const { name } = account;
        const message = enabled ? t('notice.enabled', { name }) : t('notice.disabled', { name });
        void patchWithUndo(account, { enabled }, { enabled: !enabled }, message);
      },
      async reset(account) {
        const params = { kind: account.kind, id: account.id };
        try {
          writeAccount(queries, await callApi((client) => client.accounts.reset({ params })));
          notify.success(t('notice.reset', { name: account.name }));
        } catch (error) {
          failed(account, error);
        }
      },
      async remove(account) {
        const params = { kind: account.kind, id: account.id };
        await callApi((client) => client.accounts.remove({ params }));
        await queries.invalidateQueries({ queryKey: accountsKey });
        notify.success(t('notice.deleted', { name: account.name }));
      },
    };
  }, [queries, t, errorText]);
}
