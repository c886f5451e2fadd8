'use client';
// Owns the less common filters of the list of accounts; a chunk of its own, which asks for the keys with a bind.
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { callApi } from '@/lib/api';
import type { AccountList } from './account-filters';

const choices = ['true', 'false'] as const;
const KEYS_SHOWN = 20;

export default function MoreFilters({ list }: { list: AccountList }) {
  const t = useTranslations('accounts.filter');
  const { schedulable, hasProxy } = list.state.filters;
  return (
    <div className="flex flex-col gap-3">
      <Field label={t('schedulable')}>
        {(control) => (
          <Select
            {...control}
            value={schedulable}
            options={[
              { value: '', label: t('any') },
              ...choices.map((value) => ({ value, label: t(`schedulableIs.${value}`) })),
            ]}
            onChange={(value) => list.setFilter('schedulable', value)}
          />
        )}
      </Field>
      <Field label={t('proxy')}>
        {(control) => (
          <Select
            {...control}
            value={hasProxy}
            options={[
              { value: '', label: t('any') },
              ...choices.map((value) => ({ value, label: t(`proxyIs.${value}`) })),
            ]}
            onChange={(value) => list.setFilter('hasProxy', value)}
          />
        )}
      </Field>
      <BoundKey list={list} />
    </div>
  );
}

/** One key of perhaps many thousands: found by what is typed. */
function BoundKey({ list }: { list: AccountList }) {
  const t = useTranslations('accounts.filter');
  const { keyId } = list.state.filters;
  const [text, setText] = useState('');
  const search = text.trim();
  const { data } = useQuery({
    queryKey: ['keys', 'bound-filter', search],
    queryFn: ({ signal }) => {
      const query = { pageSize: KEYS_SHOWN, sort: 'name', ...(search === '' ? {} : { search }) };
      return callApi((client) => client.keys.list({ query }, { signal }));
    },
  });
  const { data: chosen } = useQuery({
    queryKey: ['keys', 'one', keyId],
    enabled: keyId !== '',
    queryFn: ({ signal }) => callApi((client) => client.keys.get({ params: { id: keyId } }, { signal })),
  });
  const found = data?.items ?? [];
  const options = [
    { value: '', label: t('any') },
    ...(keyId !== '' && !found.some(({ id }) => id === keyId)
      ? [{ value: keyId, label: chosen?.name ?? keyId }]
      : []),
    ...found.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('boundKey')} help={t('boundKeyHelp')}>
        {(control) => (
          <Select
            {...control}
            value={keyId}
            options={options}
            onChange={(value) => list.setFilter('keyId', value)}
          />
        )}
      </Field>
      {((data?.total ?? 0) > KEYS_SHOWN || search !== '') && (
        <Input
          aria-label={t('findKey')}
          placeholder={t('findKey')}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </div>
  );
}
