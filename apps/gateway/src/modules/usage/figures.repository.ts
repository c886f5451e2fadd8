// Owns reading figures: of keys, accounts and users (today and total), and of periods.
import type { Figures } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { periodName, type Projection, type Resolution } from './periods.ts';
import { emptySums, type Sums, toFigures, unpackSums } from './sums.ts';

export interface UsageSummary {
  readonly today: Figures;
  readonly total: Figures;
}

export interface FiguresOptions {
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  readonly clock: Clock;
}

const PERIODS_AT_ONCE = 200;

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
    const periods = await this.periods('quarter', names, 'account', id);
    return periods.map((period) => {
      const { attempts, errors } = toFigures(period.get(id) ?? emptySums(), 'attempts');
      return { attempts, failures: errors };
    });
  }

  /** Everything ever counted. */
  async total(): Promise<Sums> {
    const { redis } = this.#options;
    return unpackSums(await redis.background.hget(redis.keyspace.figuresTotal('all'), ''));
  }

  /** Field -> sums of each period, in the order of the names; only `field` where one is given. */
  async periods(
    resolution: Resolution,
    names: readonly string[],
    projection: Projection,
    field: string | null,
  ): Promise<Map<string, Sums>[]> {
    const periods: Map<string, Sums>[] = [];
    for (let at = 0; at < names.length; at += PERIODS_AT_ONCE) {
      const chunk = names.slice(at, at + PERIODS_AT_ONCE);
      periods.push(
        ...(await Promise.all(chunk.map((name) => this.#period(resolution, name, projection, field)))),
      );
    }
    return periods;
  }

  async #period(
    resolution: Resolution,
    name: string,
    projection: Projection,
    field: string | null,
  ): Promise<Map<string, Sums>> {
    const { redis } = this.#options;
    const key = redis.keyspace.figures(resolution, name, projection);
    if (field !== null) {
      const text = await redis.background.hget(key, field);
      return new Map(text === null ? [] : [[field, unpackSums(text)]]);
    }
    const fields = await redis.background.hgetall(key);
    return new Map(Object.entries(fields).map(([member, text]) => [member, unpackSums(text)]));
  }
}
