'use client';
// Owns what is open above a list: `?id=` (an entry) or `?new=` (a form) in the address, to be pasted to a colleague.
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export interface OpenId {
  /** Value of the parameter, e.g. the id of the open entry; null while only the list is shown. */
  readonly id: string | null;
  /** Opens another entry; closes with null. The way back is the browser's. */
  open: (id: string | null) => void;
}

export function useOpenId(name: 'id' | 'new' = 'id'): OpenId {
  const id = useSearchParams().get(name);
  const open = useCallback(
    (next: string | null) => {
      const search = new URLSearchParams(window.location.search);
      const isOpen = search.has(name);
      if (next === null) search.delete(name);
      else search.set(name, next);
      const query = search.toString();
      const address = `${window.location.pathname}${query === '' ? '' : `?${query}`}`;
      // From one entry to the next is one step of history, not many.
      if (isOpen && next !== null) window.history.replaceState(null, '', address);
      else window.history.pushState(null, '', address);
    },
    [name],
  );
  return { id: id === '' ? null : id, open };
}
