'use client';
// Owns what the list of keys is narrowed by: status and tag in sight, the rest behind a button that says how many hold.
import { useTranslations } from 'next-intl';
import { lazy } from 'react';
import { MoreFiltersButton } from '@/components/filters/more-filters';
import { NativeSelect } from '@/components/ui/select-native';
import type { ListStateControl } from '@/lib/use-list-state';
import { type keyListDefinition, leastFigures, listedStatuses } from './list-definitions';
import { TagFilter } from './tag-filter';

const MoreFilters = lazy(() => import('./more-filters'));

export type KeyList = ListStateControl<(typeof keyListDefinition)['filters']>;

const more = [
  'userId',
  'accountId',
  'groupId',
  'expiresWithinDays',
  'budgetUsedPercent',
  'neverUsed',
  'usedWithinDays',
  'unusedForDays',
  'createdWithinDays',
  'updatedWithinDays',
  ...leastFigures,
] as const;

export function KeyFilters({ list }: { list: KeyList }) {
  const t = useTranslations('keys');
  const { filters } = list.state;
  const chosen = more.filter((name) => filters[name] !== '').length;
  return (
    <>
      <NativeSelect
        label={t('filter.status')}
        value={filters.status}
        options={[
          { value: '', label: t('filter.anyStatus') },
          ...listedStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
        ]}
        onChange={(status) => list.setFilter('status', status)}
      />
      <TagFilter value={filters.tag} onChange={(tag) => list.setFilter('tag', tag)} />
      <MoreFiltersButton chosen={chosen} height="h-52">
        <MoreFilters list={list} />
      </MoreFiltersButton>
    </>
  );
}
