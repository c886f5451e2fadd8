'use client';
// Owns which rows of a long list are drawn: those near the window, and the one that has the focus. The page itself
// scrolls; what is not drawn leaves a gap as high as it would be. Rows of one list are of one height.
import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Shorter lists are drawn whole. */
const LEAST_ROWS = 100;
/** Rows above and below the window that are drawn too. */
const SPARE_ROWS = 10;
/** Drawn before it is known where the window is. */
const FIRST_ROWS = 40;
/** How many frames a row may take to be drawn after the list has scrolled to it. */
const MOST_FRAMES = 30;

interface DrawnRow {
  index: number;
  /** Height of what is not drawn between the row above and this one. */
  gapPx: number;
}

export interface RowWindow {
  /** Whether rows are left out at all. */
  isPartial: boolean;
  rows: readonly DrawnRow[];
  /** Height of what is not drawn below the last row. */
  endGapPx: number;
  /** Gives a row the focus, whether it is drawn or not. */
  focusRow: (index: number) => void;
  /** Hears which row has the focus, so that it is not taken away. */
  onFocusRow: (index: number | null) => void;
}

interface RowWindowOptions {
  count: number;
  /** What holds the rows. */
  body: RefObject<HTMLElement | null>;
  /** Height of a row until one is drawn. */
  rowPx: number;
  /** False draws all rows. */
  enabled: boolean;
}

export function useRowWindow({ count, body, rowPx: firstPx, enabled }: RowWindowOptions): RowWindow {
  const isPartial = enabled && count > LEAST_ROWS;
  const [range, setRange] = useState({ from: 0, to: FIRST_ROWS });
  const [rowPx, setRowPx] = useState(firstPx);
  const [focused, setFocused] = useState<number | null>(null);

  const look = useCallback(() => {
    const element = body.current;
    if (element === null) return;
    const drawnPx = element.querySelector('[data-row-id]')?.getBoundingClientRect().height ?? 0;
    const heightPx = drawnPx === 0 ? rowPx : drawnPx;
    const top = element.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor(-top / heightPx) - SPARE_ROWS);
    const to = Math.max(from, Math.ceil((window.innerHeight - top) / heightPx) + SPARE_ROWS);
    setRowPx(heightPx);
    setRange((now) => (now.from === from && now.to === to ? now : { from, to }));
  }, [body, rowPx]);

  useEffect(() => {
    if (!isPartial) return undefined;
    const frame = requestAnimationFrame(look);
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    // What stands above the list comes and goes: notices, a picture, the bar of new rows.
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
      observer.disconnect();
    };
  }, [isPartial, look]);

  const focusRow = useCallback(
    (index: number) => {
      const find = () => body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
      const element = body.current;
      if (find() === null && element !== null) {
        const top = element.getBoundingClientRect().top + window.scrollY;
        window.scrollTo({ top: top + index * rowPx - window.innerHeight / 2 });
      }
      const tryFocus = (framesLeft: number) => {
        const row = find();
        if (row !== null) {
          row.focus();
          // Not below the head of the list or under the edge.
          if (isPartial) row.scrollIntoView({ block: 'nearest' });
        } else if (framesLeft > 0) requestAnimationFrame(() => tryFocus(framesLeft - 1));
      };
      tryFocus(MOST_FRAMES);
    },
    [body, isPartial, rowPx],
  );

  const indexes = isPartial
    ? drawnIndexes(count, range, focused)
    : Array.from({ length: count }, (_, index) => index);
  const gapAfter = (index: number, next: number) => (next - index - 1) * rowPx;
  const rows = indexes.map((index, position) => ({
    index,
    gapPx: gapAfter(indexes[position - 1] ?? -1, index),
  }));
  return {
    isPartial,
    rows,
    endGapPx: gapAfter(indexes.at(-1) ?? -1, count),
    focusRow,
    onFocusRow: setFocused,
  };
}

/** Those of the range, and the focused one wherever it is; in order. */
function drawnIndexes(count: number, range: { from: number; to: number }, focused: number | null): number[] {
  const from = Math.min(range.from, Math.max(0, count - SPARE_ROWS));
  const to = Math.min(count, range.to);
  const indexes = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  if (focused === null || focused >= count || (focused >= from && focused < to)) return indexes;
  return focused < from ? [focused, ...indexes] : [...indexes, focused];
}
