'use client';
// Owns the names of what a key is bound to.
import type { Bind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useAllAccounts, useAllGroups } from '@/lib/upstream';

export function bindId(bind: Bind): string {
  return 'groupId' in bind ? `group ${bind.groupId}` : `account ${bind.accountId}`;
}

/** Names while they are known; an id while they are on their way, and words for what is gone. */
export function useBindNames(binds: readonly Bind[]): (bind: Bind) => string {
  const t = useTranslations('keys.rules');
  const accounts = useAllAccounts(binds.some((bind) => 'accountId' in bind)).data;
  const groups = useAllGroups(binds.some((bind) => 'groupId' in bind)).data;
  return (bind) => {
    const id = 'groupId' in bind ? bind.groupId : bind.accountId;
    const known: readonly { id: string; name: string }[] | undefined = 'groupId' in bind ? groups : accounts;
    if (known === undefined) return id;
    return known.find((entry) => entry.id === id)?.name ?? t('boundToGone', { id });
  };
}
