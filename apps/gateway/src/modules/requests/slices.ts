// Owns how a stretch of time is read by columns: hours that are over as they are stored, the last minutes as well where
// there are many rows, and what has just come from the index itself. What is missing or out of date is made on the way,
// so an answer is exact whether or not the columns were made before.
import type { Clock } from '../../platform/clock.ts';
import { decodeFacts } from '../usage/index.ts';
import { type Columns, ColumnsBuilder, type Field } from './columns.ts';
import type { ColumnsRepository, Slice } from './columns.repository.ts';
import type { TimeRange } from './filters.ts';
import type { Direction, RequestsRepository } from './requests.repository.ts';

export interface SlicesOptions {
  readonly repository: RequestsRepository;
  readonly columns: ColumnsRepository;
  readonly clock: Clock;
  /** Requests older than this are not listed any more. */
  readonly oldestMs: () => number;
}

/** Columns of a stretch of time, and how more of them are read. */
export interface LoadedSlice {
  readonly slice: Slice;
  readonly columns: Columns;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Requests are listed by their begin when they end: an hour gets its last rows after it is over. */
const HOUR_RESTS_MS = 15 * MINUTE_MS;
const MINUTE_RESTS_MS = 15_000;
/** Up to so many rows are read from the index rather than by the minute. */
const DIRECT_ROWS = 2000;
/** Slices read in one go: some milliseconds of nothing else. */
const AT_ONCE = 48;

export class Slices {
  readonly #options: SlicesOptions;

  constructor(options: SlicesOptions) {
    this.#options = options;
  }

  /** The rows of a range and some before and after it, with those columns; slices in that order, rows by time in each. */
  async *read(range: TimeRange, direction: Direction, fields: readonly Field[]): AsyncGenerator<LoadedSlice> {
    const { hours, minutes, rest } = await this.#plan(range);
    const stored = [...hours, ...minutes];
    if (direction === 'oldest-first') yield* this.#stored(stored, fields);
    if (rest !== null) {
      const columns = await this.#fromIndex(rest);
      if (columns.count > 0) yield { slice: rest, columns };
    }
    if (direction === 'newest-first') yield* this.#stored(stored.toReversed(), fields);
  }

  /** Ids of the rows of a slice that was read; null where it was made anew meanwhile, and rows have other places now. */
  async idsOf({ slice, columns }: LoadedSlice): Promise<readonly string[] | null> {
    if (columns.ids !== null) return columns.ids;
    const found = await this.#options.columns.load(slice, ['id']);
    return found?.ids !== null && found?.count === columns.count ? found.ids : null;
  }

  /** Makes the columns of all hours that are over, so that nobody who looks has to wait for it. */
  async prepare(signal?: AbortSignal): Promise<void> {
    const { columns, clock, oldestMs } = this.#options;
    const oldest = oldestMs();
    const counts = await columns.hourCounts();
    await columns.forgetHours([...counts.keys()].filter((startMs) => startMs + HOUR_MS < oldest));
    const endMs = hourOf(clock.now() - HOUR_RESTS_MS);
    await this.#hours({ fromMs: oldest, toMs: endMs }, counts, signal);
  }

  async #plan(range: TimeRange): Promise<{ hours: Slice[]; minutes: Slice[]; rest: Slice | null }> {
    const { repository, columns, clock } = this.#options;
    const nowMs = clock.now();
    const hoursEndMs = hourOf(nowMs - HOUR_RESTS_MS);
    const hours =
      range.fromMs < hoursEndMs
        ? await this.#hours(
            { fromMs: range.fromMs, toMs: Math.min(range.toMs, hoursEndMs) },
            await columns.hourCounts(),
          )
        : [];
    if (range.toMs <= hoursEndMs) return { hours, minutes: [], rest: null };
    const late = { fromMs: Math.max(range.fromMs, hoursEndMs), toMs: range.toMs };
    const rest = (fromMs: number): Slice | null =>
      fromMs < range.toMs ? { startMs: fromMs, endMs: range.toMs } : null;
    if ((await repository.count(late)) <= DIRECT_ROWS) return { hours, minutes: [], rest: rest(late.fromMs) };
    const minutesEndMs = Math.floor((nowMs - MINUTE_RESTS_MS) / MINUTE_MS) * MINUTE_MS;
    const minutes = pieces(late.fromMs, Math.min(late.toMs, minutesEndMs), MINUTE_MS);
    return { hours, minutes, rest: rest(Math.max(late.fromMs, minutesEndMs)) };
  }

  /** The hours of a range that have rows; made where the number of their rows is not that of the index. */
  async #hours(range: TimeRange, counts: Map<number, number>, signal?: AbortSignal): Promise<Slice[]> {
    const all = pieces(range.fromMs, range.toMs, HOUR_MS);
    for (const slice of await this.#outdated(all, counts)) {
      signal?.throwIfAborted();
      const { count } = await this.#make(slice);
      counts.set(slice.startMs, count);
    }
    return all.filter(({ startMs }) => (counts.get(startMs) ?? 0) > 0);
  }

  /** Found by halves: nearly always the sum of all is right, and one count says so. */
  async #outdated(slices: readonly Slice[], counts: ReadonlyMap<number, number>): Promise<Slice[]> {
    const [first, last] = [slices[0], slices.at(-1)];
    if (first === undefined || last === undefined) return [];
    // The oldest hour loses its rows one by one; those that are too old are no part of any range.
    if (first.startMs < this.#options.oldestMs()) {
      const edge = counts.has(first.startMs) ? [] : [first];
      return [...edge, ...(await this.#outdated(slices.slice(1), counts))];
    }
    const known = slices.reduce((sum, { startMs }) => sum + (counts.get(startMs) ?? 0), 0);
    const actual = await this.#options.repository.count({ fromMs: first.startMs, toMs: last.endMs });
    if (known === actual) return [];
    if (slices.length === 1) return [first];
    const half = Math.ceil(slices.length / 2);
    const parts = await Promise.all(
      [slices.slice(0, half), slices.slice(half)].map((part) => this.#outdated(part, counts)),
    );
    return parts.flat();
  }

  async *#stored(slices: readonly Slice[], fields: readonly Field[]): AsyncGenerator<LoadedSlice> {
    for (let at = 0; at < slices.length; at += AT_ONCE) {
      const loaded = await Promise.all(
        slices
          .slice(at, at + AT_ONCE)
          .map(async (slice) => ({ slice, columns: await this.#load(slice, fields) })),
      );
      for (const each of loaded) if (each.columns.count > 0) yield each;
    }
  }

  async #load(slice: Slice, fields: readonly Field[]): Promise<Columns> {
    const { columns, repository } = this.#options;
    if (slice.endMs - slice.startMs === HOUR_MS)
      return (await columns.load(slice, fields)) ?? this.#make(slice);
    const count = await repository.count({ fromMs: slice.startMs, toMs: slice.endMs });
    if (count === 0) return new ColumnsBuilder(slice.startMs).build();
    const found = await columns.load(slice, fields);
    return found?.count === count ? found : this.#make(slice);
  }

  async #make(slice: Slice): Promise<Columns> {
    const { columns, clock } = this.#options;
    const revision = await columns.revision(slice);
    const made = await this.#fromIndex(slice);
    await columns.store(slice, made, revision, clock.now());
    return made;
  }

  async #fromIndex({ startMs, endMs }: Slice): Promise<Columns> {
    const builder = new ColumnsBuilder(startMs);
    const range = { fromMs: startMs, toMs: endMs };
    for await (const entries of this.#options.repository.walk(range, 'oldest-first')) {
      for (const { member, atMs } of entries) builder.add(decodeFacts(member), atMs);
    }
    return builder.build();
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

/** Whole hours or minutes that touch the stretch, oldest first. */
function pieces(fromMs: number, toMs: number, lengthMs: number): Slice[] {
  const slices: Slice[] = [];
  for (let startMs = Math.floor(fromMs / lengthMs) * lengthMs; startMs < toMs; startMs += lengthMs)
    slices.push({ startMs, endMs: startMs + lengthMs });
  return slices;
}
