'use client';
// Owns the rows of a list on a wide screen, and the grey ones while the first answer is on its way.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { Fragment, memo, type MouseEvent, type ReactNode } from 'react';
import type { FilterParams } from '@/lib/url-state';
import { Checkbox } from '../ui/checkbox';
import type { DataColumn } from './columns';
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
  const { table, props, columns, loading, showSkeleton, rowWindow } = parts;
  if (loading) {
    return Array.from({ length: SKELETON_ROWS }, (_, index) => (
      <tr key={`loading-${index}`} aria-hidden className="group">
        {props.selection !== undefined && <td className={cellLook} />}
        {columns.map((column) => (
          <td key={column.id} className={cellLook}>
            <span
              className={clsx('block h-3', showSkeleton && 'skeleton')}
              style={{ width: `${column.skeletonPercent ?? 60}%` }}
            />
          </td>
        ))}
      </tr>
    ));
  }
  const { rows } = table.getRowModel();
  return (
    <>
      {rowWindow.rows.map(({ index, gapPx }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <Fragment key={row.id}>
            {gapPx > 0 && <Gap heightPx={gapPx} />}
            <TableRow
              id={row.id}
              index={index}
              record={row.original}
              columns={columns as readonly DataColumn<object>[]}
              selected={row.getIsSelected()}
              tone={props.rowTone?.(row.original) ?? null}
              onOpen={props.onOpen as ((record: object) => void) | undefined}
              onSelect={props.selection === undefined ? undefined : parts.onSelect}
              isPartial={rowWindow.isPartial}
            />
          </Fragment>
        );
      })}
      {rowWindow.endGapPx > 0 && <Gap heightPx={rowWindow.endGapPx} />}
    </>
  );
}

/** As high as the rows that are not drawn. */
function Gap({ heightPx }: { heightPx: number }): ReactNode {
  return (
    <tr aria-hidden>
      <td colSpan={100} className="p-0" style={{ height: heightPx }} />
    </tr>
  );
}

interface TableRowProps {
  id: string;
  index: number;
  record: object;
  columns: readonly DataColumn<object>[];
  selected: boolean;
  tone: 'warn' | 'bad' | null;
  onOpen: ((record: object) => void) | undefined;
  onSelect: ((id: string, selected: boolean) => void) | undefined;
  isPartial: boolean;
}

/** Drawn again only when something of it changes: a list that scrolls must not draw what stands already. */
const TableRow = memo(function TableRow(props: TableRowProps) {
  const { id, index, record, columns, selected, tone, onOpen, onSelect, isPartial } = props;
  const t = useTranslations('common.table');
  return (
    <tr
      data-row-id={id}
      data-index={index}
      // The header is the first.
      aria-rowindex={isPartial ? index + 2 : undefined}
      tabIndex={onOpen === undefined ? undefined : 0}
      aria-selected={onSelect === undefined ? undefined : selected}
      onClick={onOpen === undefined ? undefined : (event) => isOwnPress(event) && onOpen(record)}
      className={clsx(
        'group focus-visible:-outline-offset-2 [&:last-child>td:first-child]:rounded-bl-card [&:last-child>td:last-child]:rounded-br-card',
        onOpen !== undefined && 'cursor-pointer',
        selected ? 'bg-accent-soft' : 'hover:bg-hover',
        tone === 'warn' && 'bg-warn-soft',
        tone === 'bad' && 'bg-bad-soft',
      )}
    >
      {onSelect !== undefined && (
        <td className={clsx(cellLook, 'w-10')}>
          <Checkbox
            aria-label={t('selectRow')}
            checked={selected}
            onChange={(checked) => onSelect(id, checked)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          className={clsx(
            cellLook,
            column.align === 'end' && 'text-right',
            column.grow === true && 'w-full max-w-0',
            isPartial && 'overflow-hidden',
          )}
        >
          {column.cell(record)}
        </td>
      ))}
    </tr>
  );
});
