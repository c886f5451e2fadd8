'use client';
// Owns the less common filters of the list of keys; a chunk of its own, which asks for accounts and groups.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useUserChoices } from '@/lib/named-choices';
import { useAllAccounts, useAllGroups } from '@/lib/upstream';
import type { KeyList } from './key-filters';
import {
  budgetPercents,
  expiryDays,
  isLeast,
  type LeastFigure,
  leastFigures,
  pastDays,
} from './list-definitions';

const uses = ['true', 'false'] as const;
const noUse = { neverUsed: '', usedWithinDays: '', unusedForDays: '' } as const;

export default function MoreFilters({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const { expiresWithinDays, budgetUsedPercent } = list.state.filters;
  return (
    <div className="flex flex-col gap-3">
      <Owner list={list} />
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
      <LastUse list={list} />
      {(['createdWithinDays', 'updatedWithinDays'] as const).map((name) => (
        <Field key={name} label={t(`times.${name}`)}>
          {(control) => (
            <Select
              {...control}
              value={list.state.filters[name]}
              options={[
                { value: '', label: t('any') },
                ...pastDays.map((value) => ({ value, label: t('sinceDays', { count: Number(value) }) })),
              ]}
              onChange={(value) => list.setFilter(name, value)}
            />
          )}
        </Field>
      ))}
      <Least list={list} />
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

/** Owners whose keys were used lately, and the one an address asks for; without any there is nothing to choose. */
function Owner({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const { userId } = list.state.filters;
  const users = useUserChoices().data ?? [];
  const isKnown = userId === '' || users.some(({ value }) => value === userId);
  if (users.length === 0 && userId === '') return null;
  return (
    <Field label={t('owner')}>
      {(control) => (
        <Select
          {...control}
          value={userId}
          options={[
            { value: '', label: t('any') },
            ...(isKnown ? [] : [{ value: userId, label: userId }]),
            ...users,
          ]}
          onChange={(id) => list.setFilter('userId', id)}
        />
      )}
    </Field>
  );
}

/** Three filters of which one holds: never or once, within days, not for days. */
function LastUse({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const { neverUsed, usedWithinDays, unusedForDays } = list.state.filters;
  const value =
    usedWithinDays !== ''
      ? `within ${usedWithinDays}`
      : unusedForDays === ''
        ? neverUsed
        : `unused ${unusedForDays}`;
  return (
    <Field label={t('use')}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={[
            { value: '', label: t('any') },
            ...uses.map((use) => ({ value: use as string, label: t(`uses.${use}`) })),
            ...pastDays.map((days) => ({
              value: `within ${days}`,
              label: t('usedWithin', { count: Number(days) }),
            })),
            ...pastDays.map((days) => ({
              value: `unused ${days}`,
              label: t('unusedFor', { count: Number(days) }),
            })),
          ]}
          onChange={(chosen) => {
            const [how, days] = chosen.split(' ');
            const past = pastDays.find((known) => known === days) ?? '';
            if (how === 'within') list.setFilters({ ...noUse, usedWithinDays: past });
            else if (how === 'unused') list.setFilters({ ...noUse, unusedForDays: past });
            else list.setFilters({ ...noUse, neverUsed: uses.find((use) => use === chosen) ?? '' });
          }}
        />
      )}
    </Field>
  );
}

const noLeast = Object.fromEntries(leastFigures.map((name) => [name, ''])) as Record<LeastFigure, string>;

/** A figure that is so great at least; it is used once what is typed is an amount. */
function Least({ list }: { list: KeyList }) {
  const t = useTranslations('keys.filter');
  const { filters } = list.state;
  const held = leastFigures.find((name) => filters[name] !== '');
  const [figure, setFigure] = useState<LeastFigure>(held ?? 'minSpendTodayUsd');
  const [text, setText] = useState(held === undefined ? '' : filters[held]);
  const isWrong = text !== '' && !isLeast(figure, text);
  const apply = (name: LeastFigure, amount: string) => {
    if (amount !== '' && !isLeast(name, amount)) return;
    const present = held === undefined ? '' : filters[held];
    if (amount !== present || name !== held) list.setFilters({ ...noLeast, [name]: amount });
  };
  return (
    <div className="grid grid-cols-[1fr_96px] gap-2">
      <Field label={t('least')}>
        {(control) => (
          <Select
            {...control}
            value={figure}
            options={leastFigures.map((value) => ({ value, label: t(`figures.${value}`) }))}
            onChange={(name) => {
              setFigure(name);
              if (text !== '') apply(name, text);
            }}
          />
        )}
      </Field>
      <Field label={t('atLeast')} error={isWrong ? t('noAmount') : undefined}>
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            value={text}
            onChange={(event) => setText(event.target.value.trim())}
            onBlur={() => apply(figure, text)}
            onKeyDown={(event) => event.key === 'Enter' && apply(figure, text)}
          />
        )}
      </Field>
    </div>
  );
}
