// Owns the request list: the smallest set that holds all matches is walked in pieces, everything else is checked
// against it. What the sets alone can answer is answered by rank, without a walk.
import { ProblemError } from '../../platform/problem.ts';
import { decodeFacts, encodeFacts, factsOf, type RequestRecord, type RowFacts } from '../usage/index.ts';
import { readFilters, type RequestFilters, type RequestListQuery, type TimeRange } from './filters.ts';
import type { Direction, IndexEntry, RequestsRepository } from './requests.repository.ts';

export interface IdPage {
  readonly ids: string[];
  readonly total: number;
}

/** Rows that may be put into another order than that of time for one answer. */
export const MOST_SORTED_ROWS = 50_000;
/** A search by text opens every record it looks at. */
const MOST_SEARCHED_ROWS = 20_000;
const SPARE_ROWS = 1000;

const WHOLE_ID = /^req_[0-9a-f]{28}$/;

interface Match {
  readonly facts: RowFacts;
  readonly atMs: number;
}

interface Slice {
  readonly offset: number;
  readonly limit: number;
}

export async function listRequestIds(
  repository: RequestsRepository,
  query: RequestListQuery,
  range: TimeRange,
): Promise<IdPage> {
  const filters = readFilters(query);
  if (filters.search !== null && WHOLE_ID.test(filters.search)) {
    const ids = (await isListed(repository, filters, range, filters.search)) ? [filters.search] : [];
    return { ids: query.page === 1 ? ids : [], total: ids.length };
  }
  const { index, count, others } = await smallestIndex(repository, filters, range);
  const slice = { offset: (query.page - 1) * query.pageSize, limit: query.pageSize };
  const sort = readSort(query.sort);
  if (sort.field !== 'at' || filters.search !== null)
    refuseTooMany(count, filters.search === null ? 'sort' : 'search');

  if (sort.field === 'at' && others.length === 0 && filters.matches === null && filters.search === null) {
    const limit = Math.max(0, Math.min(slice.limit, count - slice.offset));
    const members =
      limit === 0 ? [] : await repository.page(index, range, directionOf(sort), { ...slice, limit });
    return { ids: members.map((member) => decodeFacts(member).id), total: count };
  }

  const walk = { repository, filters, others };
  if (sort.field === 'at') {
    const window = new Window(slice);
    for await (const entries of repository.walk(index, range, directionOf(sort))) {
      window.push(await matching(walk, entries));
    }
    return { ids: window.ids, total: window.total };
  }
  const best = new Best(slice, comparator(sort));
  for await (const entries of repository.walk(index, range, 'newest-first')) {
    best.push(await matching(walk, entries));
  }
  return { ids: best.ids, total: best.total };
}

/** Whether that one request is rolled up and among what the filters name. */
async function isListed(
  repository: RequestsRepository,
  filters: RequestFilters,
  range: TimeRange,
  id: string,
): Promise<boolean> {
  const [record] = await repository.records([id]);
  if (record === null || record === undefined) return false;
  if (record.atMs < range.fromMs || record.atMs >= range.toMs) return false;
  const facts = factsOf(record);
  if (filters.matches?.(facts) === false) return false;
  const found = await Promise.all(
    filters.indexes.map((index) => repository.isIn(index, [encodeFacts(facts)])),
  );
  return found.flat().every(Boolean);
}

async function smallestIndex(
  repository: RequestsRepository,
  filters: RequestFilters,
  range: TimeRange,
): Promise<{ index: string; count: number; others: string[] }> {
  const counted = await Promise.all(
    filters.indexes.map(async (index) => ({ index, count: await repository.count(index, range) })),
  );
  const [smallest, ...others] = counted.sort((one, other) => one.count - other.count);
  if (smallest === undefined) throw new Error('no index to look in');
  return { ...smallest, others: others.map(({ index }) => index) };
}

interface Walk {
  readonly repository: RequestsRepository;
  readonly filters: RequestFilters;
  readonly others: readonly string[];
}

async function matching({ repository, filters, others }: Walk, entries: IndexEntry[]): Promise<Match[]> {
  let left = entries;
  for (const index of others) {
    const isIn = await repository.isIn(
      index,
      left.map(({ member }) => member),
    );
    left = left.filter((_, at) => isIn[at] === true);
  }
  let matches = left.map(({ member, atMs }) => ({ facts: decodeFacts(member), atMs }));
  const { matches: test, search } = filters;
  if (test !== null) matches = matches.filter(({ facts }) => test(facts));
  if (search === null) return matches;
  const records = await repository.records(matches.map(({ facts }) => facts.id));
  return matches.filter((_, at) => contains(records[at] ?? null, search));
}

/** What a search looks at. */
function contains(record: RequestRecord | null, search: string): boolean {
  if (record === null) return false;
  const { id, keyName, accountName, model, servedModel, errorCode, client } = record;
  return [id, keyName, accountName, model, servedModel, errorCode, client].some(
    (text) => text?.toLowerCase().includes(search) === true,
  );
}

/** Counts all matches, keeps those of one page. */
class Window {
  readonly ids: string[] = [];
  total = 0;
  readonly #slice: Slice;

  constructor(slice: Slice) {
    this.#slice = slice;
  }

  push(matches: readonly Match[]): void {
    const { offset, limit } = this.#slice;
    for (const { facts } of matches) {
      if (this.total >= offset && this.total < offset + limit) this.ids.push(facts.id);
      this.total += 1;
    }
  }
}

/** Counts all matches, keeps those that come before the end of one page: never sorts more than it has to in one go. */
class Best {
  total = 0;
  #kept: Match[] = [];
  readonly #slice: Slice;
  readonly #compare: (one: Match, other: Match) => number;

  constructor(slice: Slice, compare: (one: Match, other: Match) => number) {
    this.#slice = slice;
    this.#compare = compare;
  }

  push(matches: readonly Match[]): void {
    this.total += matches.length;
    this.#kept.push(...matches);
    const wanted = this.#slice.offset + this.#slice.limit;
    if (this.#kept.length < 2 * wanted + SPARE_ROWS) return;
    this.#kept = this.#kept.sort(this.#compare).slice(0, wanted);
  }

  get ids(): string[] {
    const { offset, limit } = this.#slice;
    const page = this.#kept.sort(this.#compare).slice(offset, offset + limit);
    return page.map(({ facts }) => facts.id);
  }
}

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

/** Rows without the value come last either way; equal ones newest first. */
function comparator({ field, descending }: Sort): (one: Match, other: Match) => number {
  const valueOf = ({ facts, atMs }: Match): number | null => (field === 'at' ? atMs : facts[field]);
  return (one, other) => {
    const [left, right] = [valueOf(one), valueOf(other)];
    if (left === right) return other.atMs - one.atMs;
    if (left === null) return 1;
    if (right === null) return -1;
    return descending ? right - left : left - right;
  };
}

function refuseTooMany(count: number, path: 'sort' | 'search'): void {
  const most = path === 'sort' ? MOST_SORTED_ROWS : MOST_SEARCHED_ROWS;
  if (count <= most) return;
  const deed = path === 'sort' ? 'Sorting by anything but time' : 'Searching';
  throw new ProblemError(
    'validation_failed',
    `${deed} works on up to ${most} requests, and ${count} are in this range: narrow it with from and to, or with a filter.`,
    { errors: [{ path, message: `narrow the range to ${most} requests or fewer` }] },
  );
}
