// Owns reading requests: the sorted set that leads to them, and their records.
import type { RedisConnections } from '../../platform/redis/index.ts';
import { type AttemptRecord, readRecord, REQUEST_FIELD, type RequestRecord } from '../usage/index.ts';
import type { TimeRange } from './filters.ts';

export interface IndexEntry {
  readonly member: string;
  readonly atMs: number;
}

/** How far a walk that can be taken up again has come: the time it stands at, and rows of that very time behind it. */
export interface IndexPlace {
  readonly atMs: number;
  readonly skip: number;
}

export type Direction = 'newest-first' | 'oldest-first';

export interface StoredRequest {
  readonly request: RequestRecord;
  /** In the order in which they were tried. */
  readonly attempts: readonly AttemptRecord[];
}

const WALK_CHUNK = 1000;
const RECORDS_AT_ONCE = 100;

export class RequestsRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  async count(range: TimeRange): Promise<number> {
    const { background, keyspace } = this.#redis;
    return background.zcount(keyspace.requestIndex, range.fromMs, endOf(range));
  }

  /** Members of one page by rank: as fast on the last page as on the first. */
  async page(
    range: TimeRange,
    direction: Direction,
    slice: { readonly offset: number; readonly limit: number },
  ): Promise<string[]> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.requestIndex;
    if (direction === 'newest-first') {
      const newer = range.toMs === Infinity ? 0 : await background.zcount(key, range.toMs, '+inf');
      const first = newer + slice.offset;
      return background.zrevrange(key, first, first + slice.limit - 1);
    }
    const older = await background.zcount(key, '-inf', `(${range.fromMs}`);
    const first = older + slice.offset;
    return background.zrange(key, String(first), String(first + slice.limit - 1));
  }

  /** Everything of a range in bounded pieces. Goes on by time, so that rows that come and go meanwhile shift nothing. */
  async *walk(range: TimeRange, direction: Direction): AsyncGenerator<IndexEntry[]> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.requestIndex;
    let bounds: [start: number | string, end: number | string] =
      direction === 'newest-first' ? [endOf(range), range.fromMs] : [range.fromMs, endOf(range)];
    let skip = 0;
    for (;;) {
      const reply =
        direction === 'newest-first'
          ? await background.zrevrangebyscore(key, ...bounds, 'WITHSCORES', 'LIMIT', skip, WALK_CHUNK)
          : await background.zrangebyscore(key, ...bounds, 'WITHSCORES', 'LIMIT', skip, WALK_CHUNK);
      const entries = pairsOf(reply);
      if (entries.length > 0) yield entries;
      const last = entries.at(-1);
      if (last === undefined || entries.length < WALK_CHUNK) return;
      // The next piece begins at the time of the last row, after those of that very time that are known already.
      const sameTime = entries.filter(({ atMs }) => atMs === last.atMs).length;
      skip = sameTime === entries.length && bounds[0] === last.atMs ? skip + sameTime : sameTime;
      bounds = [last.atMs, bounds[1]];
    }
  }

  /** The next rows of a range after a place in it, oldest first. */
  async after(range: TimeRange, place: IndexPlace, limit: number): Promise<IndexEntry[]> {
    const { background, keyspace } = this.#redis;
    const bounds = [place.atMs, endOf(range), 'WITHSCORES', 'LIMIT', place.skip, limit] as const;
    return pairsOf(await background.zrangebyscore(keyspace.requestIndex, ...bounds));
  }

  /** Begin of the oldest request there is; null where there is none. */
  async oldestAtMs(): Promise<number | null> {
    const { background, keyspace } = this.#redis;
    const [, score] = await background.zrange(keyspace.requestIndex, '0', '0', 'WITHSCORES');
    return score === undefined ? null : Number(score);
  }

  /** Null for one that is not kept any more. */
  async records(ids: readonly string[]): Promise<(RequestRecord | null)[]> {
    const { background, keyspace } = this.#redis;
    return inPieces(ids, async (piece) => {
      const texts = await Promise.all(
        piece.map((id) => background.hget(keyspace.requestRecord(id), REQUEST_FIELD)),
      );
      return texts.map((text) => (text === null ? null : readRequest(text)));
    });
  }

  /** With their attempts; those that are not kept any more are left out. */
  async stored(ids: readonly string[]): Promise<StoredRequest[]> {
    const found = await inPieces(ids, (piece) => Promise.all(piece.map((id) => this.find(id))));
    return found.filter((stored) => stored !== null);
  }

  /** Null where the id is unknown, the request is still open, or it is not kept any more. */
  async find(id: string): Promise<StoredRequest | null> {
    const { background, keyspace } = this.#redis;
    const { [REQUEST_FIELD]: request, ...attempts } = await background.hgetall(keyspace.requestRecord(id));
    if (request === undefined) return null;
    return {
      request: readRequest(request),
      attempts: Object.values(attempts)
        .map(readAttempt)
        .sort((one, other) => numberOf(one) - numberOf(other)),
    };
  }
}

function readRequest(text: string): RequestRecord {
  const entry = readRecord(text);
  if (entry?.type !== 'request') throw new Error(`not the record of a request: ${text.slice(0, 200)}`);
  return entry.record;
}

function readAttempt(text: string): AttemptRecord {
  const entry = readRecord(text);
  if (entry?.type !== 'attempt') throw new Error(`not the record of an attempt: ${text.slice(0, 200)}`);
  return entry.record;
}

/** One piece after the other: parsing many records in one go would hold up requests that are being relayed. */
async function inPieces<T>(
  ids: readonly string[],
  read: (piece: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < ids.length; at += RECORDS_AT_ONCE) {
    results.push(...(await read(ids.slice(at, at + RECORDS_AT_ONCE))));
  }
  return results;
}

/** Attempt ids are `<request id>.<number>`. */
function numberOf(attempt: AttemptRecord): number {
  return Number(attempt.id.slice(attempt.id.lastIndexOf('.') + 1));
}

function endOf(range: TimeRange): string {
  return range.toMs === Infinity ? '+inf' : `(${range.toMs}`;
}

function pairsOf(reply: readonly string[]): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (let at = 0; at < reply.length; at += 2)
    entries.push({ member: reply[at] ?? '', atMs: Number(reply[at + 1]) });
  return entries;
}
