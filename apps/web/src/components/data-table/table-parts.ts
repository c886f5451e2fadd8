// Owns what the table hands to its parts.
import type { ReactTable } from '@tanstack/react-table';
import type { FilterParams } from '@/lib/url-state';
import type { DataTableFeatures } from './columns';
import type { DataTableProps } from './data-table';

export interface TableParts<Row extends object, Filters extends FilterParams> {
  table: ReactTable<DataTableFeatures, Row>;
  props: DataTableProps<Row, Filters>;
  /** The first rows are on their way. */
  loading: boolean;
  /** They take long enough for grey bars. */
  showSkeleton: boolean;
}
