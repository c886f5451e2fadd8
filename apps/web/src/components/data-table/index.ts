// Owns what pages use of the list.
export { ColumnChooser } from './column-chooser';
export type { DataColumn } from './columns';
export { DataTable } from './data-table';
export { Toolbar } from './toolbar';
