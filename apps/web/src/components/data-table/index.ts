// Owns what pages use of the list.
export { ColumnChooser } from './column-chooser';
export type { DataColumn } from './columns';
export { DataTable, type ListQuery, type Selection } from './data-table';
export { Toolbar } from './toolbar';
