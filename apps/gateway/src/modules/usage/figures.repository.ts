// Owns reading figures: of keys, accounts and users (today and total), and of periods.
import type { Figures } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { periodName, type Projection, type Resolution } from './periods.ts';
import { type Sums, toFigures, unpackSums } from './sums.ts';

export interface UsageSummary {
  readonly today: Figures;
  readonly total: Figures;
}

export interface FiguresOptions {
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  readonly clock: Clock;
}

/** Periods read in one go: what comes back at once is a few thousand fields. */
const SHORT_AT_ONCE = 200;
const LONG_AT_ONCE = 31;

export class FiguresRepository {
  readonly #options: FiguresOptions;

  constructor(options: FiguresOptions) {
    this.#options = options;
  }

  /** In the order of the ids; two commands however many there are. */
  async figuresOf(dimension: 'key' | 'account' | 'user', ids: readonly string[]): Promise<UsageSummary[]> {
    if (ids.length === 0) return [];
    const { redis, calendar, clock } = this.#options;
    const errorsOf = dimension === 'account' ? 'attempts' : 'requests';
    const day = calendar.dayKey(clock.now());
    const [today, total] = await Promise.all([
      redis.background.hmget(redis.keyspace.figures('day', day, dimension), ...ids),
      redis.background.hmget(redis.keyspace.figuresTotal(dimension), ...ids),
    ]);
    return ids.map((_, index) => ({
      today: toFigures(unpackSums(today[index]), errorsOf),
      total: toFigures(unpackSums(total[index]), errorsOf),
    }));
  }

  /** What an account did in the quarters of an hour that begin then, in their order. */
  async accountQuarters(
    id: string,
    startsMs: readonly number[],
  ): Promise<{ attempts: number; failures: number }[]> {
    const names = startsMs.map((atMs) => periodName('quarter', atMs, this.#options.calendar));
    const quarters = names.map(() => ({ attempts: 0, failures: 0 }));
    await this.read('quarter', names, 'account', [id], (index, _field, packed) => {
      const { attempts, errors } = toFigures(unpackSums(packed), 'attempts');
      quarters[index] = { attempts, failures: errors };
    });
    return quarters;
  }

  /** Everything ever counted. */
  async total(): Promise<Sums> {
    const { redis } = this.#options;
    return unpackSums(await redis.background.hget(redis.keyspace.figuresTotal('all'), ''));
  }

  /**
   * Calls `visit` with the packed sums of each field of each period; only of `fields` where they are given, or of those
   * that it says yes to. Periods may come in any order.
   */
  async read(
    resolution: Resolution,
    names: readonly string[],
    projection: Projection,
    fields: readonly string[] | ((field: string) => boolean) | null,
    visit: (period: number, field: string, packed: string) => void,
  ): Promise<void> {
    const { keyspace } = this.#options.redis;
    const most = projection === 'all' ? SHORT_AT_ONCE : LONG_AT_ONCE;
    for (let at = 0; at < names.length; at += most) {
      const read = names.slice(at, at + most).map(async (name, index) => {
        const key = keyspace.figures(resolution, name, projection);
        await this.#visitFields(key, fields, (field, packed) => visit(at + index, field, packed));
      });
      await Promise.all(read);
    }
  }

  /** How many fields these periods have together. */
  async count(resolution: Resolution, names: readonly string[], projection: Projection): Promise<number> {
    const { background, keyspace } = this.#options.redis;
    const counts = await Promise.all(
      names.map((name) => background.hlen(keyspace.figures(resolution, name, projection))),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #visitFields(
    key: string,
    fields: readonly string[] | ((field: string) => boolean) | null,
    visit: (field: string, packed: string) => void,
  ): Promise<void> {
    const { background } = this.#options.redis;
    if (fields === null) {
      // As it comes: an object made of it would take as long as everything else.
      const reply = await background.call('HGETALL', key);
      const flat: readonly unknown[] = Array.isArray(reply) ? reply : [];
      for (let at = 0; at < flat.length; at += 2) {
        const [field, packed] = [flat[at], flat[at + 1]];
        if (typeof field === 'string' && typeof packed === 'string') visit(field, packed);
      }
      return;
    }
    const wanted = typeof fields === 'function' ? (await background.hkeys(key)).filter(fields) : fields;
    if (wanted.length === 0) return;
    const texts = await background.hmget(key, ...wanted);
    for (const [index, field] of wanted.entries()) {
      const packed = texts[index];
      if (packed !== null && packed !== undefined) visit(field, packed);
    }
  }
}
