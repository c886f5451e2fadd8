'use client';
// Owns what the list of keys is narrowed by: status and tag in sight, the rest behind a button that says how many hold.
import { ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { NativeSelect } from '@/components/ui/select-native';
import { useIsPhone } from '@/lib/use-is-phone';
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
  const isPhone = useIsPhone();
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
      {isPhone ? (
        <Suspense>
          <MoreFilters list={list} />
        </Suspense>
      ) : (
        <Popover
          title={t('filter.more')}
          align="start"
          className="w-80"
          trigger={
            <Button
              icon={<ListFilter aria-hidden />}
              className={chosen > 0 ? 'border-accent! text-accent-text!' : undefined}
            >
              {chosen === 0 ? t('filter.more') : t('filter.moreChosen', { count: chosen })}
            </Button>
          }
        >
          <Suspense fallback={<span className="block h-52" />}>
            <MoreFilters list={list} />
          </Suspense>
        </Popover>
      )}
    </>
  );
}
