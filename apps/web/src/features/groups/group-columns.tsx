'use client';
// Owns the columns of the list of groups and the menu of a row.
import type { Group } from '@crs/shared';
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { IconButton } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { RelativeTime } from '@/components/ui/time';
import { useFormat } from '@/lib/use-format';

interface GroupColumnsOptions {
  canManage: boolean;
  /** Name of an account; null while it is not known. */
  accountName: (id: string) => string | null;
  onOpen: (group: Group) => void;
  onEdit: (group: Group) => void;
  onDelete: (group: Group) => void;
}

export function useGroupColumns(options: GroupColumnsOptions): DataColumn<Group>[] {
  const { canManage, accountName, onOpen, onEdit, onDelete } = options;
  const t = useTranslations('groups');
  const format = useFormat();
  return useMemo(() => {
    const columns: (DataColumn<Group> | false)[] = [
      {
        id: 'name',
        label: t('columns.name'),
        sortBy: 'name',
        width: '30%',
        phone: 'title',
        fixed: true,
        skeletonPercent: 60,
        cell: (group) => (
          <span className="flex min-w-0 items-baseline gap-2 sm:min-w-40 sm:[contain:inline-size]">
            <button
              type="button"
              tabIndex={-1}
              onClick={() => onOpen(group)}
              className="max-w-full shrink-0 truncate rounded-[4px] font-medium hover:underline max-sm:min-h-6 max-sm:shrink"
            >
              {group.name}
            </button>
            <span className="min-w-0 truncate text-muted text-xs max-sm:hidden">{group.description}</span>
          </span>
        ),
      },
      {
        id: 'members',
        label: t('columns.members'),
        phone: 'detail',
        grow: true,
        skeletonPercent: 70,
        cell: ({ accountIds }) => {
          const names = accountIds.flatMap((id) => accountName(id) ?? []).toSorted();
          return (
            <span className="flex min-w-0 items-baseline gap-2">
              <span className="shrink-0">{t('members', { count: accountIds.length })}</span>
              <span className="min-w-0 truncate text-muted max-sm:hidden" title={names.join(', ')}>
                {names.join(', ')}
              </span>
            </span>
          );
        },
      },
      {
        id: 'boundKeys',
        label: t('columns.boundKeys'),
        align: 'end',
        width: '120px',
        phone: 'detail',
        cell: ({ boundKeys }) => (
          <span className={boundKeys === 0 ? 'text-muted' : undefined}>
            <span className="max-sm:hidden">{format.count(boundKeys)}</span>
            <span className="sm:hidden">{t('boundKeys', { count: boundKeys })}</span>
          </span>
        ),
      },
      {
        id: 'updatedAt',
        label: t('columns.updatedAt'),
        width: '128px',
        phone: 'hidden',
        cell: ({ updatedAt }) => <RelativeTime at={updatedAt} className="whitespace-nowrap" />,
      },
      {
        id: 'createdAt',
        label: t('columns.createdAt'),
        sortBy: 'createdAt',
        width: '128px',
        phone: 'hidden',
        cell: ({ createdAt }) => <RelativeTime at={createdAt} className="whitespace-nowrap" />,
      },
      canManage && {
        id: 'menu',
        label: t('columns.menu'),
        width: '52px',
        align: 'end',
        phone: 'actions',
        silent: true,
        fixed: true,
        cell: (group) => (
          <Menu
            trigger={
              <IconButton
                label={t('menuOf', { name: group.name })}
                size="iconSmall"
                icon={<MoreHorizontal />}
              />
            }
            entries={[
              {
                type: 'item',
                label: t('edit'),
                icon: <Pencil aria-hidden />,
                keys: 'e',
                onSelect: () => onEdit(group),
              },
              { type: 'separator' },
              {
                type: 'item',
                label: t('delete'),
                icon: <Trash2 aria-hidden />,
                danger: true,
                onSelect: () => onDelete(group),
              },
            ]}
          />
        ),
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, format, canManage, accountName, onOpen, onEdit, onDelete]);
}
