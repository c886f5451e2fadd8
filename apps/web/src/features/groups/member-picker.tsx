'use client';
// Owns the choice of a group's members: all accounts, narrowed by what is typed; those that are in come first.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import type { FieldControl } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { useAccountKinds } from '@/lib/account-kinds';
import { useAllAccounts } from '@/lib/upstream';

interface MemberPickerProps {
  control: FieldControl;
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Fewer are seen at a glance. */
const SEARCH_FROM = 8;

export function MemberPicker({ control, value, onChange }: MemberPickerProps) {
  const t = useTranslations('groups');
  const kinds = useAccountKinds();
  const { data: accounts, error, refetch } = useAllAccounts();
  const [text, setText] = useState('');
  // They keep their place while boxes are ticked.
  const [first] = useState(() => new Set(value));
  const { id, 'aria-describedby': describedBy } = control;

  if (accounts === undefined) {
    return error === null ? (
      <Skeleton className="h-24 w-full" />
    ) : (
      <ErrorState title={t('accountsFailed')} error={error} onRetry={() => void refetch()} />
    );
  }
  const typed = text.trim().toLowerCase();
  const shown = accounts
    .filter((account) => `${account.name} ${kinds.label(account.kind)}`.toLowerCase().includes(typed))
    .toSorted((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)));
  return (
    <div id={id} role="group" aria-describedby={describedBy} className="flex flex-col gap-2">
      {accounts.length >= SEARCH_FROM && (
        <Input
          aria-label={t('findAccount')}
          placeholder={t('findAccount')}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {shown.length === 0 ? (
        <p className="text-muted text-sm">{accounts.length === 0 ? t('noAccounts') : t('noMatch')}</p>
      ) : (
        <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-control border border-line">
          {shown.map((account) => (
            <li key={account.id}>
              <label className="flex min-h-9 items-center gap-2.5 px-3 text-sm hover:bg-hover max-sm:min-h-11">
                <Checkbox
                  checked={value.includes(account.id)}
                  onChange={(checked) =>
                    onChange(checked ? [...value, account.id] : value.filter((other) => other !== account.id))
                  }
                />
                <span className="min-w-0 truncate">{account.name}</span>
                <span className="ml-auto shrink-0 text-muted text-xs">{kinds.label(account.kind)}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
      <p className="text-muted text-xs">{t('chosen', { count: value.length })}</p>
    </div>
  );
}
