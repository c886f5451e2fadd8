// Owns the columns of requests in Redis: for each whole hour that is over, and for minutes that are. They are made from
// the index, and are known to be whole by the number of their rows: one that came later is missed by the count.
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { type Columns, decodeColumns, encodeColumns, type Field, storedFields } from './columns.ts';

const storeScript = defineScript(new URL('./scripts/store-columns.lua', import.meta.url));

export interface Slice {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_LIFE_MS = 3 * HOUR_MS;

export class ColumnsRepository {
  readonly #redis: RedisConnections;
  readonly #retentionMs: () => number;

  constructor(redis: RedisConnections, retentionMs: () => number) {
    this.#redis = redis;
    this.#retentionMs = retentionMs;
  }

  /** How many rows the columns of each hour have, by the hour's start in ms. */
  async hourCounts(): Promise<Map<number, number>> {
    const { background, keyspace } = this.#redis;
    const stored = await background.hgetall(keyspace.requestColumnCounts);
    return new Map(Object.entries(stored).map(([hour, count]) => [Number(hour) * HOUR_MS, Number(count)]));
  }

  /** Null where there are none, or not all of those columns. */
  async load({ startMs, endMs }: Slice, fields: readonly Field[]): Promise<Columns | null> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.requestColumns(columnsName({ startMs, endMs }));
    return decodeColumns(startMs, fields, await background.hmgetBuffer(key, ...storedFields(fields)));
  }

  /** How often rows of that hour were rewritten, to be read before the rows that `store` is given. */
  async revision({ startMs }: Slice): Promise<string> {
    const { background, keyspace } = this.#redis;
    return (await background.hget(keyspace.requestRevisions, String(Math.floor(startMs / HOUR_MS)))) ?? '0';
  }

  /** Columns and number of rows change together; not at all where rows were rewritten since `revision`. */
  async store(slice: Slice, columns: Columns, revision: string, nowMs: number): Promise<void> {
    const { background, keyspace } = this.#redis;
    const isHour = slice.endMs - slice.startMs === HOUR_MS;
    const lifeMs = isHour ? slice.endMs + this.#retentionMs() + HOUR_MS - nowMs : MINUTE_LIFE_MS;
    if (lifeMs <= 0) return;
    await storeScript.run(
      background,
      [keyspace.requestColumns(columnsName(slice)), keyspace.requestColumnCounts, keyspace.requestRevisions],
      // Bytes go as they are; the script's arguments are typed as text.
      [
        lifeMs,
        isHour ? slice.startMs / HOUR_MS : '',
        columns.count,
        this.#retentionMs() + HOUR_MS,
        Math.floor(slice.startMs / HOUR_MS),
        revision,
        ...(encodeColumns(columns).flat() as string[]),
      ],
    );
  }

  /** The counts of hours before that time; their columns have gone by themselves. */
  async forgetHours(hours: readonly number[]): Promise<void> {
    if (hours.length === 0) return;
    const { background, keyspace } = this.#redis;
    await background.hdel(keyspace.requestColumnCounts, ...hours.map((startMs) => String(startMs / HOUR_MS)));
  }
}

/** As the keyspace has it. */
function columnsName({ startMs, endMs }: Slice): string {
  return endMs - startMs === HOUR_MS ? `hour:${startMs / HOUR_MS}` : `minute:${startMs / 60_000}`;
}

/** The hour of a row, and all columns that have it. */
export function columnsAt(atMs: number): { hour: number; names: string[] } {
  const hour = Math.floor(atMs / HOUR_MS);
  return { hour, names: [`hour:${hour}`, `minute:${Math.floor(atMs / 60_000)}`] };
}
