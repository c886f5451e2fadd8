// Owns what the table hands to its parts.
import type { ReactTable } from '@tanstack/react-table';
import type { FilterParams } from '@/lib/url-state';
import type { DataColumn, DataTableFeatures } from './columns';
import type { DataTableProps } from './data-table';
import type { RowWindow } from './use-row-window';

export interface TableParts<Row extends object, Filters extends FilterParams> {
  table: ReactTable<DataTableFeatures, Row>;
  props: DataTableProps<Row, Filters>;
  /** Those in sight. */
  columns: readonly DataColumn<Row>[];
  rowWindow: RowWindow;
  /** Selects a row, or takes it out. */
  onSelect: (id: string, selected: boolean) => void;
  /** The first rows are on their way. */
  loading: boolean;
  /** They take long enough for grey bars. */
  showSkeleton: boolean;
}
