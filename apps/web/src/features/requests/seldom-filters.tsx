'use client';
// Owns the filters of the request list that are seldom wanted.
import { requestOutcomes } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useAccountKinds } from '@/lib/account-kinds';
import { clientChoices, clientName } from '@/lib/client-names';
import type { ListStateControl } from '@/lib/use-list-state';
import { FilterPill } from './filter-pill';
import type { requestFilters } from './list-definition';
import { OptionPicker } from './option-picker';
import { CostPill, DurationPill } from './range-pills';
import { useUserChoices } from './request-queries';

interface SeldomFiltersProps {
  list: ListStateControl<typeof requestFilters>;
}

export function SeldomFilters({ list }: SeldomFiltersProps) {
  const t = useTranslations('requests');
  const kinds = useAccountKinds();
  const { filters } = list.state;
  const choose = (name: 'kind' | 'client', close: () => void) => (value: string) => {
    list.setFilter(name, value);
    close();
  };
  return (
    <>
      <UserPill list={list} />
      <FilterPill
        label={t('columns.outcome')}
        value={filters.outcome === '' ? null : t(`outcome.${filters.outcome}`)}
        onClear={() => list.setFilter('outcome', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.outcome')}
            value={filters.outcome}
            options={requestOutcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
            onChoose={(value) => {
              list.setFilter('outcome', requestOutcomes.find((known) => known === value) ?? '');
              close();
            }}
          />
        )}
      </FilterPill>
      <FilterPill
        label={t('columns.client')}
        value={filters.client === '' ? null : clientName(filters.client)}
        onClear={() => list.setFilter('client', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.client')}
            value={filters.client}
            options={[...clientChoices, { value: 'unknown', label: t('unknownClient') }]}
            freeText={/^\S+$/}
            onChoose={choose('client', close)}
          />
        )}
      </FilterPill>
      <FilterPill
        label={t('columns.kind')}
        value={filters.kind === '' ? null : kinds.label(filters.kind)}
        onClear={() => list.setFilter('kind', '')}
      >
        {(close) => (
          <OptionPicker
            label={t('columns.kind')}
            value={filters.kind}
            options={kinds.items.map(({ kind }) => ({ value: kind, label: kinds.label(kind) }))}
            onChoose={choose('kind', close)}
          />
        )}
      </FilterPill>
      <CostPill list={list} />
      <DurationPill list={list} />
    </>
  );
}

function UserPill({ list }: SeldomFiltersProps) {
  const t = useTranslations('requests');
  const { userId } = list.state.filters;
  const { data } = useUserChoices();
  return (
    <FilterPill
      label={t('columns.user')}
      value={userId === '' ? null : (data?.find(({ value }) => value === userId)?.label ?? userId)}
      onClear={() => list.setFilter('userId', '')}
    >
      {(close) => (
        <OptionPicker
          label={t('columns.user')}
          value={userId}
          options={data}
          onChoose={(id) => {
            list.setFilter('userId', id);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}
