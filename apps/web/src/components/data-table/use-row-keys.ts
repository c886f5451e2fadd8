'use client';
// Owns moving through a list by keyboard: j and k between rows, Enter opens, x selects, e edits.
import { type RefObject, useCallback } from 'react';
import { useShortcut } from '@/lib/shortcuts';
import type { Selection } from './data-table';

interface RowKeysOptions<Row> {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  onOpen?: ((row: Row) => void) | undefined;
  onEdit?: ((row: Row) => void) | undefined;
  selection?: Selection | undefined;
}

export function useRowKeys<Row>(
  body: RefObject<HTMLElement | null>,
  { rows, rowId, onOpen, onEdit, selection }: RowKeysOptions<Row>,
): void {
  const focusedRow = useCallback(() => {
    const id = document.activeElement?.closest<HTMLElement>('[data-row-id]')?.dataset['rowId'];
    return id === undefined ? undefined : rows.find((row) => rowId(row) === id);
  }, [rows, rowId]);

  const move = (step: 1 | -1) => {
    const elements = [...(body.current?.querySelectorAll<HTMLElement>('[data-row-id]') ?? [])];
    const present = elements.findIndex((element) => element.contains(document.activeElement));
    const next = present === -1 ? (step === 1 ? 0 : elements.length - 1) : present + step;
    elements[Math.max(0, Math.min(elements.length - 1, next))]?.focus();
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
}
