'use client';
// Owns whether a list is wider than its frame, as the window, the columns and the rows change.
import { type RefCallback, useCallback, useState } from 'react';

/** A ref for the frame, and whether what is in it is too wide. */
export function useOverflow(): [RefCallback<HTMLElement>, boolean] {
  const [overflows, setOverflows] = useState(false);
  const frame = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth + 1));
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return [frame, overflows];
}
