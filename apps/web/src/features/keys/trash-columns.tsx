'use client';
// Owns the columns of the trash.
import type { Key } from '@crs/shared';
import { Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { Button, IconButton } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';
import { Money } from './key-columns';
import { KeyName } from './key-name';

interface TrashColumnsOptions {
  canManage: boolean;
  canPurge: boolean;
  onOpen: (key: Key) => void;
  onRestore: (key: Key) => void;
  onPurge: (key: Key) => void;
  onTag: (tag: string) => void;
}

export function useTrashColumns(options: TrashColumnsOptions): DataColumn<Key>[] {
  const { canManage, canPurge, onOpen, onRestore, onPurge, onTag } = options;
  const t = useTranslations('keys');
  return useMemo(() => {
    const columns: (DataColumn<Key> | false)[] = [
      {
        id: 'name',
        label: t('columns.name'),
        sortBy: 'name',
        phone: 'title',
        grow: true,
        fixed: true,
        skeletonPercent: 70,
        cell: (key) => <KeyName apiKey={key} onOpen={onOpen} onTag={onTag} />,
      },
      {
        id: 'hint',
        label: t('columns.hint'),
        width: '140px',
        phone: 'hidden',
        cell: (key) => <code className="whitespace-nowrap font-mono text-muted text-xs">{key.hint}</code>,
      },
      {
        id: 'deletedAt',
        label: t('columns.deletedAt'),
        sortBy: 'deletedAt',
        width: '140px',
        phone: 'detail',
        cell: (key) => <RelativeTime at={key.deletedAt} className="whitespace-nowrap" />,
      },
      {
        id: 'deletedBy',
        label: t('columns.deletedBy'),
        width: '140px',
        phone: 'detail',
        cell: (key) => key.deletedBy ?? <span className="text-muted">{'–'}</span>,
      },
      {
        id: 'spendTotal',
        label: t('columns.spendTotal'),
        width: '112px',
        align: 'end',
        phone: 'detail',
        cell: (key) => <Money nanoUsd={key.usage.total.costNanoUsd} />,
      },
      {
        id: 'createdAt',
        label: t('columns.createdAt'),
        sortBy: 'createdAt',
        width: '128px',
        phone: 'hidden',
        cell: (key) => <RelativeTime at={key.createdAt} className="whitespace-nowrap" />,
      },
      canManage && {
        id: 'actions',
        label: t('columns.menu'),
        width: '150px',
        align: 'end',
        phone: 'actions',
        silent: true,
        fixed: true,
        cell: (key) => (
          <span className="inline-flex items-center gap-1">
            <Button size="sm" icon={<Undo2 aria-hidden />} onClick={() => onRestore(key)}>
              {t('restore')}
            </Button>
            {canPurge && (
              <IconButton
                label={t('purgeOf', { name: key.name })}
                size="iconSmall"
                icon={<Trash2 />}
                onClick={() => onPurge(key)}
              />
            )}
          </span>
        ),
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, canManage, canPurge, onOpen, onRestore, onPurge, onTag]);
}
