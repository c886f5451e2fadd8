'use client';
// Owns which groups the selected accounts join and leave: a box per group, half ticked where only some are in it.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Skeleton } from '@/components/ui/skeleton';
import { useAllGroups } from '@/lib/upstream';

interface GroupPanelProps {
  accounts: readonly Account[];
  onApply: (change: { addGroups: string[]; removeGroups: string[] }) => void;
}

export function GroupPanel({ accounts, onApply }: GroupPanelProps) {
  const t = useTranslations('accounts');
  const groups = useAllGroups().data;
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map());
  if (groups === undefined) return <Skeleton className="h-24 w-full" />;
  if (groups.length === 0) return <p className="text-muted text-sm">{t('fields.noGroups')}</p>;
  const membersOf = (groupId: string) => accounts.filter(({ groupIds }) => groupIds.includes(groupId)).length;
  const ids = (isIn: boolean) => [...wanted].flatMap(([id, value]) => (value === isIn ? [id] : []));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onApply({ addGroups: ids(true), removeGroups: ids(false) });
      }}
    >
      <ul aria-label={t('columns.groups')} className="max-h-72 overflow-y-auto">
        {groups.map(({ id, name }) => {
          const members = membersOf(id);
          const isSome = members > 0 && members < accounts.length;
          return (
            <li key={id}>
              <label className="flex min-h-8 items-center gap-2.5 text-sm max-sm:min-h-11">
                <Checkbox
                  checked={wanted.get(id) ?? members === accounts.length}
                  indeterminate={!wanted.has(id) && isSome}
                  onChange={(checked) => setWanted(new Map(wanted).set(id, checked))}
                />
                <span className="min-w-0 truncate">{name}</span>
                <span className="ml-auto shrink-0 text-muted text-xs">
                  {t('bulk.inGroup', { count: members, all: accounts.length })}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      <Button type="submit" variant="primary" disabled={wanted.size === 0} className="self-end">
        {t('bulk.applyGroups')}
      </Button>
    </form>
  );
}
