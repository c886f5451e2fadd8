// Owns what a column of a list is, on top of TanStack Table: how it is headed, aligned, loaded, and shown on a phone.
import {
  type ColumnDef,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

export interface ColumnLook {
  /** Heading and name in the column chooser, already translated. */
  label: string;
  align?: 'start' | 'end';
  /** CSS width, e.g. `120px`; without one the column takes what is left. */
  width?: string;
  /** Takes what the others leave and cuts its content off; never narrower than a name. One column of a list. */
  grow?: boolean;
  /** Width of the grey bar while loading, in percent of the column. */
  skeletonPercent?: number;
  /**
   * Place in the card of a phone: `title` and `aside` share its first line, `detail`s its second, `actions` stand
   * at the edge; `hidden` ones are left to the detail page.
   */
  phone: 'title' | 'aside' | 'detail' | 'actions' | 'hidden';
  /** The header has no text in sight (actions); the label still names it. */
  silent?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
}

export const dataTableFeatures = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  columnMeta: {} as ColumnLook,
});

export type DataTableFeatures = typeof dataTableFeatures;

export interface DataColumn<Row> extends ColumnLook {
  /** Also the name in the address when hidden. */
  id: string;
  /** Field the server sorts by; absent: not sortable. */
  sortBy?: string;
  cell: (row: Row) => ReactNode;
}

/** Columns as the table library takes them. */
export function toColumnDefs<Row extends object>(
  columns: readonly DataColumn<Row>[],
): ColumnDef<DataTableFeatures, Row>[] {
  return columns.map(({ id, sortBy, cell, ...look }) => ({
    id,
    accessorFn: (row: Row) => row,
    cell: (context: { row: { original: Row } }) => cell(context.row.original),
    header: look.label,
    enableSorting: sortBy !== undefined,
    enableHiding: look.fixed !== true,
    meta: look,
  }));
}

/** Present direction of a column in `aria-sort` words. */
export function sortDirection(sort: string, sortBy: string | undefined): 'ascending' | 'descending' | 'none' {
  if (sortBy === undefined || sort.replace(/^-/, '') !== sortBy) return 'none';
  return sort.startsWith('-') ? 'descending' : 'ascending';
}

/** The sort after a press on a heading: ascending first, then descending, and back. */
export function nextSort(sort: string, sortBy: string): string {
  return sortDirection(sort, sortBy) === 'ascending' ? `-${sortBy}` : sortBy;
}
