'use client';
// Owns the list of a page as pages write it. The drawing is loaded beside the rows, so that the page stands first.
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import type { FilterParams } from '@/lib/url-state';
import type { ListStateControl } from '@/lib/use-list-state';
import type { DataColumn } from './columns';

/** What the table needs of a query: the answer of a list, what is on its way, what failed. */
interface ListQuery<Row> {
  data: { items: readonly Row[]; total: number } | undefined;
  isFetching: boolean;
  /** The rows shown belong to another page or filter. */
  isPlaceholderData: boolean;
  error: unknown;
  refetch: () => unknown;
}

export interface Selection {
  ids: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
}

export interface DataTableProps<Row, Filters extends FilterParams> {
  /** Name of the table for everybody who does not see it. */
  label: string;
  columns: readonly DataColumn<Row>[];
  query: ListQuery<Row>;
  list: ListStateControl<Filters>;
  rowId: (row: Row) => string;
  /** A press on a row, or Enter on it. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The key `e` on a row. */
  onEdit?: ((row: Row) => void) | undefined;
  selection?: Selection | undefined;
  /** Tint of a row; only for what needs to catch the eye. */
  rowTone?: ((row: Row) => 'warn' | 'bad' | null) | undefined;
  /** A last row that stands for all rows of all pages; its cells are drawn as any other's. */
  totals?: Row | undefined;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
  /** What the error says when rows could not be loaded. */
  errorTitle: string;
}

// `lazy` forgets that the component is generic; its props are checked by the signature below.
const DataTableCanvas = lazy(() => import('./data-table-canvas')) as unknown as ComponentType<object>;

export function DataTable<Row extends object, Filters extends FilterParams>(
  props: DataTableProps<Row, Filters>,
) {
  return (
    <Suspense fallback={<div className="min-h-96 rounded-card border border-line bg-surface" />}>
      <DataTableCanvas {...props} />
    </Suspense>
  );
}
