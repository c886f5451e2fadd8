// Owns the request list. What the index alone can answer is answered by rank; everything else is a look over the columns
// of the range: filters are masks, the total is their count, and only the rows of the page are opened.
import { ProblemError } from '../../platform/problem.ts';
import { decodeFacts, factsOf, type RequestRecord } from '../usage/index.ts';
import type { Field } from './columns.ts';
import {
  fieldsOf,
  maskOf,
  type RequestFilterQuery,
  type RowFilter,
  readFilters,
  readSearch,
  type TimeRange,
} from './filters.ts';
import {
  Best,
  columnOf,
  comparator,
  directionOf,
  type Place,
  readSort,
  type Slice,
  type Sort,
  Window,
} from './page-rows.ts';
import type { RequestsRepository } from './requests.repository.ts';
import type { Slices } from './slices.ts';

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
/** Columns are made anew when a row comes late; then the page is read once more. */
const MOST_READS = 5;

const WHOLE_ID = /^req_[0-9a-f]{28}$/;

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

function refuseTooMany(count: number): void {
  if (count <= MOST_SEARCHED_ROWS) return;
  throw new ProblemError(
    'validation_failed',
    `Searching works on up to ${MOST_SEARCHED_ROWS} requests, and ${count} are in this range: narrow it with from and to, or with a filter.`,
    { errors: [{ path: 'search', message: `narrow the range to ${MOST_SEARCHED_ROWS} requests or fewer` }] },
  );
}
