// Owns the state of a list as its address: page, size, sort, search, filters, columns. Defaults are left out, and
// whatever an address says is read strictly: an unknown value is the default, never an error.

/** Reads and writes one parameter. `null` in an address means absent. */
export interface Param<Value> {
  readonly initial: Value;
  // Methods, not properties: a list of parameters holds them by their common type.
  parse(text: string): Value | undefined;
  format(value: Value): string;
}

export const param = {
  text(maxLength = 200): Param<string> {
    return { initial: '', parse: (text) => text.slice(0, maxLength), format: (value) => value.trim() };
  },
  integer(initial: number, min: number, max: number): Param<number> {
    return {
      initial,
      parse: (text) => {
        const value = Number(text);
        return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
      },
      format: String,
    };
  },
  /** One of a list; `''` stands for no choice. */
  choice<const Values extends readonly string[]>(values: Values): Param<Values[number] | ''> {
    return {
      initial: '',
      parse: (text) => values.find((value) => value === text),
      format: (value) => value,
    };
  },
  /** One of a list with a default that is left out of the address. */
  option<const Values extends readonly string[]>(
    values: Values,
    initial: Values[number],
  ): Param<Values[number]> {
    return { initial, parse: (text) => values.find((value) => value === text), format: (value) => value };
  },
} as const;

export type FilterParams = Readonly<Record<string, Param<string>>>;

export type FilterValues<Filters extends FilterParams> = {
  [Name in keyof Filters]: Filters[Name]['initial'];
};

export interface ListStateDefinition<Filters extends FilterParams = FilterParams> {
  /** Fields the server sorts by. */
  readonly sortable: readonly string[];
  /** Field name, with a leading `-` for descending. */
  readonly defaultSort: string;
  readonly defaultPageSize?: number;
  readonly filters: Filters;
  /** Columns that can be hidden, and which of them are hidden unless chosen. */
  readonly hiddenColumns?: readonly string[];
}

export interface ListState<Filters extends FilterParams = FilterParams> {
  page: number;
  pageSize: number;
  sort: string;
  search: string;
  filters: FilterValues<Filters>;
  /** Ids of the columns that are hidden. */
  hiddenColumns: readonly string[];
}

export const pageSizes = [20, 50, 100, 200, 500] as const;
const reserved = ['page', 'pageSize', 'sort', 'search', 'hide'] as const;

/** What an address says about a list. */
export function parseListState<Filters extends FilterParams>(
  definition: ListStateDefinition<Filters>,
  search: URLSearchParams,
): ListState<Filters> {
  const read = <Value>(name: string, kind: Param<Value>): Value => {
    const text = search.get(name);
    return text === null ? kind.initial : (kind.parse(text) ?? kind.initial);
  };
  const defaultPageSize = definition.defaultPageSize ?? pageSizes[0];
  const pageSize = read('pageSize', param.integer(defaultPageSize, 1, 500));
  const sort = search.get('sort') ?? definition.defaultSort;
  const filters = Object.fromEntries(
    Object.entries(definition.filters).map(([name, kind]) => [name, read(name, kind)]),
  ) as FilterValues<Filters>;
  const hide = search.get('hide');
  return {
    page: read('page', param.integer(1, 1, 1_000_000)),
    pageSize: pageSizes.some((size) => size === pageSize) ? pageSize : defaultPageSize,
    sort: definition.sortable.includes(sort.replace(/^-/, '')) ? sort : definition.defaultSort,
    search: read('search', param.text()),
    filters,
    hiddenColumns: hide === null ? (definition.hiddenColumns ?? []) : hide.split('.').filter(Boolean),
  };
}

/** The address of a list state: only what differs from the defaults; parameters of others are kept. */
export function formatListState<Filters extends FilterParams>(
  definition: ListStateDefinition<Filters>,
  state: ListState<Filters>,
  present: URLSearchParams = new URLSearchParams(),
): URLSearchParams {
  const search = new URLSearchParams(present);
  for (const name of [...reserved, ...Object.keys(definition.filters)]) search.delete(name);
  const write = (name: string, text: string, initial: string) => {
    if (text !== initial) search.set(name, text);
  };
  write('search', state.search.trim(), '');
  for (const [name, kind] of Object.entries(definition.filters)) {
    write(name, kind.format(state.filters[name] ?? kind.initial), kind.format(kind.initial));
  }
  write('sort', state.sort, definition.defaultSort);
  write('hide', state.hiddenColumns.join('.'), (definition.hiddenColumns ?? []).join('.'));
  write('pageSize', String(state.pageSize), String(definition.defaultPageSize ?? pageSizes[0]));
  write('page', String(state.page), '1');
  return search;
}

/** True when a search or a filter narrows the list. */
export function isFiltered<Filters extends FilterParams>(
  definition: ListStateDefinition<Filters>,
  state: ListState<Filters>,
): boolean {
  if (state.search.trim() !== '') return true;
  return Object.entries(definition.filters).some(
    ([name, kind]) => (state.filters[name] ?? kind.initial) !== kind.initial,
  );
}

/** Filter values as a query takes them: what is not chosen is left out. */
export function chosenFilters<Filters extends FilterParams>(
  state: ListState<Filters>,
): { [Name in keyof Filters]?: Exclude<Filters[Name]['initial'], ''> } {
  return Object.fromEntries(Object.entries(state.filters).filter(([, value]) => value !== '')) as {
    [Name in keyof Filters]?: Exclude<Filters[Name]['initial'], ''>;
  };
}
