// Owns counting the ledger again and comparing the figures with it. Rows are kept for a while only: hours and days they
// cover are counted from them, totals from the days.
import type { Calendar } from '../../platform/calendar.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { type Dimension, HOUR_MS, periodName, projectionField, projectionsOf } from './periods.ts';
import type { LedgerEntry } from './records.ts';
import { type Addition, additionOf } from './roll-entry.ts';
import { addSums, emptySums, packSums, type Sums, unpackSums, withoutLatency } from './sums.ts';

export interface FiguresCheckOptions {
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  /** Rows from before this time may be missing. */
  readonly rowsSinceMs: number;
  readonly nowMs: number;
}

/** A field of a figure that is not what the ledger says. */
export interface FigureDifference {
  readonly key: string;
  readonly field: string;
  readonly stored: Sums;
  readonly counted: Sums;
}

interface Period {
  readonly startMs: number;
  readonly fields: Map<string, Sums>;
}

const DAY_MS = 24 * HOUR_MS;
/** Days are kept for good; before so many without any figures there are none. */
const EMPTY_DAYS = 400;
const AT_ONCE = 50;
const totalled = ['all', 'key', 'user', 'account'] as const;

export class FiguresCheck {
  readonly #options: FiguresCheckOptions;
  /** By Redis key. */
  readonly #counted = new Map<string, Period>();
  /** Sums of all days, by projection and field. */
  readonly #totals = new Map<(typeof totalled)[number], Map<string, Sums>>();
  /** Charged by day: projection, field and start of the day. */
  readonly #charged = new Map<string, { startMs: number; chargedNanoUsd: number }[]>();

  constructor(options: FiguresCheckOptions) {
    this.#options = options;
  }

  add(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      const addition = additionOf(entry);
      if (addition !== null) this.#add(addition);
    }
  }

  /** Everything that differs; the figures of periods that the rows cover only in part are left alone. */
  async differences(): Promise<FigureDifference[]> {
    const differences: FigureDifference[] = [];
    const covered = [...this.#counted].filter(([, { startMs }]) => startMs >= this.#options.rowsSinceMs);
    for (let from = 0; from < covered.length; from += AT_ONCE) {
      const some = covered.slice(from, from + AT_ONCE);
      const found = await Promise.all(some.map(([key, { fields }]) => this.#compare(key, fields)));
      differences.push(...found.flat());
    }
    await this.#addDays();
    for (const [projection, fields] of this.#totals) {
      differences.push(
        ...(await this.#compare(this.#options.redis.keyspace.figuresTotal(projection), fields)),
      );
    }
    return differences;
  }

  /** What a key or user was charged on the days from then on; only after `differences`. */
  chargedSince(dimension: Extract<Dimension, 'key' | 'user'>, id: string, fromMs: number): number {
    const days = this.#charged.get(`${dimension} ${id}`) ?? [];
    return days
      .filter(({ startMs }) => startMs >= fromMs)
      .reduce((sum, { chargedNanoUsd }) => sum + chargedNanoUsd, 0);
  }

  async mend(differences: readonly FigureDifference[]): Promise<void> {
    const { background } = this.#options.redis;
    for (const { key, field, counted } of differences) await background.hset(key, field, packSums(counted));
  }

  #add({ atMs, cell, sums }: Addition): void {
    const { calendar, redis } = this.#options;
    for (const resolution of ['hour', 'day'] as const) {
      const name = periodName(resolution, atMs, calendar);
      const startMs = resolution === 'day' ? calendar.dayStartMs(atMs) : Math.floor(atMs / HOUR_MS) * HOUR_MS;
      for (const projection of projectionsOf[resolution]) {
        const key = redis.keyspace.figures(resolution, name, projection);
        let period = this.#counted.get(key);
        if (period === undefined) {
          period = { startMs, fields: new Map() };
          this.#counted.set(key, period);
        }
        addTo(period.fields, projectionField(cell, projection), sums);
      }
    }
  }

  async #compare(key: string, counted: ReadonlyMap<string, Sums>): Promise<FigureDifference[]> {
    const stored = await this.#options.redis.background.hgetall(key);
    const fields = new Set([...counted.keys(), ...Object.keys(stored)]);
    return [...fields].flatMap((field) => {
      const expected = counted.get(field) ?? emptySums();
      const found = unpackSums(stored[field]);
      return packSums(found) === packSums(expected) ? [] : [{ key, field, stored: found, counted: expected }];
    });
  }

  /** Days that the rows cover as they were counted, older ones as they are stored. */
  async #addDays(): Promise<void> {
    const { calendar, nowMs } = this.#options;
    for (const projection of totalled) this.#totals.set(projection, new Map());
    let startMs = calendar.dayStartMs(nowMs + DAY_MS);
    for (let empty = 0; empty < EMPTY_DAYS; ) {
      const days: number[] = [];
      for (let day = 0; day < AT_ONCE; day += 1) {
        days.push(startMs);
        startMs = calendar.dayStartMs(startMs - 1);
      }
      const found = await Promise.all(days.map((day) => this.#addDay(day)));
      empty = found.some((hasFigures) => hasFigures) ? 0 : empty + AT_ONCE;
    }
  }

  /** False for a day without figures. */
  async #addDay(startMs: number): Promise<boolean> {
    const { calendar, redis, rowsSinceMs } = this.#options;
    const name = periodName('day', startMs, calendar);
    let hasFigures = false;
    for (const projection of totalled) {
      const key = redis.keyspace.figures('day', name, projection);
      const fields =
        startMs >= rowsSinceMs
          ? (this.#counted.get(key)?.fields ?? new Map<string, Sums>())
          : await this.#stored(key);
      const totals = this.#totals.get(projection) ?? new Map<string, Sums>();
      hasFigures ||= fields.size > 0;
      for (const [field, sums] of fields) {
        addTo(totals, field, withoutLatency(sums));
        if (projection !== 'key' && projection !== 'user') continue;
        const charged = { startMs, chargedNanoUsd: sums.chargedNanoUsd };
        const known = this.#charged.get(`${projection} ${field}`);
        if (known === undefined) this.#charged.set(`${projection} ${field}`, [charged]);
        else known.push(charged);
      }
    }
    return hasFigures;
  }

  async #stored(key: string): Promise<Map<string, Sums>> {
    const fields = await this.#options.redis.background.hgetall(key);
    return new Map(Object.entries(fields).map(([field, text]) => [field, unpackSums(text)]));
  }
}

function addTo(fields: Map<string, Sums>, field: string, sums: Readonly<Sums>): void {
  let total = fields.get(field);
  if (total === undefined) {
    total = emptySums();
    fields.set(field, total);
  }
  addSums(total, sums);
}
