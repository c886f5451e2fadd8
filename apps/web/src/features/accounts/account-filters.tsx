'use client';
// Owns what the list of accounts is narrowed by: kind, health and group in sight, the rest behind a button.
import { accountStatuses, type Group } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { lazy } from 'react';
import { MoreFiltersButton } from '@/components/filters/more-filters';
import { NativeSelect } from '@/components/ui/select-native';
import type { AccountKinds } from '@/lib/account-kinds';
import type { ListStateControl } from '@/lib/use-list-state';
import type { accountFilters } from './list-definition';

const MoreFilters = lazy(() => import('./more-filters'));

export type AccountList = ListStateControl<typeof accountFilters>;

interface AccountFiltersProps {
  list: AccountList;
  kinds: AccountKinds;
  /** Undefined while they are on their way. */
  groups: readonly Group[] | undefined;
}

const more = ['schedulable', 'hasProxy', 'keyId'] as const;

export function AccountFilters({ list, kinds, groups }: AccountFiltersProps) {
  const t = useTranslations('accounts');
  const { filters } = list.state;
  const chosen = more.filter((name) => filters[name] !== '').length;
  return (
    <>
      <NativeSelect
        label={t('columns.kind')}
        value={filters.kind}
        options={[
          { value: '', label: t('anyKind') },
          ...kinds.items.map(({ kind }) => ({ value: kind, label: kinds.label(kind) })),
        ]}
        onChange={(kind) => list.setFilter('kind', kind)}
      />
      <NativeSelect
        label={t('columns.health')}
        value={filters.status}
        options={[
          { value: '', label: t('anyStatus') },
          ...accountStatuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
        ]}
        onChange={(status) => list.setFilter('status', status)}
      />
      {(groups !== undefined && groups.length > 0) || filters.groupId !== '' ? (
        <NativeSelect
          label={t('columns.groups')}
          value={filters.groupId}
          options={[
            { value: '', label: t('anyGroup') },
            { value: 'none', label: t('filter.noGroup') },
            ...(groups ?? []).map((group) => ({ value: group.id, label: group.name })),
          ]}
          onChange={(groupId) => list.setFilter('groupId', groupId)}
          className="max-w-48"
        />
      ) : null}
      <MoreFiltersButton chosen={chosen} height="h-44">
        <MoreFilters list={list} />
      </MoreFiltersButton>
    </>
  );
}
