// Owns adding up the figures of a range by one or two groupings, from as few stored periods as there can be.
import type { Calendar } from '../../platform/calendar.ts';
import type { Requests, TimeRange } from '../requests/index.ts';
import {
  addPacked,
  addSums,
  type Cell,
  type Dimension,
  emptySums,
  type FiguresRepository,
  keptMs,
  memberOf,
  periodName,
  type Projection,
  readCellField,
  type Resolution,
  sumsOfRecords,
  type Sums,
} from '../usage/index.ts';
import { cellFilter, refuseTooMany } from './cells.ts';
import type { Filters } from './filters.ts';
import { groupStartMs, type TimeGrouping } from './groups.ts';
import { type Pieces, roundOutward, splitRange } from './range.ts';

export interface SumsQuery {
  readonly range: TimeRange;
  /** Null: everything together. */
  readonly groupBy: TimeGrouping | Dimension | null;
  readonly splitBy: Dimension | null;
  readonly filters: Filters;
  /** What stands for a key where figures are grouped or split by it; itself unless given. */
  readonly keyAs?: ((keyId: string) => string) | undefined;
  /** To the millisecond where single requests are still kept, or by whole minutes and hours: cheaper to ask often. */
  readonly ends: 'exact' | 'rounded';
}

export interface SumsDependencies {
  readonly figures: FiguresRepository;
  readonly requests: Requests;
  readonly calendar: Calendar;
}

export interface CountedSums {
  /** As it was counted, up to now. */
  readonly range: TimeRange;
  /** Group (start of a period in ms as text, or a member, '' for none) -> split ('' where nothing is split) -> sums. */
  readonly groups: Map<string, Map<string, Sums>>;
}

/** What is read request by request at the ends of a range; more is answered by whole periods. */
const MOST_ROWS = 1000;

export async function sumsByGroup(
  query: SumsQuery,
  nowMs: number,
  dependencies: SumsDependencies,
): Promise<CountedSums> {
  const { groups, target } = gatherer(query, dependencies.calendar);
  const addCell = (atMs: number, cell: Cell, sums: Sums): void => {
    for (const [dimension, members] of query.filters.members)
      if (!members.has(memberOf(cell, dimension))) return;
    addSums(
      target(atMs, (dimension) => memberOf(cell, dimension)),
      sums,
    );
  };
  if (query.filters.rows !== null) {
    const range = until(query.range, nowMs);
    const found = await dependencies.requests.matching(query.filters.rows, range);
    for await (const stored of found.pieces) {
      for (const { request, attempts } of stored) {
        for (const { cell, sums } of sumsOfRecords(request, attempts)) addCell(request.atMs, cell, sums);
      }
    }
    return { range: found.range, groups };
  }
  const { pieces, range } = await piecesOf(query, nowMs, dependencies);
  await Promise.all([
    readPeriods('day', pieces.days, query, target, dependencies),
    readPeriods('hour', pieces.hours, query, target, dependencies),
    readPeriods('minute', pieces.minutes, query, target, dependencies),
  ]);
  for (const rest of pieces.rows) {
    for await (const stored of dependencies.requests.stored(rest)) {
      for (const { request, attempts } of stored) {
        for (const { cell, sums } of sumsOfRecords(request, attempts)) addCell(request.atMs, cell, sums);
      }
    }
  }
  return { range: until(range, nowMs), groups };
}

/** Every group of them, added up. */
export function totalOf(groups: CountedSums['groups']): Sums {
  const total = emptySums();
  for (const parts of groups.values()) for (const sums of parts.values()) addSums(total, sums);
  return total;
}

/** Without the split; not to be changed, nor are `groups` from then on. */
export function byGroup(groups: CountedSums['groups']): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const [group, parts] of groups) {
    const [first] = parts.values();
    sums.set(group, first !== undefined && parts.size === 1 ? first : totalOf(new Map([[group, parts]])));
  }
  return sums;
}

/** Whether the question is about more than one dimension: figures by one are kept apart, others are all combinations. */
export function isOfCells({
  groupBy,
  splitBy,
  filters,
}: Pick<SumsQuery, 'groupBy' | 'splitBy' | 'filters'>): boolean {
  return dimensionsOf({ groupBy, splitBy, filters }).size > 1;
}

type MemberOf = (dimension: Dimension) => string;
/** Where figures of a time and of such members are added to. */
type Target = (atMs: number, member: MemberOf) => Sums;

function gatherer(
  { groupBy, splitBy, keyAs }: SumsQuery,
  calendar: Calendar,
): { groups: CountedSums['groups']; target: Target } {
  const groups: CountedSums['groups'] = new Map();
  const nameOf = (dimension: Dimension, member: MemberOf): string =>
    dimension === 'key' && keyAs !== undefined ? keyAs(member(dimension)) : member(dimension);
  return {
    groups,
    target: (atMs, member) => {
      const group =
        groupBy === null
          ? ''
          : isPeriod(groupBy)
            ? String(groupStartMs(groupBy, atMs, calendar))
            : nameOf(groupBy, member);
      const split = splitBy === null ? '' : nameOf(splitBy, member);
      let parts = groups.get(group);
      if (parts === undefined) {
        parts = new Map();
        groups.set(group, parts);
      }
      let sums = parts.get(split);
      if (sums === undefined) {
        sums = emptySums();
        parts.set(split, sums);
      }
      return sums;
    },
  };
}

async function readPeriods(
  resolution: Resolution,
  startsMs: readonly number[],
  query: SumsQuery,
  target: Target,
  { figures, calendar }: SumsDependencies,
): Promise<void> {
  if (startsMs.length === 0) return;
  const { projection, fields } = resolution === 'minute' ? ALL_CELLS : projectionFor(query);
  const names = startsMs.map((atMs) => periodName(resolution, atMs, calendar));
  if (fields === null && resolution !== 'minute') {
    refuseTooMany(projection, await figures.count(resolution, names, projection));
  }
  if (projection !== 'cell') {
    await figures.read(resolution, names, projection, fields, (period, field, packed) => {
      addPacked(
        target(startsMs[period] ?? 0, () => field),
        packed,
      );
    });
    return;
  }
  const wanted = cellFilter(query.filters);
  await figures.read(resolution, names, projection, wanted, (period, field, packed) => {
    const cell = readCellField(field);
    for (const [dimension, members] of query.filters.members)
      if (!members.has(memberOf(cell, dimension))) return;
    addPacked(
      target(startsMs[period] ?? 0, (dimension) => memberOf(cell, dimension)),
      packed,
    );
  });
}

const ALL_CELLS = { projection: 'cell', fields: null } as const;

function projectionFor(query: SumsQuery): { projection: Projection; fields: readonly string[] | null } {
  const dimensions = dimensionsOf(query);
  const [only] = dimensions;
  if (only === undefined) return { projection: 'all', fields: [''] };
  if (dimensions.size > 1) return ALL_CELLS;
  const members = query.filters.members.get(only);
  return { projection: only, fields: members === undefined ? null : [...members] };
}

function dimensionsOf({
  groupBy,
  splitBy,
  filters,
}: Pick<SumsQuery, 'groupBy' | 'splitBy' | 'filters'>): Set<Dimension> {
  const dimensions = new Set<Dimension>(filters.members.keys());
  if (groupBy !== null && !isPeriod(groupBy)) dimensions.add(groupBy);
  if (splitBy !== null) dimensions.add(splitBy);
  return dimensions;
}

function isPeriod(groupBy: TimeGrouping | Dimension): groupBy is TimeGrouping {
  return groupBy === 'hour' || groupBy === 'day' || groupBy === 'week' || groupBy === 'month';
}

async function piecesOf(
  query: SumsQuery,
  nowMs: number,
  { calendar, requests }: SumsDependencies,
): Promise<{ pieces: Pieces; range: TimeRange }> {
  const options = { calendar, nowMs, largest: query.groupBy === 'hour' ? 'hour' : 'day' } as const;
  // What lies ahead is empty: a range that reaches now takes the running periods whole.
  const openEndMs = calendar.nextDayStartMs(nowMs);
  const range = query.range.toMs < nowMs ? query.range : { fromMs: query.range.fromMs, toMs: openEndMs };
  const rounded = roundOutward(range, options);
  if (query.ends === 'rounded') return { pieces: splitRange(rounded, options), range: rounded };
  const pieces = splitRange(range, options);
  if (await areKept(pieces, nowMs, requests)) return { pieces, range };
  return { pieces: splitRange(rounded, options), range: rounded };
}

async function areKept(pieces: Pieces, nowMs: number, requests: Requests): Promise<boolean> {
  const oldestHourMs = nowMs - (keptMs.hour ?? 0);
  if (pieces.hours.some((atMs) => atMs < oldestHourMs)) return false;
  if (pieces.rows.some(({ fromMs }) => fromMs < requests.oldestMs())) return false;
  const counts = await Promise.all(pieces.rows.map((range) => requests.count(range)));
  return counts.reduce((total, count) => total + count, 0) <= MOST_ROWS;
}

/** What is to come has no figures. */
function until({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, nowMs + 1)) };
}
