'use client';
// Owns which rows of a long list are drawn: those near the window, and the one that has the focus. The page itself
// scrolls; what is not drawn leaves a gap as high as it would be.
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';

/** Shorter lists are drawn whole. */
const LEAST_ROWS = 100;
const OVERSCAN_ROWS = 10;
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
  /** A ref for each row of a partial list, with its `data-index`. */
  measure: (element: HTMLElement | null) => void;
  /** Draws a row, wherever it is, and gives it the focus. */
  focusRow: (index: number) => void;
  /** Tells which row has the focus, so that it is not taken away. */
  onFocusRow: (index: number | null) => void;
}

interface RowWindowOptions {
  count: number;
  /** Id of a row: what has been measured of it outlives a refresh. The same function while the rows are the same. */
  idOf: (index: number) => string;
  /** What holds the rows. */
  body: RefObject<HTMLElement | null>;
  estimatePx: number;
}

export function useRowWindow({ count, idOf, body, estimatePx }: RowWindowOptions): RowWindow {
  const isPartial = count > LEAST_ROWS;
  const [topPx, setTopPx] = useState(0);
  const [focused, setFocused] = useState<number | null>(null);

  // What stands above the list comes and goes: notices, a picture, the bar of new rows.
  useLayoutEffect(() => {
    if (!isPartial || body.current === null) return;
    const top = Math.round(body.current.getBoundingClientRect().top + window.scrollY);
    setTopPx(top);
  });

  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (focused === null || focused >= count || indexes.includes(focused)) return indexes;
      return [...indexes, focused].toSorted((a, b) => a - b);
    },
    [focused, count],
  );
  const virtualizer = useWindowVirtualizer({
    count: isPartial ? count : 0,
    enabled: isPartial,
    estimateSize: () => estimatePx,
    getItemKey: idOf,
    overscan: OVERSCAN_ROWS,
    scrollMargin: topPx,
    // Below the top bar and the head of the list, above the foot.
    scrollPaddingStart: 96,
    scrollPaddingEnd: 64,
    rangeExtractor,
  });

  const focusRow = useCallback(
    (index: number) => {
      const find = () => body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      if (isPartial) virtualizer.scrollToIndex(index);
      const tryFocus = (framesLeft: number) => {
        const row = find();
        if (row !== null && row !== undefined) row.focus({ preventScroll: isPartial });
        else if (framesLeft > 0) requestAnimationFrame(() => tryFocus(framesLeft - 1));
      };
      tryFocus(MOST_FRAMES);
    },
    [body, isPartial, virtualizer],
  );

  if (!isPartial) {
    const rows = Array.from({ length: count }, (_, index) => ({ index, gapPx: 0 }));
    return { isPartial, rows, endGapPx: 0, measure: ignore, focusRow, onFocusRow: ignore };
  }
  let end = topPx;
  const rows = virtualizer.getVirtualItems().map((item) => {
    const gapPx = Math.max(0, item.start - end);
    end = item.end;
    return { index: item.index, gapPx };
  });
  const endGapPx = Math.max(0, topPx + virtualizer.getTotalSize() - end);
  return { isPartial, rows, endGapPx, measure: virtualizer.measureElement, focusRow, onFocusRow: setFocused };
}

function ignore(): void {
  // A list that is drawn whole has nothing to measure or to keep.
}
