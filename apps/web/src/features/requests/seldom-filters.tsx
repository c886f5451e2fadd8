'use client';
// Owns the filters of the request list that are seldom wanted.
import { requestOutcomes } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { KindPill, UserPill } from '@/components/filters/entry-pills';
import { FilterPill } from '@/components/filters/filter-pill';
import { OptionPicker } from '@/components/filters/option-picker';
import { clientChoices, clientName } from '@/lib/client-names';
import type { ListStateControl } from '@/lib/use-list-state';
import type { requestFilters } from './list-definition';
import { CostPill, DurationPill } from './range-pills';

interface SeldomFiltersProps {
  list: ListStateControl<typeof requestFilters>;
}

export function SeldomFilters({ list }: SeldomFiltersProps) {
  const t = useTranslations('requests');
  const { filters } = list.state;
  const choose = (name: 'client', close: () => void) => (value: string) => {
    list.setFilter(name, value);
    close();
  };
  return (
    <>
      <UserPill value={filters.userId} onChange={(id) => list.setFilter('userId', id)} />
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
      <KindPill value={filters.kind} onChange={(kind) => list.setFilter('kind', kind)} />
      <CostPill list={list} />
      <DurationPill list={list} />
    </>
  );
}
