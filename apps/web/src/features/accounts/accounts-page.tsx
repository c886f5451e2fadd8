'use client';
// Owns the page of upstream accounts: the list over all kinds, and what opens above it.
import type { Account } from '@crs/shared';
import { Plus, Server } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { useAccountKinds } from '@/lib/account-kinds';
import { useCanManage } from '@/lib/session';
import { useShortcut } from '@/lib/shortcuts';
import { useAllGroups } from '@/lib/upstream';
import { useListState } from '@/lib/use-list-state';
import { useOpenId } from '@/lib/use-open-id';
import { type AccountAbove, AccountDialogs } from './account-dialogs';
import { useAccountColumns } from './account-columns';
import { AccountFilters } from './account-filters';
import { useAccountList } from './account-queries';
import { accountListDefinition } from './list-definition';
import { useAccountChanges } from './use-account-changes';

const AccountDialog = lazy(() => import('./account-dialog'));
const AccountSheet = lazy(() => import('./account-sheet'));
const BulkBar = lazy(() => import('./bulk-bar'));
const ChangeFailureAlert = lazy(() => import('./change-failure'));

const rowId = (account: Account) => account.id;
const noIds: ReadonlySet<string> = new Set();

export function AccountsPage() {
  const t = useTranslations('accounts');
  const shell = useTranslations('shell');
  const canManage = useCanManage();
  const list = useListState(accountListDefinition);
  const query = useAccountList(list.state);
  const kinds = useAccountKinds();
  const groups = useAllGroups().data;
  const changes = useAccountChanges();
  const { id, open } = useOpenId();
  const adding = useOpenId('new');
  const [above, setAbove] = useState<AccountAbove | null>(null);
  const [selected, setSelected] = useState(noIds);
  // What is not on the page any more is not acted upon.
  const chosen = query.data?.items.filter((account) => selected.has(account.id)) ?? [];

  const create = () => adding.open('1');
  const onOpen = useCallback((account: Account) => open(account.id), [open]);
  const onEdit = useCallback((account: Account) => setAbove({ what: 'edit', account }), []);
  const onSignIn = useCallback((account: Account) => setAbove({ what: 'login', account }), []);
  const onDelete = useCallback((account: Account) => setAbove({ what: 'delete', account }), []);

  useShortcut('n', 'create', create, canManage);
  const columns = useAccountColumns({
    canManage,
    kinds,
    groups,
    changes,
    onOpen,
    onEdit,
    onSignIn,
    onAbove: setAbove,
  });

  const addButton = canManage && (
    <Button variant="primary" icon={<Plus />} title="n" onClick={create}>
      {t('add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={shell('pages.accounts')} description={t('description')} actions={addButton} />
      {id === null && changes.failure !== null && (
        <Suspense>
          <ChangeFailureAlert changes={changes} />
        </Suspense>
      )}
      <Toolbar
        list={list}
        searchLabel={t('search')}
        filters={<AccountFilters list={list} kinds={kinds} groups={groups} />}
      >
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={shell('pages.accounts')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        onEdit={canManage ? onEdit : undefined}
        selection={canManage ? { ids: selected, onChange: setSelected } : undefined}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState icon={<Server />} title={t('empty.title')} action={addButton}>
            {t('empty.help')}
          </EmptyState>
        }
      />
      <Suspense>
        {chosen.length > 0 && (
          <BulkBar
            accounts={chosen}
            changes={changes}
            onDone={(left) => setSelected(new Set(left.map(rowId)))}
          />
        )}
        {id !== null && above === null && adding.id === null && (
          <AccountSheet
            id={id}
            kinds={kinds}
            changes={changes}
            onClose={() => open(null)}
            onEdit={onEdit}
            onSignIn={onSignIn}
            onDelete={onDelete}
          />
        )}
        {canManage && adding.id !== null && (
          <AccountDialog
            kinds={kinds}
            account={null}
            onClose={() => adding.open(null)}
            onSaved={changes.reload}
            onEdit={(account) => {
              adding.open(null);
              onEdit(account);
            }}
          />
        )}
      </Suspense>
      <AccountDialogs
        {...{ above, kinds, changes }}
        onAbove={setAbove}
        onDeleted={(account) => account.id === id && open(null)}
      />
    </>
  );
}
