'use client';
// Owns the choice of the accounts and groups that answer a key; a chunk of its own, which asks for their names.
import type { Bind } from '@crs/shared';
import { Boxes, Server, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import type { FieldControl } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/select-native';
import { useAllAccounts, useAllGroups } from '@/lib/upstream';
import { bindId, useBindNames } from './bind-names';

interface BindPickerProps {
  control: FieldControl;
  value: readonly Bind[];
  onChange: (value: Bind[]) => void;
}

export default function BindPicker({ control, value, onChange }: BindPickerProps) {
  const t = useTranslations('keys.form.routing');
  const accounts = useAllAccounts();
  const groups = useAllGroups();
  const nameOf = useBindNames(value);
  const { id, 'aria-describedby': describedBy } = control;
  const isBound = (bind: Bind) => value.some((other) => bindId(other) === bindId(bind));
  const groupChoices = (groups.data ?? []).filter((group) => !isBound({ groupId: group.id }));
  const accountChoices = (accounts.data ?? []).filter(
    (account) => !isBound({ kind: account.kind, accountId: account.id }),
  );
  return (
    <div id={id} role="group" aria-describedby={describedBy} className="flex flex-col gap-2">
      {value.length > 0 && (
        <ul className="divide-y divide-line rounded-control border border-line">
          {value.map((bind) => {
            const Icon = 'groupId' in bind ? Boxes : Server;
            const name = nameOf(bind);
            return (
              <li key={bindId(bind)} className="flex min-h-9 items-center gap-2 pr-1 pl-2.5 text-sm">
                <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="sr-only">{'groupId' in bind ? t('group') : t('account')}</span>
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <IconButton
                  label={t('remove', { name })}
                  size="iconSmall"
                  icon={<X />}
                  onClick={() => onChange(value.filter((other) => bindId(other) !== bindId(bind)))}
                />
              </li>
            );
          })}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <NativeSelect
          label={t('addGroup')}
          value=""
          options={[
            { value: '', label: groups.data?.length === 0 ? t('noGroups') : t('addGroup') },
            ...groupChoices.map((group) => ({ value: group.id, label: group.name })),
          ]}
          onChange={(groupId) => groupId !== '' && onChange([...value, { groupId }])}
          className="max-w-full"
        />
        <NativeSelect
          label={t('addAccount')}
          value=""
          options={[
            { value: '', label: accounts.data?.length === 0 ? t('noAccounts') : t('addAccount') },
            ...accountChoices.map((account) => ({ value: account.id, label: account.name })),
          ]}
          onChange={(accountId) => {
            const kind = accountChoices.find((account) => account.id === accountId)?.kind;
            if (kind !== undefined) onChange([...value, { kind, accountId }]);
          }}
          className="max-w-full"
        />
      </div>
    </div>
  );
}
