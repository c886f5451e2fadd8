'use client';
// Owns the hook between a list and its address: typing replaces the entry of history, everything else adds one.
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  type FilterParams,
  type FilterValues,
  formatListState,
  isFiltered,
  type ListState,
  type ListStateDefinition,
  parseListState,
} from './url-state';

const SEARCH_DEBOUNCE_MS = 250;

export interface ListStateControl<Filters extends FilterParams = FilterParams> {
  readonly state: ListState<Filters>;
  /** What the search field shows; runs ahead of `state.search` while typing. */
  readonly searchText: string;
  readonly filtered: boolean;
  setSearch: (text: string) => void;
  setPage: (page: number) => void;
  setPageSize: (pageSize: number) => void;
  setSort: (sort: string) => void;
  setFilter: <Name extends keyof Filters & string>(name: Name, value: FilterValues<Filters>[Name]) => void;
  /** Several filters that belong together, in one step of history. */
  setFilters: (values: Partial<FilterValues<Filters>>) => void;
  setHiddenColumns: (columns: readonly string[]) => void;
  /** Drops search and filters. */
  clear: () => void;
}

function writeAddress(search: URLSearchParams, how: 'push' | 'replace'): void {
  const query = search.toString();
  const address = `${window.location.pathname}${query === '' ? '' : `?${query}`}`;
  if (how === 'push') window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
}

/** State of a list kept in the address. `definition` must be a constant of its module. */
export function useListState<Filters extends FilterParams>(
  definition: ListStateDefinition<Filters>,
): ListStateControl<Filters> {
  const searchParams = useSearchParams();
  const state = useMemo(() => parseListState(definition, searchParams), [definition, searchParams]);
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const change = useCallback(
    (patch: Partial<ListState<Filters>>, how: 'push' | 'replace') => {
      // Read from the window: two changes within one render must not undo each other.
      const present = new URLSearchParams(window.location.search);
      const next = { ...parseListState(definition, present), ...patch };
      writeAddress(formatListState(definition, next, present), how);
    },
    [definition],
  );

  useEffect(() => () => clearTimeout(timer.current), []);

  return useMemo(
    () => ({
      state,
      searchText: typed ?? state.search,
      filtered: isFiltered(definition, state),
      setSearch(text) {
        setTyped(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          change({ search: text, page: 1 }, 'replace');
          setTyped(null);
        }, SEARCH_DEBOUNCE_MS);
      },
      setPage: (page) => change({ page }, 'push'),
      setPageSize: (pageSize) => change({ pageSize, page: 1 }, 'push'),
      setSort: (sort) => change({ sort, page: 1 }, 'push'),
      setFilter: (name, value) => {
        const present = parseListState(definition, new URLSearchParams(window.location.search));
        change({ filters: { ...present.filters, [name]: value }, page: 1 }, 'push');
      },
      setFilters: (values) => {
        const present = parseListState(definition, new URLSearchParams(window.location.search));
        change({ filters: { ...present.filters, ...values }, page: 1 }, 'push');
      },
      setHiddenColumns: (hiddenColumns) => change({ hiddenColumns }, 'replace'),
      clear: () => {
        clearTimeout(timer.current);
        setTyped(null);
        const empty = parseListState(definition, new URLSearchParams());
        change({ search: '', filters: empty.filters, page: 1 }, 'push');
      },
    }),
    [state, typed, change, definition],
  );
}
