'use client';
// Owns moving through a list by keyboard: j and k between rows, Enter opens, x selects, e edits.
import { type RefObject, useCallback, useEffect } from 'react';
import { useShortcut } from '@/lib/shortcuts';
import type { Selection } from './data-table';

interface RowKeysOptions<Row> {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  onOpen?: ((row: Row) => void) | undefined;
  onEdit?: ((row: Row) => void) | undefined;
  selection?: Selection | undefined;
  /** Gives a row the focus, whether it is drawn or not. */
  focusRow: (index: number) => void;
  /** Hears which row has the focus. */
  onFocusRow: (index: number | null) => void;
}

export function useRowKeys<Row>(body: RefObject<HTMLElement | null>, options: RowKeysOptions<Row>): void {
  const { rows, rowId, onOpen, onEdit, selection, focusRow, onFocusRow } = options;
  const focusedIndex = useCallback(() => {
    const id = document.activeElement?.closest<HTMLElement>('[data-row-id]')?.dataset['rowId'];
    return id === undefined ? -1 : rows.findIndex((row) => rowId(row) === id);
  }, [rows, rowId]);
  const focusedRow = useCallback(() => rows[focusedIndex()], [rows, focusedIndex]);

  const move = (step: 1 | -1) => {
    const present = focusedIndex();
    const next = present === -1 ? (step === 1 ? 0 : rows.length - 1) : present + step;
    if (rows.length > 0) focusRow(Math.max(0, Math.min(rows.length - 1, next)));
  };
  const toggle = () => {
    const row = focusedRow();
    if (row === undefined || selection === undefined) return;
    const next = new Set(selection.ids);
    if (!next.delete(rowId(row))) next.add(rowId(row));
    selection.onChange(next);
  };
  const edit = () => {
    const row = focusedRow();
    if (row !== undefined) onEdit?.(row);
  };

  const open = () => {
    const row = focusedRow();
    if (row !== undefined) onOpen?.(row);
  };

  const openable = onOpen !== undefined;
  useShortcut('j', 'nextRow', () => move(1), openable);
  useShortcut('k', 'previousRow', () => move(-1), openable);
  useShortcut('Enter', 'openRow', open, openable);
  useShortcut('x', 'selectRow', toggle, selection !== undefined);
  useShortcut('e', 'editRow', edit, onEdit !== undefined);

  useEffect(() => {
    const element = body.current;
    const onFocusIn = () => {
      const index = focusedIndex();
      onFocusRow(index === -1 ? null : index);
    };
    element?.addEventListener('focusin', onFocusIn);
    return () => element?.removeEventListener('focusin', onFocusIn);
  });
}
