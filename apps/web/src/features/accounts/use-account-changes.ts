'use client';
// Owns what is done with accounts by one press, of one or of many: shown at once where that is safe, undone on demand.
// What was refused is kept until it is dismissed.
import type { Account, api as contract, RouteCall } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { BatchRefusal } from '@/components/batch/batch-refusal';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { groupsCache } from '@/lib/upstream';
import { accountsKey, writeAccount } from './account-cache';

type OrderField = 'priority' | 'weight';
type Change = Partial<Pick<Account, OrderField | 'enabled' | 'pausedUntil'>>;

/** What becomes of many at once, as the gateway takes it. */
export type ManyChange = Omit<
  RouteCall<typeof contract.accounts.updateMany>['body'],
  'ids' | 'versions' | 'dryRun'
>;

/** What is told when it is done. */
export type ManyNotice =
  | 'enabledMany'
  | 'disabledMany'
  | 'resetMany'
  | 'pausedMany'
  | 'resumedMany'
  | 'groupedMany';

interface ChangeFailure {
  /** What could not be done, to what. */
  title: string;
  error: unknown;
}

export interface AccountChanges {
  failure: ChangeFailure | null;
  dismiss: () => void;
  setOrder: (account: Account, field: OrderField, value: number) => void;
  setEnabled: (account: Account, enabled: boolean) => void;
  /** Null: it serves again at once. */
  pause: (account: Account, until: string | null) => Promise<void>;
  /** Forgets cool-downs and errors. */
  reset: (account: Account) => Promise<void>;
  /** Asks the vendor for a new access token now. */
  renew: (account: Account) => Promise<void>;
  /** Answers the accounts that were refused. */
  many: (accounts: readonly Account[], change: ManyChange, notice: ManyNotice) => Promise<readonly Account[]>;
  /** Rejects with the gateway's refusal. */
  remove: (account: Account) => Promise<void>;
  /** Something about accounts is another way now. */
  reload: () => void;
}

export function useAccountChanges(): AccountChanges {
  const queries = useQueryClient();
  const t = useTranslations('accounts');
  const [failure, setFailure] = useState<ChangeFailure | null>(null);

  const changes = useMemo(() => {
    const fail = (account: Account, error: unknown) =>
      setFailure({ title: t('notice.failed', { name: account.name }), error });

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
        fail(account, error);
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
      pause(account: Account, pausedUntil: string | null) {
        const { name, pausedUntil: before } = account;
        const message = pausedUntil === null ? t('notice.resumed', { name }) : t('notice.paused', { name });
        return patchWithUndo(account, { pausedUntil }, { pausedUntil: before }, message);
      },
      async reset(account: Account) {
        setFailure(null);
        try {
          const params = { kind: account.kind, id: account.id };
          writeAccount(queries, await callApi((client) => client.accounts.reset({ params })));
          notify.success(t('notice.reset', { name: account.name }));
        } catch (error) {
          fail(account, error);
        }
      },
      async renew(account: Account) {
        setFailure(null);
        try {
          const params = { kind: account.kind, id: account.id };
          writeAccount(queries, await callApi((client) => client.accounts.refresh({ params })));
          notify.success(t('notice.renewed', { name: account.name }));
        } catch (error) {
          fail(account, error);
          // The vendor may have said that a person is needed: that is a state of the account.
          await queries.invalidateQueries({ queryKey: accountsKey });
        }
      },
      async many(accounts: readonly Account[], change: ManyChange, notice: ManyNotice) {
        setFailure(null);
        const ids = accounts.map(({ id }) => id);
        let refused: readonly Account[] = accounts;
        try {
          const { results } = await callApi((client) =>
            client.accounts.updateMany({ body: { ...change, ids } }),
          );
          const errors = new Map(results.flatMap(({ id, error }) => (error === null ? [] : [[id, error]])));
          refused = accounts.filter(({ id }) => errors.has(id));
          const [first] = errors.values();
          if (first !== undefined) {
            setFailure({
              title: t('notice.failedMany', { count: errors.size }),
              error: new BatchRefusal(first),
            });
          }
        } catch (error) {
          setFailure({ title: t('notice.failedMany', { count: accounts.length }), error });
        }
        await queries.invalidateQueries({ queryKey: accountsKey });
        if (notice === 'groupedMany') void queries.invalidateQueries({ queryKey: groupsCache });
        const count = accounts.length - refused.length;
        if (count > 0) notify.success(t(`notice.${notice}`, { count }));
        return refused;
      },
      async remove(account: Account) {
        const params = { kind: account.kind, id: account.id };
        await callApi((client) => client.accounts.remove({ params }));
        await queries.invalidateQueries({ queryKey: accountsKey });
        notify.success(t('notice.deleted', { name: account.name }));
      },
      reload() {
        void queries.invalidateQueries({ queryKey: accountsKey });
        void queries.invalidateQueries({ queryKey: groupsCache });
      },
    };
  }, [queries, t]);

  return useMemo(() => ({ ...changes, failure }), [changes, failure]);
}
