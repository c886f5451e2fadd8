'use client';
// Owns the page of account groups: the list, and what opens above it.
import type { Group } from '@crs/shared';
import { Boxes, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { useCanManage } from '@/lib/session';
import { useShortcut } from '@/lib/shortcuts';
import { useAllAccounts } from '@/lib/upstream';
import { useListState } from '@/lib/use-list-state';
import { useOpenId } from '@/lib/use-open-id';
import { useGroupColumns } from './group-columns';
import { groupListDefinition } from './list-definition';
import { useGroupList } from './use-groups';

const DeleteGroup = lazy(() => import('./delete-group'));
const GroupDialog = lazy(() => import('./group-dialog'));
const GroupSheet = lazy(() => import('./group-sheet'));

type Above = { what: 'edit' | 'delete'; group: Group } | null;

const rowId = (group: Group) => group.id;

export function GroupsPage() {
  const t = useTranslations('groups');
  const shell = useTranslations('shell');
  const canManage = useCanManage();
  const list = useListState(groupListDefinition);
  const query = useGroupList(list.state);
  const accounts = useAllAccounts().data;
  const { id, open } = useOpenId();
  const adding = useOpenId('new');
  const [above, setAbove] = useState<Above>(null);

  const names = useMemo(() => new Map(accounts?.map((account) => [account.id, account.name])), [accounts]);
  const accountName = useCallback((accountId: string) => names.get(accountId) ?? null, [names]);
  const create = () => adding.open('1');
  const onOpen = useCallback((group: Group) => open(group.id), [open]);
  const onEdit = useCallback((group: Group) => setAbove({ what: 'edit', group }), []);
  const onDelete = useCallback((group: Group) => setAbove({ what: 'delete', group }), []);
  useShortcut('n', 'create', create, canManage);
  const columns = useGroupColumns({ canManage, accountName, onOpen, onEdit, onDelete });

  const createButton = canManage && (
    <Button variant="primary" icon={<Plus aria-hidden />} title="n" onClick={create}>
      {t('create')}
    </Button>
  );
  return (
    <>
      <PageHeader title={shell('pages.groups')} description={t('description')} actions={createButton} />
      <Toolbar list={list} searchLabel={t('search')}>
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={shell('pages.groups')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        onEdit={canManage ? onEdit : undefined}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState icon={<Boxes />} title={t('empty.title')} action={createButton}>
            {t('empty.help')}
          </EmptyState>
        }
      />
      <Suspense>
        {id !== null && above === null && adding.id === null && (
          <GroupSheet id={id} {...{ canManage, onEdit, onDelete }} onClose={() => open(null)} />
        )}
        {canManage && adding.id !== null && <GroupDialog group={null} onClose={() => adding.open(null)} />}
        {above?.what === 'edit' && <GroupDialog group={above.group} onClose={() => setAbove(null)} />}
        {above?.what === 'delete' && (
          <DeleteGroup
            group={above.group}
            onClose={() => setAbove(null)}
            onDeleted={() => id === above.group.id && open(null)}
          />
        )}
      </Suspense>
    </>
  );
}
