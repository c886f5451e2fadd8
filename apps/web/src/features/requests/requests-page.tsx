'use client';
// Owns the page of relayed requests: the list that follows the traffic, its filters, and one request beside it.
import type { RequestRow } from '@crs/shared';
import { ArrowRightLeft, Pause, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { IconButton, LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { useListState } from '@/lib/use-list-state';
import { useOpenId } from '@/lib/use-open-id';
import { requestListDefinition } from './list-definition';
import { useRequestColumns } from './request-columns';
import { RequestFilters } from './request-filters';
import { useRequestList } from './request-queries';

const RequestSheet = lazy(() => import('./request-sheet'));

const rowId = (row: RequestRow) => row.id;

function toneOf({ status }: RequestRow): 'warn' | 'bad' | null {
  if (status >= 500) return 'bad';
  return status >= 400 ? 'warn' : null;
}

export function RequestsPage() {
  const t = useTranslations('requests');
  const shell = useTranslations('shell');
  const list = useListState(requestListDefinition);
  const [paused, setPaused] = useState(false);
  // Only the newest rows move; an older page stays as it is read.
  const follows = list.state.page === 1 && list.state.sort === requestListDefinition.defaultSort;
  const query = useRequestList(list.state, follows && !paused);
  const { id, open } = useOpenId();
  const onOpen = useCallback((row: RequestRow) => open(row.id), [open]);
  const columns = useRequestColumns(onOpen);
  const rows = query.data?.items;
  const nameOf = useMemo(
    () => ({
      key: (keyId: string) => rows?.find((row) => row.keyId === keyId)?.keyName ?? null,
      account: (accountId: string) => rows?.find((row) => row.accountId === accountId)?.accountName ?? null,
    }),
    [rows],
  );

  return (
    <>
      <PageHeader title={shell('pages.requests')} description={t('description')} />
      <Toolbar list={list} searchLabel={t('search')} filters={<RequestFilters list={list} nameOf={nameOf} />}>
        {follows && (
          <IconButton
            label={paused ? t('resume') : t('pause')}
            aria-pressed={paused}
            variant="secondary"
            icon={paused ? <Play /> : <Pause />}
            onClick={() => setPaused(!paused)}
          />
        )}
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <DataTable
        label={shell('pages.requests')}
        columns={columns}
        query={query}
        list={list}
        rowId={rowId}
        onOpen={onOpen}
        rowTone={toneOf}
        errorTitle={t('loadFailed')}
        empty={
          <EmptyState
            icon={<ArrowRightLeft />}
            title={t('empty.title')}
            action={<LinkButton href={paths.keys}>{t('empty.action')}</LinkButton>}
          >
            {t('empty.help')}
          </EmptyState>
        }
      />
      <Suspense>{id !== null && <RequestSheet id={id} onClose={() => open(null)} />}</Suspense>
    </>
  );
}
