'use client';
// Owns the filters of the request list, one pill each.
import { ListFilterPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AccountPill, KeyPill, ModelPill } from '@/components/filters/entry-pills';
import { FilterPill } from '@/components/filters/filter-pill';
import { OptionPicker } from '@/components/filters/option-picker';
import { IconButton } from '@/components/ui/button';
import type { ListStateControl } from '@/lib/use-list-state';
import { type requestFilters, statusPattern } from './list-definition';
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
      <KeyPill
        value={filters.keyId}
        knownName={nameOf.key(filters.keyId)}
        onChange={(id) => list.setFilter('keyId', id)}
      />
      <ModelPill value={filters.model} onChange={(model) => list.setFilter('model', model)} />
      <AccountPill
        value={filters.accountId}
        knownName={nameOf.account(filters.accountId)}
        onChange={(id) => list.setFilter('accountId', id)}
      />
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
