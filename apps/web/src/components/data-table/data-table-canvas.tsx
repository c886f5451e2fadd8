'use client';
// Owns the drawing of a list: states, selection, keyboard, cards on phones. A chunk of its own that arrives
// together with the first rows.
import { useTable } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { FilterParams } from '@/lib/url-state';
import { useIsPhone } from '@/lib/use-is-phone';
import { Button } from '../ui/button';
import { useDelayed } from '../ui/skeleton';
import { EmptyState, ErrorState } from '../ui/states';
import { type DataColumn, dataTableFeatures, toColumnDefs } from './columns';
import type { DataTableProps } from './data-table';
import { Pagination } from './pagination';
import { CardRows } from './card-rows';
import { TableHead } from './table-head';
import { TableRows } from './table-rows';
import { CardTotals, TableTotals } from './table-totals';
import { useOverflow } from './use-overflow';
import { useRowKeys } from './use-row-keys';
import { useRowWindow } from './use-row-window';

const noRows: never[] = [];
/** Height of a row until one is drawn. */
const ROW_PX = 40;
const NAME_PX = 208;
const COLUMN_PX = 120;

/** Room for every column, in px: the one that grows is never narrower than a name. */
function leastWidth(columns: readonly Pick<DataColumn<never>, 'width' | 'grow'>[]): number {
  return columns.reduce(
    (sum, { width, grow }) => sum + (grow === true ? NAME_PX : Number.parseInt(width ?? '', 10) || COLUMN_PX),
    40,
  );
}

export default function DataTableCanvas<Row extends object, Filters extends FilterParams>(
  props: DataTableProps<Row, Filters>,
) {
  const { columns, query, list, rowId, selection } = props;
  const t = useTranslations('common.table');
  const isPhone = useIsPhone();
  const body = useRef<HTMLElement>(null);
  const [frame, overflows] = useOverflow();

  const columnDefs = useMemo(() => toColumnDefs(columns), [columns]);
  const rowSelection = useMemo(
    () => Object.fromEntries([...(selection?.ids ?? [])].map((id) => [id, true as const])),
    [selection?.ids],
  );
  const table = useTable({
    features: dataTableFeatures,
    columns: columnDefs,
    data: query.data?.items ?? noRows,
    getRowId: rowId,
    manualSorting: true,
    enableRowSelection: selection !== undefined,
    state: {
      rowSelection,
      columnVisibility: Object.fromEntries(list.state.hiddenColumns.map((id) => [id, false])),
    },
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update;
      selection?.onChange(new Set(Object.keys(next)));
    },
  });
  const items = query.data?.items ?? noRows;
  const shownColumns = useMemo(
    () => columns.filter(({ id }) => !list.state.hiddenColumns.includes(id)),
    [columns, list.state.hiddenColumns],
  );
  const rowWindow = useRowWindow({ count: items.length, body, rowPx: ROW_PX, enabled: !isPhone });
  const { focusRow, onFocusRow } = rowWindow;
  useRowKeys(body, { ...props, rows: items, focusRow, onFocusRow });
  // The same function for every row and every drawing, so that rows which stand need not be drawn again.
  const latestSelection = useRef(selection);
  useEffect(() => {
    latestSelection.current = selection;
  });
  const onSelect = useCallback((id: string, selected: boolean) => {
    const next = new Set(latestSelection.current?.ids);
    if (selected) next.add(id);
    else next.delete(id);
    latestSelection.current?.onChange(next);
  }, []);

  const loading = query.data === undefined && (query.error === null || query.isFetching);
  const showSkeleton = useDelayed(loading);
  const stale = useDelayed(query.isPlaceholderData && query.isFetching);
  const failed = query.data === undefined && !loading;
  const isEmpty = query.data?.items.length === 0;

  let content: ReactNode = null;
  if (failed) {
    content = (
      <ErrorState title={props.errorTitle} error={query.error} onRetry={() => void query.refetch()} />
    );
  } else if (isEmpty && list.filtered) {
    content = (
      <EmptyState title={t('noMatch')} action={<Button onClick={list.clear}>{t('clearFilters')}</Button>}>
        {t('noMatchHelp')}
      </EmptyState>
    );
  } else if (isEmpty && list.state.page > 1) {
    content = (
      <EmptyState
        title={t('pageGone')}
        action={<Button onClick={() => list.setPage(1)}>{t('firstPage')}</Button>}
      />
    );
  } else if (isEmpty) {
    content = props.empty;
  }

  const parts = { table, props, columns: shownColumns, rowWindow, onSelect, loading, showSkeleton };
  const { isPartial } = rowWindow;
  return (
    <div className="min-w-0 rounded-card border border-line bg-surface" aria-busy={query.isFetching}>
      {content ?? (
        <div className={clsx('transition-opacity', stale && 'opacity-55')}>
          {isPhone ? (
            <>
              <CardRows {...parts} body={body as RefObject<HTMLUListElement | null>} />
              <CardTotals {...parts} />
            </>
          ) : (
            // The header sticks to the window; a scroll box takes that away, so there is one only where it is needed.
            <div ref={frame} className={overflows ? 'overflow-x-auto' : 'overflow-x-clip'}>
              <table
                aria-rowcount={isPartial ? items.length + 1 : undefined}
                // Rows that come and go must not move the columns.
                className={clsx(
                  'w-full border-separate border-spacing-0 text-sm',
                  isPartial && 'table-fixed',
                )}
                style={isPartial ? { minWidth: leastWidth(shownColumns) } : undefined}
              >
                <caption className="sr-only">{props.label}</caption>
                <TableHead
                  {...{ table, columns, list }}
                  selectable={selection !== undefined}
                  sticky={!overflows}
                  isPartial={isPartial}
                />
                <tbody ref={body as RefObject<HTMLTableSectionElement | null>}>
                  <TableRows {...parts} />
                </tbody>
                <TableTotals {...parts} />
              </table>
            </div>
          )}
        </div>
      )}
      {query.data !== undefined && query.data.total > 0 && (
        <Pagination total={query.data.total} list={list} />
      )}
    </div>
  );
}
