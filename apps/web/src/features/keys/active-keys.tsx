'use client';
// Owns the list of keys in use: search, filters, columns, selection.
import type { Key } from '@crs/shared';
import { KeyRound, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { useListState } from '@/lib/use-list-state';
import { KeyExport } from './key-export';
import { useKeyColumns } from './key-columns';
import type { KeyDialogOpeners } from './key-dialogs';
import { KeyFilters } from './key-filters';
import { keyListDefinition } from './list-definitions';
import type { KeyChanges } from './use-key-changes';
import { useKeyList } from './use-keys';

interface ActiveKeysProps {
  canManage: boolean;
  changes: KeyChanges;
  onOpen: (key: Key) => void;
  openers: KeyDialogOpeners;
}

const BulkBar = lazy(() => import('./bulk-bar'));

const rowId = (key: Key) => key.id;
const none: ReadonlySet<string> = new Set();
const noKeys: readonly Key[] = [];

export function ActiveKeys(props: ActiveKeysProps) {
  const { canManage, changes, onOpen, openers } = props;
  const { onCreate, onEdit } = openers;
  const t = useTranslations('keys');
  const list = useListState(keyListDefinition);
  const { setFilter } = list;
  const query = useKeyList(list.state);
  const [selected, setSelected] = useState(none);
  const onTag = useCallback((tag: string) => setFilter('tag', tag), [setFilter]);
  const columns = useKeyColumns({ canManage, changes, onOpen, openers, onTag });

  const rows = query.data?.items ?? noKeys;
  // What is selected is what is seen: another page or filter leaves nothing selected behind.
  const selectedRows = useMemo(() => rows.filter((key) => selected.has(key.id)), [rows, selected]);
  const ids = useMemo(() => new Set(selectedRows.map(rowId)), [selectedRows]);

  return (
    <>
      <Toolbar list={list} searchLabel={t('search')} filters={<KeyFilters list={list} />}>
        <KeyExport list={list} />
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={t('listLabel')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        onEdit={canManage ? onEdit : undefined}
        selection={canManage ? { ids, onChange: setSelected } : undefined}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState
            icon={<KeyRound />}
            title={t('empty.title')}
            action={
              canManage && (
                <Button variant="primary" icon={<Plus aria-hidden />} onClick={onCreate}>
                  {t('create')}
                </Button>
              )
            }
          >
            {t('empty.help')}
          </EmptyState>
        }
      />
      {selectedRows.length > 0 ? (
        <Suspense>
          <BulkBar
            keys={selectedRows}
            changes={changes}
            onDone={(left) => setSelected(new Set(left.map(rowId)))}
          />
        </Suspense>
      ) : (
        canManage &&
        query.data !== undefined &&
        query.data.total > 0 && (
          <div className="sticky bottom-0 z-20 -mx-4 border-line border-t bg-canvas px-4 pt-2 pb-[max(8px,env(safe-area-inset-bottom))] sm:hidden">
            <Button variant="primary" icon={<Plus aria-hidden />} onClick={onCreate} className="w-full">
              {t('create')}
            </Button>
          </div>
        )
      )}
    </>
  );
}
