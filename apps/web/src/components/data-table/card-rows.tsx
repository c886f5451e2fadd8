'use client';
// Owns the rows of a list on a phone: cards of two lines, name and state above, the rest below.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import type { RefObject } from 'react';
import type { FilterParams } from '@/lib/url-state';
import { Checkbox } from '../ui/checkbox';
import type { ColumnLook } from './columns';
import type { TableParts } from './table-parts';
import { isOwnPress } from './table-rows';

const SKELETON_ROWS = 6;

interface CardRowsProps<Row extends object, Filters extends FilterParams> extends TableParts<Row, Filters> {
  body: RefObject<HTMLUListElement | null>;
}

export function CardRows<Row extends object, Filters extends FilterParams>(
  parts: CardRowsProps<Row, Filters>,
) {
  const { table, props, loading, showSkeleton, body } = parts;
  const t = useTranslations('common.table');
  if (loading) {
    return (
      <ul aria-hidden>
        {Array.from({ length: SKELETON_ROWS }, (_, index) => (
          <li
            key={`loading-${index}`}
            className="flex h-[68px] flex-col justify-center gap-2 border-line border-b px-4"
          >
            <span className={clsx('block h-3.5 w-3/5', showSkeleton && 'skeleton')} />
            <span className={clsx('block h-3 w-4/5', showSkeleton && 'skeleton')} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul aria-label={props.label} ref={body}>
      {table.getRowModel().rows.map((row, index) => {
        const { onOpen, rowTone } = props;
        const cells = row.getVisibleCells();
        const at = (place: ColumnLook['phone']) =>
          cells.filter((cell) => cell.column.columnDef.meta?.phone === place);
        const tone = rowTone?.(row.original) ?? null;
        return (
          <li
            key={row.id}
            data-row-id={row.id}
            data-index={index}
            className={clsx(
              // Cards far from the window are not laid out.
              'flex items-center gap-3 border-line border-b px-4 py-2.5 [contain-intrinsic-size:auto_68px] [content-visibility:auto] last:border-b-0',
              row.getIsSelected() && 'bg-accent-soft',
              tone === 'warn' && 'bg-warn-soft',
              tone === 'bad' && 'bg-bad-soft',
            )}
          >
            {props.selection !== undefined && (
              <Checkbox
                aria-label={t('selectRow')}
                checked={row.getIsSelected()}
                onChange={(checked) => row.toggleSelected(checked)}
              />
            )}
            {/* The row is opened by the control in its title; the wider target is a help for thumbs. */}
            <div
              role="presentation"
              className="min-w-0 flex-1"
              onClick={
                onOpen === undefined ? undefined : (event) => isOwnPress(event) && onOpen(row.original)
              }
            >
              <div className="flex min-h-6 items-center gap-2">
                <div className="min-w-0 flex-1 truncate font-medium">
                  {at('title').map((cell) => (
                    <table.FlexRender key={cell.id} cell={cell} />
                  ))}
                </div>
                {at('aside').map((cell) => (
                  <div key={cell.id} className="max-w-[45%] shrink-0 text-sm">
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
              <dl className="flex flex-wrap items-center gap-x-3 text-muted text-sm">
                {at('detail').map((cell) => (
                  <div key={cell.id} className="flex min-w-0 items-center gap-1">
                    <dt className="sr-only">{cell.column.columnDef.meta?.label}</dt>
                    <dd className="min-w-0 truncate">
                      <table.FlexRender cell={cell} />
                    </dd>
                  </div>
                ))}
              </dl>
            </div>
            {at('actions').map((cell) => (
              <table.FlexRender key={cell.id} cell={cell} />
            ))}
          </li>
        );
      })}
    </ul>
  );
}
