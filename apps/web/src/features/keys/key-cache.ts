// Owns the keys in the browser's memory: their cache names, and the writing of one changed key into all of it. No
// secret ever comes here.
import type { Key } from '@crs/shared';
import type { QueryClient } from '@tanstack/react-query';

export const keysCache = ['keys'] as const;
export const keyListCache = [...keysCache, 'list'] as const;
export const trashCache = [...keysCache, 'trash'] as const;
export const keyTagsCache = [...keysCache, 'tags'] as const;
export const keyCache = (id: string) => [...keysCache, 'one', id] as const;
export const keyUsageCache = (id: string) => [...keysCache, 'usage', id] as const;

interface KeyPage {
  items: Key[];
  total: number;
}

/** Shows a key as it is now, wherever it is shown. */
export function writeKey(queries: QueryClient, key: Key): void {
  queries.setQueriesData<KeyPage>({ queryKey: keyListCache }, (page) => {
    if (page === undefined || !page.items.some(({ id }) => id === key.id)) return page;
    return { ...page, items: page.items.map((item) => (item.id === key.id ? key : item)) };
  });
  queries.setQueryData<Key>(keyCache(key.id), (present) => (present === undefined ? undefined : key));
}

/** A key that some list has already brought. */
export function knownKey(queries: QueryClient, id: string): Key | undefined {
  const pages = [
    ...queries.getQueriesData<KeyPage>({ queryKey: keyListCache }),
    ...queries.getQueriesData<KeyPage>({ queryKey: trashCache }),
  ];
  for (const [, page] of pages) {
    const found = page?.items.find((key) => key.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}
