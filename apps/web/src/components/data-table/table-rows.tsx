'use client';
// Owns the rows of a list on a wide screen, and the grey ones while the first answer is on its way.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import type { MouseEvent } from 'react';
import type { FilterParams } from '@/lib/url-state';
import { Checkbox } from '../ui/checkbox';
import type { TableParts } from './table-parts';

const cellLook = 'h-(--row-height) border-line border-b px-3 py-1 group-last:border-b-0';
const SKELETON_ROWS = 10;

/** A press on a control inside a row is meant for the control. */
export function isOwnPress(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const inner = target?.closest('a, button, input, label, select, [role="menuitem"], [role="checkbox"]');
  const selected = window.getSelection()?.toString() ?? '';
  return (inner === null || inner === undefined || inner === event.currentTarget) && selected === '';
}

export function TableRows<Row extends object, Filters extends FilterParams>(parts: TableParts<Row, Filters>) {
  const { table, props, loading, showSkeleton } = parts;
  const t = useTranslations('common.table');
  const columns = table.getVisibleLeafColumns();
  if (loading) {
    return Array.from({ length: SKELETON_ROWS }, (_, index) => (
      <tr key={`loading-${index}`} aria-hidden className="group">
        {props.selection !== undefined && <td className={cellLook} />}
        {columns.map((column) => (
          <td key={column.id} className={cellLook}>
            <span
              className={clsx('block h-3', showSkeleton && 'skeleton')}
              style={{ width: `${column.columnDef.meta?.skeletonPercent ?? 60}%` }}
            />
          </td>
        ))}
      </tr>
    ));
  }
  return table.getRowModel().rows.map((row) => {
    const { onOpen, rowTone } = props;
    const tone = rowTone?.(row.original) ?? null;
    return (
      <tr
        key={row.id}
        data-row-id={row.id}
        tabIndex={onOpen === undefined ? undefined : 0}
        aria-selected={props.selection === undefined ? undefined : row.getIsSelected()}
        onClick={onOpen === undefined ? undefined : (event) => isOwnPress(event) && onOpen(row.original)}
        className={clsx(
          'group focus-visible:-outline-offset-2 [&:last-child>td:first-child]:rounded-bl-card [&:last-child>td:last-child]:rounded-br-card',
          onOpen !== undefined && 'cursor-pointer',
          row.getIsSelected() ? 'bg-accent-soft' : 'hover:bg-hover',
          tone === 'warn' && 'bg-warn-soft',
          tone === 'bad' && 'bg-bad-soft',
        )}
      >
        {props.selection !== undefined && (
          <td className={clsx(cellLook, 'w-10')}>
            <Checkbox
              aria-label={t('selectRow')}
              checked={row.getIsSelected()}
              onChange={(checked) => row.toggleSelected(checked)}
            />
          </td>
        )}
        {row.getVisibleCells().map((cell) => (
          <td
            key={cell.id}
            className={clsx(
              cellLook,
              cell.column.columnDef.meta?.align === 'end' && 'text-right',
              cell.column.columnDef.meta?.grow === true && 'w-full max-w-0',
            )}
          >
            <table.FlexRender cell={cell} />
          </td>
        ))}
      </tr>
    );
  });
}
