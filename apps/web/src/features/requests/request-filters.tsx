'use client';
// Owns the filters of the request list, one pill each.
import { ListFilterPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import type { ListStateControl } from '@/lib/use-list-state';
import { FilterPill } from './filter-pill';
import { type requestFilters, statusPattern } from './list-definition';
import { OptionPicker } from './option-picker';
import {
  useAccountChoices,
  useAccountName,
  useKeyChoices,
  useKeyName,
  useModelChoices,
} from './request-queries';
import { SeldomFilters } from './seldom-filters';
import { TimePill } from './time-pill';

interface FiltersProps {
  list: ListStateControl<typeof requestFilters>;
  /** Names that the rows in sight already tell. */
  nameOf: { key: (id: string) => string | null; account: (id: string) => string | null };
}

/** Filters that are seldom wanted stand behind a button until one of them is. */
const seldom = [
  'outcome',
  'kind',
  'client',
  'userId',
  'minCostUsd',
  'maxCostUsd',
  'minDurationMs',
  'maxDurationMs',
] as const;

const statusClasses = ['2xx', '4xx', '5xx'] as const;
/** Statuses that occur; any other can be typed. */
const commonStatuses = [200, 400, 401, 403, 404, 413, 429, 499, 500, 502, 503, 504, 529];

export function RequestFilters({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { filters } = list.state;
  const [wantsAll, setWantsAll] = useState(false);
  const showsAll = wantsAll || seldom.some((name) => filters[name] !== '');
  type Name = keyof typeof requestFilters;
  const choose = (name: Exclude<Name, 'range' | 'outcome'>, close: () => void) => (value: string) => {
    list.setFilter(name, value);
    close();
  };
  return (
    <>
      <TimePill list={list} />
      <KeyPill list={list} nameOf={nameOf} />
      <ModelPill list={list} />
      <AccountPill list={list} nameOf={nameOf} />
      <FilterPill
        label={t('columns.status')}
        value={filters.status === '' ? null : filters.status}
        onClear={() => list.setFilter('status', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.status')}
            value={filters.status}
            options={[
              ...statusClasses.map((value) => ({ value, label: t(`statusClass.${value}`) })),
              ...commonStatuses.map((status) => ({ value: String(status), label: String(status) })),
            ]}
            freeText={statusPattern}
            onChoose={choose('status', close)}
          />
        )}
      </FilterPill>
      {showsAll ? (
        <SeldomFilters list={list} />
      ) : (
        <IconButton label={t('filter.more')} icon={<ListFilterPlus />} onClick={() => setWantsAll(true)} />
      )}
    </>
  );
}

function KeyPill({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { keyId } = list.state.filters;
  const seen = nameOf.key(keyId);
  const asked = useKeyName(seen === null ? keyId : '');
  return (
    <FilterPill
      label={t('columns.key')}
      value={keyId === '' ? null : (seen ?? asked ?? keyId)}
      onClear={() => list.setFilter('keyId', '')}
    >
      {(close) => (
        <KeyPicker
          value={keyId}
          onChoose={(id) => {
            list.setFilter('keyId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function AccountPill({ list, nameOf }: FiltersProps) {
  const t = useTranslations('requests');
  const { accountId } = list.state.filters;
  const seen = nameOf.account(accountId);
  const asked = useAccountName(seen === null ? accountId : '');
  return (
    <FilterPill
      label={t('columns.account')}
      value={accountId === '' ? null : (seen ?? asked ?? accountId)}
      onClear={() => list.setFilter('accountId', '')}
    >
      {(close) => (
        <AccountPicker
          value={accountId}
          onChoose={(id) => {
            list.setFilter('accountId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function ModelPill({ list }: Pick<FiltersProps, 'list'>) {
  const t = useTranslations('requests');
  const { model } = list.state.filters;
  return (
    <FilterPill
      label={t('columns.model')}
      value={model === '' ? null : model}
      onClear={() => list.setFilter('model', '')}
    >
      {(close) => (
        <ModelPicker
          value={model}
          onChoose={(id) => {
            list.setFilter('model', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}

function ModelPicker({ value, onChoose }: { value: string; onChoose: (model: string) => void }) {
  const t = useTranslations('requests');
  const { data } = useModelChoices();
  return (
    <OptionPicker
      label={t('columns.model')}
      value={value}
      options={data}
      freeText={/^\S+$/}
      onChoose={onChoose}
    />
  );
}

interface SearchedPickerProps {
  value: string;
  onChoose: (id: string) => void;
}

function KeyPicker({ value, onChoose }: SearchedPickerProps) {
  const t = useTranslations('requests');
  const [search, setSearch] = useState('');
  const { data } = useKeyChoices(search);
  return (
    <OptionPicker
      label={t('columns.key')}
      value={value}
      options={data}
      onSearch={setSearch}
      onChoose={onChoose}
    />
  );
}

function AccountPicker({ value, onChoose }: SearchedPickerProps) {
  const t = useTranslations('requests');
  const [search, setSearch] = useState('');
  const { data } = useAccountChoices(search);
  return (
    <OptionPicker
      label={t('columns.account')}
      value={value}
      options={data}
      onSearch={setSearch}
      onChoose={onChoose}
    />
  );
}
