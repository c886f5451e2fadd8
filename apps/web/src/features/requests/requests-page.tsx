'use client';
// Owns the page of relayed requests: the list that follows the traffic, its filters, the counts above it, and one request
// beside it.
import type { RequestRow } from '@crs/shared';
import { ArrowRightLeft, Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ColumnChooser, DataTable, Toolbar } from '@/components/data-table';
import { PageHeader } from '@/components/shell/page-header';
import { IconButton, LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { useListState } from '@/lib/use-list-state';
import { useOpenId } from '@/lib/use-open-id';
import { ExportFailure, useExport } from './export';
import { requestListDefinition, searchOf, toLiveQuery } from './list-definition';
import { LiveBar, LiveSwitch } from './live-bar';
import { newestFirst } from './live-rows';
import { useRequestColumns } from './request-columns';
import { RequestFilters } from './request-filters';
import { useRequestHistogram, useRequestList } from './request-queries';
import { useLiveRequests } from './use-live-requests';

const RequestSheet = lazy(() => import('./request-sheet'));
const Histogram = lazy(() => import('./histogram'));

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
  const liveQuery = toLiveQuery(list.state);
  const live = useLiveRequests(liveQuery, paused);
  const query = useRequestList(list.state);
  const histogram = useRequestHistogram(list.state, liveQuery !== null && !paused);
  const exporting = useExport(list.state);
  const { id, open } = useOpenId();
  const onOpen = useCallback((row: RequestRow) => open(row.id), [open]);
  const columns = useRequestColumns(onOpen);
  const { shown } = live.rows;
  const isPlaceholder = query.isPlaceholderData;
  const rows = useMemo(() => {
    const items = query.data?.items;
    return items === undefined || shown.length === 0 || isPlaceholder
      ? items
      : newestFirst(shown, items, Math.max(items.length, shown.length) + items.length);
  }, [query.data, shown, isPlaceholder]);
  const shownQuery =
    query.data === undefined || rows === undefined
      ? query
      : { ...query, data: { items: rows, total: Math.max(query.data.total, rows.length) } };
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
        {liveQuery !== null && (
          <LiveSwitch status={live.status} paused={paused} onToggle={() => setPaused(!paused)} />
        )}
        <IconButton
          label={t('export')}
          variant="secondary"
          busy={exporting.isBusy}
          icon={<Download />}
          onClick={exporting.start}
        />
        <ColumnChooser columns={columns} list={list} />
      </Toolbar>
      <ExportFailure exporting={exporting} />
      {searchOf(list.state) === undefined && (
        // As high as the picture will be, so that nothing moves when it comes.
        <div className="mb-3 min-h-[134px] max-sm:min-h-[166px]">
          <Suspense>
            {histogram.data !== undefined && <Histogram data={histogram.data} list={list} />}
          </Suspense>
        </div>
      )}
      <LiveBar
        live={live}
        onReload={() => {
          live.reset();
          void query.refetch();
        }}
      />
      <DataTable
        label={shell('pages.requests')}
        columns={columns}
        query={shownQuery}
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
