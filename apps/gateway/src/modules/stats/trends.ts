// Owns `GET /stats/trends`: figures by period, told apart by a second dimension: the dearest each, all others as one.
import type { Split, Trends, trendsQuery } from '@crs/shared';
import type { z } from 'zod';
import { addSums, emptySums, subtractSums, type Sums, toStatsFigures } from '../usage/index.ts';
import type { TimeRange } from '../requests/index.ts';
import { type Filters, narrowed } from './filters.ts';
import { dimensionOf, isTime, periodLabel, type TimeGrouping } from './groups.ts';
import { errorsOf, type FiguresDependencies, isoRange, periodsOf, readQuery } from './queries.ts';
import { rangeBefore } from './range-before.ts';
import { byGroup, type CountedSums, isOfCells, sumsByGroup, totalOf } from './sums-by-group.ts';
import { byTag, tagSets, tagsOfSet } from './tags.ts';
import { named } from './usage-rows.ts';

export type TrendsQuery = z.output<typeof trendsQuery>;

const MOST_PERIODS = 2000;

export async function trends(
  asked: TrendsQuery,
  nowMs: number,
  dependencies: FiguresDependencies,
): Promise<Trends> {
  const { groupBy, splitBy } = readSplit(asked);
  const { calendar } = dependencies;
  const { range, filters } = await readQuery({ ...asked, groupBy }, nowMs, dependencies);
  const starts = periodsOf(groupBy, range, { calendar, nowMs, most: MOST_PERIODS });
  const question = { range, groupBy, splitBy, filters, nowMs };
  const isOneRead =
    splitBy === 'tag' ||
    filters.rows !== null ||
    isOfCells({ groupBy, splitBy: dimensionOf(splitBy), filters });
  const read = await (isOneRead ? readAll : readTop)(question, asked.top, dependencies);
  const before = rangeBefore(read.range, calendar);
  const previous = await sumsByGroup(
    { range: before, groupBy: null, splitBy: null, filters, ends: 'exact' },
    nowMs,
    dependencies,
  );
  const errors = errorsOf({ groupBy, splitBy: dimensionOf(splitBy), filters });
  return {
    ...isoRange(read.range),
    previousFrom: new Date(before.fromMs).toISOString(),
    previousTo: new Date(before.toMs).toISOString(),
    series: [
      ...read.series.map(({ id, label, sums }) => ({ id, label, total: toStatsFigures(sums, errors) })),
      ...(read.other === null ? [] : [{ id: null, label: '', total: toStatsFigures(read.other, errors) }]),
    ],
    rows: starts.map((startMs) => {
      const group = String(startMs);
      const total = read.totals.get(group) ?? emptySums();
      return {
        group: new Date(startMs).toISOString(),
        label: periodLabel(groupBy, startMs, calendar),
        ...toStatsFigures(total, errors),
        parts: partsOf(read, group, total).map((sums) => toStatsFigures(sums, errors)),
      };
    }),
    total: toStatsFigures(read.total, errors),
    previous: toStatsFigures(totalOf(previous.groups), errors),
  };
}

interface Question {
  readonly range: TimeRange;
  readonly groupBy: TimeGrouping;
  readonly splitBy: Split;
  readonly filters: Filters;
  readonly nowMs: number;
}

interface Read {
  readonly range: TimeRange;
  readonly total: Sums;
  readonly series: readonly Series[];
  /** Null where nothing is left. */
  readonly other: Sums | null;
  /** By period. */
  readonly totals: ReadonlyMap<string, Sums>;
  /** By period and member of what was read: sets of tags, where the split is by tag. */
  readonly parts: CountedSums['groups'];
}

interface Series {
  readonly id: string;
  readonly label: string;
  readonly sums: Sums;
  /** Of what was read, in its part. */
  readonly members: ReadonlySet<string>;
}

/** A dimension in the place of a period: by day. */
function readSplit({ groupBy, splitBy }: TrendsQuery): { groupBy: TimeGrouping; splitBy: Split } {
  return isTime(groupBy) ? { groupBy, splitBy } : { groupBy: 'day', splitBy: groupBy };
}

/** Which members are the dearest says the whole range; then only they are read by period. */
async function readTop(question: Question, top: number, dependencies: FiguresDependencies): Promise<Read> {
  const { range, groupBy, splitBy, filters, nowMs } = question;
  const dimension = dimensionOf(splitBy);
  const base = { range, splitBy: null, filters, ends: 'exact' } as const;
  const byMember = await sumsByGroup({ ...base, groupBy: dimension }, nowMs, dependencies);
  const chosen = await choose(splitBy, byGroup(byMember.groups), top, dependencies);
  const members = chosen.series.map(({ id }) => id);
  const parts = await sumsByGroup(
    { ...base, groupBy, splitBy: dimension, filters: narrowed(filters, dimension, members) },
    nowMs,
    dependencies,
  );
  // Read last, so that the whole is never less than its parts.
  const byPeriod = await sumsByGroup({ ...base, groupBy }, nowMs, dependencies);
  return {
    range: byPeriod.range,
    total: totalOf(byPeriod.groups),
    ...chosen,
    totals: byGroup(byPeriod.groups),
    parts: parts.groups,
  };
}

/** Everything by period and member. */
async function readAll(question: Question, top: number, dependencies: FiguresDependencies): Promise<Read> {
  const { range, groupBy, splitBy, filters, nowMs } = question;
  const keyAs = splitBy === 'tag' ? tagSets(await dependencies.tags()) : undefined;
  const asked = { range, groupBy, splitBy: dimensionOf(splitBy), filters, ends: 'exact', keyAs } as const;
  const counted = await sumsByGroup(asked, nowMs, dependencies);
  const byMember = new Map<string, Sums>();
  for (const parts of counted.groups.values()) {
    for (const [member, sums] of parts) {
      const total = byMember.get(member) ?? emptySums();
      addSums(total, sums);
      byMember.set(member, total);
    }
  }
  return {
    range: counted.range,
    total: totalOf(counted.groups),
    ...(await choose(splitBy, byMember, top, dependencies)),
    totals: byGroup(counted.groups),
    parts: counted.groups,
  };
}

/** `byMember`: by sets of tags, where the split is by tag. */
async function choose(
  splitBy: Split,
  byMember: ReadonlyMap<string, Sums>,
  top: number,
  dependencies: FiguresDependencies,
): Promise<Pick<Read, 'series' | 'other'>> {
  const isTag = splitBy === 'tag';
  const dearest = (await named(splitBy, isTag ? byTag(byMember) : byMember, dependencies)).slice(0, top);
  const series = dearest.map((one) => ({
    ...one,
    members: new Set(
      isTag ? [...byMember.keys()].filter((set) => tagsOfSet(set).includes(one.id)) : [one.id],
    ),
  }));
  const told = new Set(series.flatMap(({ members }) => [...members]));
  const rest = [...byMember].filter(([member]) => !told.has(member));
  if (rest.length === 0) return { series, other: null };
  const other = emptySums();
  for (const [, sums] of rest) addSums(other, sums);
  return { series, other };
}

/** In the order of the series; what is left of the total is the others'. */
function partsOf({ series, other, parts }: Read, group: string, total: Sums): Sums[] {
  const members = parts.get(group) ?? new Map<string, Sums>();
  const rest = emptySums();
  addSums(rest, total);
  const told = new Set<string>();
  const sums = series.map((one) => {
    const sum = emptySums();
    for (const member of one.members) {
      const part = members.get(member);
      if (part === undefined) continue;
      addSums(sum, part);
      if (!told.has(member)) subtractSums(rest, part);
      told.add(member);
    }
    return sum;
  });
  return other === null ? sums : [...sums, rest];
}
