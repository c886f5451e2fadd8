'use client';
// Owns the trash: keys that no longer work, who deleted them and when, and the two ways out.
import type { Key } from '@crs/shared';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { DataTable, Toolbar } from '@/components/data-table';
import { EmptyState } from '@/components/ui/states';
import { useListState } from '@/lib/use-list-state';
import { trashDefinition } from './list-definitions';
import { TagFilter } from './tag-filter';
import { useTrashColumns } from './trash-columns';
import { useTrash } from './use-keys';

interface TrashKeysProps {
  canManage: boolean;
  canPurge: boolean;
  onOpen: (key: Key) => void;
  onRestore: (key: Key) => void;
  onPurge: (key: Key) => void;
}

const rowId = (key: Key) => key.id;

export default function TrashKeys({ canManage, canPurge, onOpen, onRestore, onPurge }: TrashKeysProps) {
  const t = useTranslations('keys');
  const list = useListState(trashDefinition);
  const { setFilter } = list;
  const query = useTrash(list.state);
  const onTag = useCallback((tag: string) => setFilter('tag', tag), [setFilter]);
  const columns = useTrashColumns({ canManage, canPurge, onOpen, onRestore, onPurge, onTag });
  return (
    <>
      <Toolbar
        list={list}
        searchLabel={t('searchTrash')}
        filters={<TagFilter value={list.state.filters.tag} onChange={onTag} />}
      />
      <DataTable
        label={t('trashLabel')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState icon={<Trash2 />} title={t('emptyTrash.title')}>
            {t('emptyTrash.help')}
          </EmptyState>
        }
      />
    </>
  );
}
