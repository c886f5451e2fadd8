// Owns adding up the figures of a range by group, from as few stored periods as there can be.
import type { Grouping } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { Requests, TimeRange } from '../requests/index.ts';
import {
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
import { groupStartMs, isDimension } from './groups.ts';
import { type Pieces, roundOutward, splitRange } from './range.ts';

export interface SumsQuery {
  readonly range: TimeRange;
  readonly groupBy: Grouping;
  readonly filters: ReadonlyMap<Dimension, string>;
  /** To the millisecond where single requests are still kept, or by whole minutes and hours: cheaper to ask often. */
  readonly ends: 'exact' | 'rounded';
}

export interface SumsDependencies {
  readonly figures: FiguresRepository;
  readonly requests: Requests;
  readonly calendar: Calendar;
}

/** What is read request by request at the ends of a range; more is answered by whole periods. */
const MOST_ROWS = 20_000;

/** Group -> sums: start of the period in ms as text, or the member ('' for none). */
export async function sumsByGroup(
  query: SumsQuery,
  nowMs: number,
  dependencies: SumsDependencies,
): Promise<Map<string, Sums>> {
  const { figures, requests, calendar } = dependencies;
  const pieces = await piecesOf(query, nowMs, dependencies);
  const groups = new Map<string, Sums>();
  const add = (group: string, sums: Sums): void => {
    const total = groups.get(group) ?? emptySums();
    addSums(total, sums);
    groups.set(group, total);
  };
  const addCell = (atMs: number, cell: Cell, sums: Sums): void => {
    for (const [dimension, value] of query.filters) if (memberOf(cell, dimension) !== value) return;
    const { groupBy } = query;
    add(isDimension(groupBy) ? memberOf(cell, groupBy) : timeGroup(groupBy, atMs, calendar), sums);
  };

  const readPeriods = async (resolution: Resolution, startsMs: readonly number[]): Promise<void> => {
    const { projection, field } = resolution === 'minute' ? ALL_CELLS : projectionFor(query);
    const names = startsMs.map((atMs) => periodName(resolution, atMs, calendar));
    const periods = await figures.periods(resolution, names, projection, field);
    for (const [index, period] of periods.entries()) {
      const atMs = startsMs[index] ?? 0;
      for (const [member, sums] of period) {
        if (projection === 'cell') addCell(atMs, readCellField(member), sums);
        else add(isDimension(query.groupBy) ? member : timeGroup(query.groupBy, atMs, calendar), sums);
      }
    }
  };
  await Promise.all([
    readPeriods('day', pieces.days),
    readPeriods('hour', pieces.hours),
    readPeriods('minute', pieces.minutes),
  ]);
  for (const range of pieces.rows) {
    for await (const stored of requests.stored(range)) {
      for (const { request, attempts } of stored) {
        for (const { cell, sums } of sumsOfRecords(request, attempts)) addCell(request.atMs, cell, sums);
      }
    }
  }
  return groups;
}

function timeGroup(groupBy: Exclude<Grouping, Dimension>, atMs: number, calendar: Calendar): string {
  return String(groupStartMs(groupBy, atMs, calendar));
}

const ALL_CELLS = { projection: 'cell', field: null } as const;

/** Figures by one dimension are kept apart; only a question about two needs all combinations. */
function projectionFor({ groupBy, filters }: SumsQuery): { projection: Projection; field: string | null } {
  const dimensions = new Set<Dimension>(filters.keys());
  if (isDimension(groupBy)) dimensions.add(groupBy);
  const [only] = dimensions;
  if (only === undefined) return { projection: 'all', field: '' };
  return dimensions.size === 1 ? { projection: only, field: filters.get(only) ?? null } : ALL_CELLS;
}

async function piecesOf(
  query: SumsQuery,
  nowMs: number,
  { calendar, requests }: SumsDependencies,
): Promise<Pieces> {
  const options = { calendar, nowMs, largest: query.groupBy === 'hour' ? 'hour' : 'day' } as const;
  // What lies ahead is empty: a range that reaches now takes the running periods whole.
  const openEndMs = calendar.nextDayStartMs(nowMs);
  const range = query.range.toMs < nowMs ? query.range : { fromMs: query.range.fromMs, toMs: openEndMs };
  const pieces = splitRange(query.ends === 'exact' ? range : roundOutward(range, options), options);
  if (query.ends === 'exact' && !(await areKept(pieces, nowMs, requests))) {
    return splitRange(roundOutward(range, options), options);
  }
  return pieces;
}

async function areKept(pieces: Pieces, nowMs: number, requests: Requests): Promise<boolean> {
  const oldestHourMs = nowMs - (keptMs.hour ?? 0);
  if (pieces.hours.some((atMs) => atMs < oldestHourMs)) return false;
  if (pieces.rows.some(({ fromMs }) => fromMs < requests.oldestMs())) return false;
  const counts = await Promise.all(pieces.rows.map((range) => requests.count(range)));
  return counts.reduce((total, count) => total + count, 0) <= MOST_ROWS;
}
