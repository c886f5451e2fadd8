'use client';
// Owns the last row of a list: what stands for all rows of all pages.
import { clsx } from 'clsx';
import type { FilterParams } from '@/lib/url-state';
import type { TableParts } from './table-parts';

export function TableTotals<Row extends object, Filters extends FilterParams>({
  table,
  props: { totals, columns, selection },
  loading,
}: TableParts<Row, Filters>) {
  if (totals === undefined || loading) return null;
  const look = 'h-(--row-height) border-line-strong border-t bg-surface px-3 py-1 font-medium';
  return (
    <tfoot>
      <tr className="[&>*:first-child]:rounded-bl-card [&>*:last-child]:rounded-br-card">
        {selection !== undefined && <td className={look} />}
        {table.getVisibleLeafColumns().map((column, index) => {
          const cell = columns.find(({ id }) => id === column.id)?.cell(totals);
          const meta = column.columnDef.meta;
          return index === 0 ? (
            <th key={column.id} scope="row" className={clsx(look, 'text-left')}>
              {cell}
            </th>
          ) : (
            <td key={column.id} className={clsx(look, meta?.align === 'end' && 'text-right')}>
              {cell}
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}

/** The same below the cards of a phone. */
export function CardTotals<Row extends object, Filters extends FilterParams>({
  props: { totals, columns },
  loading,
}: TableParts<Row, Filters>) {
  if (totals === undefined || loading) return null;
  const at = (place: 'title' | 'aside' | 'detail') => columns.filter(({ phone }) => phone === place);
  return (
    <div className="border-line-strong border-t px-4 py-2.5 font-medium">
      <div className="flex min-h-6 items-center gap-2">
        {at('title').map(({ id, cell }) => (
          <div key={id} className="min-w-0 flex-1 truncate">
            {cell(totals)}
          </div>
        ))}
        {at('aside').map(({ id, cell }) => (
          <div key={id} className="text-sm">
            {cell(totals)}
          </div>
        ))}
      </div>
      <dl className="flex flex-wrap gap-x-3 text-muted text-sm">
        {at('detail').map(({ id, label, cell }) => (
          <div key={id} className="flex items-center gap-1">
            <dt className="sr-only">{label}</dt>
            <dd>{cell(totals)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
