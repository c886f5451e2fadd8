'use client';
// Owns the less common filters of the list of keys; a chunk of its own, which asks for accounts and groups.
import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useAllAccounts, useAllGroups } from '@/lib/upstream';
import type { KeyList } from './key-filters';
import { budgetPercents, expiryDays } from './list-definitions';

const uses = ['true', 'false'] as const;

export default function MoreFilters({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const { expiresWithinDays, budgetUsedPercent, neverUsed } = list.state.filters;
  return (
    <div className="flex flex-col gap-3">
      <BoundTo list={list} />
      <Field label={t('expires')}>
        {(control) => (
          <Select
            {...control}
            value={expiresWithinDays}
            options={[
              { value: '', label: t('any') },
              ...expiryDays.map((value) => ({ value, label: t('withinDays', { count: Number(value) }) })),
            ]}
            onChange={(value) => list.setFilter('expiresWithinDays', value)}
          />
        )}
      </Field>
      <Field label={t('budgetUsed')}>
        {(control) => (
          <Select
            {...control}
            value={budgetUsedPercent}
            options={[
              { value: '', label: t('any') },
              ...budgetPercents.map((value) => ({ value, label: t('atLeastPercent', { percent: value }) })),
            ]}
            onChange={(value) => list.setFilter('budgetUsedPercent', value)}
          />
        )}
      </Field>
      <Field label={t('use')}>
        {(control) => (
          <Select
            {...control}
            value={neverUsed}
            options={[
              { value: '', label: t('any') },
              ...uses.map((value) => ({ value, label: t(`uses.${value}`) })),
            ]}
            onChange={(value) => list.setFilter('neverUsed', value)}
          />
        )}
      </Field>
    </div>
  );
}

function BoundTo({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const accounts = useAllAccounts();
  const groups = useAllGroups();
  const { accountId, groupId } = list.state.filters;
  const value = accountId !== '' ? `account:${accountId}` : groupId === '' ? '' : `group:${groupId}`;
  const options = [
    { value: '', label: t('any') },
    ...(groups.data ?? []).map(({ id, name }) => ({ value: `group:${id}`, label: t('group', { name }) })),
    ...(accounts.data ?? []).map(({ id, name }) => ({ value: `account:${id}`, label: name })),
  ];
  const isKnown = options.some((option) => option.value === value);
  return (
    <Field label={t('boundTo')}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={isKnown ? options : [...options, { value, label: accountId || groupId }]}
          onChange={(chosen) =>
            list.setFilters({
              accountId: chosen.startsWith('account:') ? chosen.slice('account:'.length) : '',
              groupId: chosen.startsWith('group:') ? chosen.slice('group:'.length) : '',
            })
          }
        />
      )}
    </Field>
  );
}
