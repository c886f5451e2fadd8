'use client';
// Owns the header of a list: names, sorting with `aria-sort`, and "select all of this page".
import type { ReactTable } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FilterParams } from '@/lib/url-state';
import type { ListStateControl } from '@/lib/use-list-state';
import { Checkbox } from '../ui/checkbox';
import { type DataColumn, type DataTableFeatures, nextSort, sortDirection } from './columns';

interface TableHeadProps<Row extends object, Filters extends FilterParams> {
  table: ReactTable<DataTableFeatures, Row>;
  columns: readonly DataColumn<Row>[];
  list: ListStateControl<Filters>;
  selectable: boolean;
  /** Stays in sight below the top bar; not inside a box that scrolls. */
  sticky: boolean;
}

// Sticks to the window only where the list needs no scroll box of its own (see the canvas).
const cellLook =
  'z-10 h-9 border-line border-b bg-surface px-3 text-left font-medium text-muted text-xs first:rounded-tl-card last:rounded-tr-card';

export function TableHead<Row extends object, Filters extends FilterParams>(
  props: TableHeadProps<Row, Filters>,
) {
  const { table, columns, list, selectable, sticky } = props;
  const headLook = clsx(cellLook, sticky ? 'sticky top-(--topbar-height)' : 'relative');
  const t = useTranslations('common.table');
  return (
    <thead>
      <tr>
        {selectable && (
          <th scope="col" className={clsx(headLook, 'w-10')}>
            <Checkbox
              aria-label={t('selectPage')}
              checked={table.getIsAllRowsSelected()}
              indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
              onChange={(checked) => table.toggleAllRowsSelected(checked)}
            />
          </th>
        )}
        {table.getVisibleLeafColumns().map((column) => {
          const look = column.columnDef.meta;
          const sortBy = columns.find(({ id }) => id === column.id)?.sortBy;
          const direction = sortDirection(list.state.sort, sortBy);
          const atEnd = look?.align === 'end';
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={sortBy === undefined ? undefined : direction}
              style={look?.width === undefined ? undefined : { width: look.width }}
              className={clsx(headLook, atEnd && 'text-right', look?.grow === true && 'min-w-56')}
            >
              {sortBy === undefined ? (
                <span className={clsx('whitespace-nowrap', look?.silent === true && 'sr-only')}>
                  {look?.label}
                </span>
              ) : (
                <button
                  type="button"
                  onClick={() => list.setSort(nextSort(list.state.sort, sortBy))}
                  className={clsx(
                    '-mx-1 inline-flex h-7 items-center gap-1 whitespace-nowrap rounded-[4px] px-1 font-medium hover:text-text',
                    direction !== 'none' && 'text-text',
                    atEnd && 'flex-row-reverse',
                  )}
                >
                  {look?.label}
                  <SortIcon direction={direction} />
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SortIcon({ direction }: { direction: 'ascending' | 'descending' | 'none' }) {
  if (direction === 'ascending') return <ArrowUp aria-hidden className="size-3.5" />;
  if (direction === 'descending') return <ArrowDown aria-hidden className="size-3.5" />;
  return <ChevronsUpDown aria-hidden className="size-3.5 opacity-60" />;
}
