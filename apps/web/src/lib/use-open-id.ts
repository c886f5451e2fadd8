'use client';
// Owns which entry of a list is open beside it: `?id=` in the address, so that it can be pasted to a colleague.
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export interface OpenId {
  /** Id of the open entry; null while only the list is shown. */
  readonly id: string | null;
  /** Opens another entry; closes with null. The way back is the browser's. */
  open: (id: string | null) => void;
}

export function useOpenId(): OpenId {
  const id = useSearchParams().get('id');
  const open = useCallback((next: string | null) => {
    const search = new URLSearchParams(window.location.search);
    const isOpen = search.has('id');
    if (next === null) search.delete('id');
    else search.set('id', next);
    const query = search.toString();
    const address = `${window.location.pathname}${query === '' ? '' : `?${query}`}`;
    // From one entry to the next is one step of history, not many.
    if (isOpen && next !== null) window.history.replaceState(null, '', address);
    else window.history.pushState(null, '', address);
  }, []);
  return { id: id === '' ? null : id, open };
}
