// Owns the request list. What the index alone can answer is answered by rank; everything else is a look over the columns
// of the range: filters are masks, the total is their count, and only the rows of the page are opened.
import { ProblemError } from '../../platform/problem.ts';
import { decodeFacts, factsOf, type RequestRecord } from '../usage/index.ts';
import { type Columns, type Field, NO_FIRST_EVENT } from './columns.ts';
import {
  fieldsOf,
  maskOf,
  type RequestFilterQuery,
  type RowFilter,
  readFilters,
  readSearch,
  type TimeRange,
} from './filters.ts';
import type { Direction, RequestsRepository } from './requests.repository.ts';
import type { LoadedSlice, Slices } from './slices.ts';

export interface IdPage {
  readonly ids: string[];
  readonly total: number;
}

export interface ListSources {
  readonly repository: RequestsRepository;
  readonly slices: Slices;
}

export interface ListQuery extends RequestFilterQuery {
  readonly page: number;
  readonly pageSize: number;
  readonly sort: string;
}

/** A search by text opens every record it looks at. */
export const MOST_SEARCHED_ROWS = 20_000;
const SPARE_ROWS = 1000;
/** Columns are made anew when a row comes late; then the page is read once more. */
const MOST_READS = 5;

const WHOLE_ID = /^req_[0-9a-f]{28}$/;

interface Place {
  readonly from: LoadedSlice;
  readonly row: number;
}

interface Slice {
  readonly offset: number;
  readonly limit: number;
}

export async function listRequestIds(
  { repository, slices }: ListSources,
  query: ListQuery,
  range: TimeRange,
): Promise<IdPage> {
  const filters = readFilters(query);
  const search = readSearch(query);
  if (search !== null && WHOLE_ID.test(search)) {
    const ids = (await isListed(repository, filters, range, search)) ? [search] : [];
    return { ids: query.page === 1 ? ids : [], total: ids.length };
  }
  const slice = { offset: (query.page - 1) * query.pageSize, limit: query.pageSize };
  const sort = readSort(query.sort);
  if (sort.field === 'at' && filters.length === 0 && search === null) {
    const total = await repository.count(range);
    const limit = Math.max(0, Math.min(slice.limit, total - slice.offset));
    const members = limit === 0 ? [] : await repository.page(range, directionOf(sort), { ...slice, limit });
    return { ids: members.map((member) => decodeFacts(member).id), total };
  }
  const look = { repository, slices, filters, range, sort };
  if (search !== null) return listFound(look, search, slice);
  for (let read = 0; read < MOST_READS; read += 1) {
    const { places, total } = await choose(look, slice);
    const ids = await idsAt(slices, places);
    if (ids !== null) return { ids, total };
  }
  throw new Error('the columns of requests changed at each of several looks');
}

interface Look extends ListSources {
  readonly filters: readonly RowFilter[];
  readonly range: TimeRange;
  readonly sort: Sort;
}

async function choose(
  { slices, filters, range, sort }: Look,
  slice: Slice,
): Promise<{ places: Place[]; total: number }> {
  const sorted = sort.field === 'at' ? null : new Best(slice, sort);
  const window = new Window(slice);
  const fields: Field[] = [
    'at',
    ...fieldsOf(filters),
    ...(sort.field === 'at' ? [] : [columnOf[sort.field]]),
  ];
  // Rows of equal value stand newest first, whichever way they are sorted.
  const direction = sort.field === 'at' ? directionOf(sort) : 'newest-first';
  for await (const from of slices.read(range, direction, fields)) {
    const mask = maskOf(from.columns, range, filters);
    if (sorted === null) window.push(from, mask, direction);
    else sorted.push(from, mask);
  }
  return sorted ?? window;
}

/** Every id of the range that meets all filters, in pieces, newest first. Rows that come meanwhile may be left out. */
export async function* matchingIds(
  { slices }: ListSources,
  filters: readonly RowFilter[],
  range: TimeRange,
): AsyncGenerator<string[]> {
  const fields: Field[] = ['at', 'id', ...fieldsOf(filters)];
  for await (const { columns } of slices.read(range, 'newest-first', fields)) {
    const mask = maskOf(columns, range, filters);
    const ids: string[] = [];
    for (let row = mask.length - 1; row >= 0; row -= 1) {
      const id = mask[row] === 1 ? columns.ids?.[row] : undefined;
      if (id !== undefined) ids.push(id);
    }
    if (ids.length > 0) yield ids;
  }
}

export async function countMatching(
  { repository, slices }: ListSources,
  filters: readonly RowFilter[],
  range: TimeRange,
): Promise<number> {
  if (filters.length === 0) return repository.count(range);
  let total = 0;
  for await (const { columns } of slices.read(range, 'newest-first', ['at', ...fieldsOf(filters)])) {
    for (const bit of maskOf(columns, range, filters)) total += bit;
  }
  return total;
}

/** Whether that one request is among what the filters name. */
async function isListed(
  repository: RequestsRepository,
  filters: readonly RowFilter[],
  range: TimeRange,
  id: string,
): Promise<boolean> {
  const [record] = await repository.records([id]);
  if (record === null || record === undefined) return false;
  if (record.atMs < range.fromMs || record.atMs >= range.toMs) return false;
  const facts = factsOf(record);
  return filters.every((filter) => filter.matches(facts));
}

async function listFound(look: Look, search: string, slice: Slice): Promise<IdPage> {
  const { sort, filters, range } = look;
  refuseTooMany(await countMatching(look, filters, range));
  const found: RequestRecord[] = [];
  for await (const ids of matchingIds(look, filters, range)) {
    for (const record of await look.repository.records(ids)) {
      if (record !== null && contains(record, search)) found.push(record);
    }
  }
  const read = (record: RequestRecord): number | null =>
    sort.field === 'at' ? record.atMs : record[sort.field];
  const order = comparator(sort);
  // They came newest first, and stay so where the values are equal.
  if (sort.field === 'at') {
    if (!sort.descending) found.reverse();
  } else found.sort((one, other) => order(read(one), read(other)));
  const page = found.slice(slice.offset, slice.offset + slice.limit);
  return { ids: page.map(({ id }) => id), total: found.length };
}

/** What a search looks at. */
export function contains(record: RequestRecord, search: string): boolean {
  const { id, keyName, accountName, model, servedModel, errorCode, client } = record;
  return [id, keyName, accountName, model, servedModel, errorCode, client].some(
    (text) => text?.toLowerCase().includes(search) === true,
  );
}

/** Null where a slice was made anew since its rows were chosen. */
async function idsAt(slices: Slices, places: readonly Place[]): Promise<string[] | null> {
  const bySlice = new Map(places.map(({ from }) => [from, null as readonly string[] | null]));
  await Promise.all([...bySlice.keys()].map(async (from) => bySlice.set(from, await slices.idsOf(from))));
  const ids: string[] = [];
  for (const { from, row } of places) {
    const id = bySlice.get(from)?.[row];
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}

/** Counts all matches, keeps those of one page. */
class Window {
  readonly places: Place[] = [];
  total = 0;
  readonly #slice: Slice;

  constructor(slice: Slice) {
    this.#slice = slice;
  }

  push(from: LoadedSlice, mask: Uint8Array, direction: Direction): void {
    const { offset, limit } = this.#slice;
    let count = 0;
    for (const bit of mask) count += bit;
    const [first, last] = [offset - this.total, offset + limit - this.total];
    this.total += count;
    if (count === 0 || last <= 0 || first >= count) return;
    let seen = 0;
    for (let step = 0; step < mask.length && seen < last; step += 1) {
      const row = direction === 'newest-first' ? mask.length - 1 - step : step;
      if (mask[row] !== 1) continue;
      if (seen >= first) this.places.push({ from, row });
      seen += 1;
    }
  }
}

interface Candidate extends Place {
  readonly value: number | null;
  /** Of its coming: newest first. */
  readonly order: number;
}

/** Counts all matches, keeps those that come before the end of one page: never sorts more than it has to in one go. */
class Best {
  total = 0;
  #kept: Candidate[] = [];
  /** What the last of a full choice has: anything behind it need not be looked at. */
  #worst: number | null | undefined;
  readonly #slice: Slice;
  readonly #field: SortedColumn;
  readonly #order: (one: number | null, other: number | null) => number;

  constructor(slice: Slice, { field, descending }: Sort) {
    this.#slice = slice;
    this.#field = field === 'at' ? 'cost' : columnOf[field];
    this.#order = comparator({ field, descending });
  }

  push(from: LoadedSlice, mask: Uint8Array): void {
    const values = from.columns.numbers(this.#field);
    for (let row = mask.length - 1; row >= 0; row -= 1) {
      if (mask[row] !== 1) continue;
      this.total += 1;
      const number = values[row] ?? 0;
      const value = this.#field === 'first' && number === NO_FIRST_EVENT ? null : number;
      // One of equal value came before it, and is newer.
      if (this.#worst !== undefined && this.#order(value, this.#worst) >= 0) continue;
      this.#kept.push({ from, row, value, order: this.total });
      if (this.#kept.length >= 2 * this.#wanted + SPARE_ROWS) this.#cut();
    }
  }

  get places(): Place[] {
    this.#cut();
    return this.#kept.slice(this.#slice.offset);
  }

  get #wanted(): number {
    return this.#slice.offset + this.#slice.limit;
  }

  #cut(): void {
    this.#kept.sort((one, other) => this.#order(one.value, other.value) || one.order - other.order);
    if (this.#kept.length < this.#wanted) return;
    this.#kept = this.#kept.slice(0, this.#wanted);
    this.#worst = this.#kept.at(-1)?.value;
  }
}

type SortedColumn = 'cost' | 'duration' | 'first';

const columnOf = {
  costNanoUsd: 'cost',
  durationMs: 'duration',
  firstEventMs: 'first',
} as const satisfies Record<Exclude<Sort['field'], 'at'>, keyof Columns | SortedColumn>;

interface Sort {
  readonly field: 'at' | 'costNanoUsd' | 'durationMs' | 'firstEventMs';
  readonly descending: boolean;
}

const sortFields = ['at', 'costNanoUsd', 'durationMs', 'firstEventMs'] as const;

function readSort(sort: string): Sort {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  return { field: sortFields.find((field) => field === name) ?? 'at', descending };
}

function directionOf(sort: Sort): Direction {
  return sort.descending ? 'newest-first' : 'oldest-first';
}

/** Rows without the value come last either way. */
function comparator({ descending }: Sort): (one: number | null, other: number | null) => number {
  return (one, other) => {
    if (one === other) return 0;
    if (one === null) return 1;
    if (other === null) return -1;
    return descending ? other - one : one - other;
  };
}

function refuseTooMany(count: number): void {
  if (count <= MOST_SEARCHED_ROWS) return;
  throw new ProblemError(
    'validation_failed',
    `Searching works on up to ${MOST_SEARCHED_ROWS} requests, and ${count} are in this range: narrow it with from and to, or with a filter.`,
    { errors: [{ path: 'search', message: `narrow the range to ${MOST_SEARCHED_ROWS} requests or fewer` }] },
  );
}
