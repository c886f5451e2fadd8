// Owns asking for requests: lists, counts, one, and all of a stretch of time.
import {
  MOST_EXPORTED_REQUESTS,
  type RequestDetail,
  type RequestHistogram,
  type RequestRow,
} from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { type AttemptRecord, decodeFacts, type RequestRecord } from '../usage/index.ts';
import type { Captures } from './captures.ts';
import type { ColumnsRepository } from './columns.repository.ts';
import { type PriceLine, requestDetail, requestRow } from './detail.ts';
import { readFilters, readRange, readSearch, type RequestFilterQuery, type TimeRange } from './filters.ts';
import { countByStatusClass } from './histogram.ts';
import {
  contains,
  countMatching,
  type ListQuery,
  type ListSources,
  listRequestIds,
  matchingIds,
  MOST_SEARCHED_ROWS,
} from './list.ts';
import type { RequestsRepository, StoredRequest } from './requests.repository.ts';
import { Slices } from './slices.ts';

export interface RequestsOptions {
  readonly repository: RequestsRepository;
  readonly columns: ColumnsRepository;
  readonly captures: Captures;
  readonly clock: Clock;
  readonly retentionDays: () => number;
  /** Price arithmetic of one attempt; adds up to its cost. */
  readonly priceLines: (attempt: AttemptRecord, atMs: number) => readonly PriceLine[];
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EXPORTED_AT_ONCE = 200;
/** Opened with their attempts for one answer. */
const MOST_WHOLE_REQUESTS = 5000;

export class Requests {
  readonly #options: RequestsOptions;
  readonly #sources: ListSources;

  constructor(options: RequestsOptions) {
    this.#options = options;
    const { repository, columns, clock } = options;
    const slices = new Slices({ repository, columns, clock, oldestMs: () => this.oldestMs() });
    this.#sources = { repository, slices };
  }

  async list(query: ListQuery): Promise<{ items: RequestRow[]; total: number }> {
    const { ids, total } = await listRequestIds(this.#sources, query, this.#range(query));
    return { items: await this.rows(ids), total };
  }

  /** Rows of these requests, in their order; those that are not kept any more are left out. */
  async rows(ids: readonly string[]): Promise<RequestRow[]> {
    const records = await this.#options.repository.records(ids);
    return records.flatMap((record) => (record === null ? [] : [requestRow(record)]));
  }

  /** Without a range: from the oldest request on, until now. */
  async histogram(query: RequestFilterQuery & { readonly bars: number }): Promise<RequestHistogram> {
    const { clock, repository } = this.#options;
    const nowMs = clock.now();
    const { fromMs, toMs } = this.#range(query);
    const endMs = toMs === Number.POSITIVE_INFINITY ? nowMs + 1 : toMs;
    const oldestMs = query.from === undefined ? ((await repository.oldestAtMs()) ?? endMs - HOUR_MS) : fromMs;
    const range = { fromMs: Math.min(Math.max(fromMs, oldestMs), endMs - 1), toMs: endMs };
    return countByStatusClass(this.#sources, query, range, query.bars);
  }

  /** Records of everything that the query names, newest first, in pieces. Throws ProblemError where it is too much. */
  async export(query: RequestFilterQuery): Promise<AsyncGenerator<RequestRecord[]>> {
    const range = this.#range(query);
    const filters = readFilters(query);
    const search = readSearch(query);
    const most = search === null ? MOST_EXPORTED_REQUESTS : MOST_SEARCHED_ROWS;
    const count = await countMatching(this.#sources, filters, range);
    if (count > most) {
      throw new ProblemError(
        'validation_failed',
        `An export has up to ${most} requests${search === null ? '' : ' to search'}, and these are ${count}: narrow it with from and to, or with a filter.`,
        { errors: [{ path: 'from', message: `narrow the range to ${most} requests or fewer` }] },
      );
    }
    const { repository } = this.#options;
    const ids = matchingIds(this.#sources, filters, range);
    return (async function* () {
      for await (const some of ids) {
        for (let at = 0; at < some.length; at += EXPORTED_AT_ONCE) {
          const records = await repository.records(some.slice(at, at + EXPORTED_AT_ONCE));
          yield records.filter(
            (record) => record !== null && (search === null || contains(record, search)),
          ) as RequestRecord[];
        }
      }
    })();
  }

  async detail(id: string): Promise<RequestDetail> {
    const { repository, captures, priceLines } = this.#options;
    const [stored, expiresAtMs] = await Promise.all([repository.find(id), captures.expiresAtMs(id)]);
    if (stored === null)
      throw new ProblemError('not_found', 'There is no such request, or it is not kept any more.');
    const bodies = expiresAtMs === null ? null : { expiresAt: new Date(expiresAtMs).toISOString() };
    return requestDetail(stored, priceLines, bodies);
  }

  /** Requests older than this are not listed any more. */
  oldestMs(): number {
    return this.#options.clock.now() - this.#options.retentionDays() * DAY_MS;
  }

  /** Makes ready what filtered lists and counts look at. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#sources.slices.prepare(signal);
  }

  /** Whole requests of a range that the filters name, in pieces. Throws ProblemError where they are many. */
  async matching(
    query: RequestFilterQuery,
    { fromMs, toMs }: TimeRange,
  ): Promise<{ range: TimeRange; pieces: AsyncGenerator<StoredRequest[]> }> {
    const range = { fromMs: Math.max(fromMs, this.oldestMs()), toMs };
    const filters = readFilters(query);
    const count = await countMatching(this.#sources, filters, range);
    if (count > MOST_WHOLE_REQUESTS) {
      throw new ProblemError(
        'validation_failed',
        `By status, outcome or client up to ${MOST_WHOLE_REQUESTS} requests are added up, and these are ${count}: narrow the range with from and to, or take away the filter.`,
        {
          errors: [{ path: 'from', message: `narrow the range to ${MOST_WHOLE_REQUESTS} requests or fewer` }],
        },
      );
    }
    const { repository } = this.#options;
    const ids = matchingIds(this.#sources, filters, range);
    return {
      range,
      pieces: (async function* () {
        for await (const some of ids) yield await repository.stored(some);
      })(),
    };
  }

  async count(range: TimeRange): Promise<number> {
    return this.#options.repository.count(range);
  }

  /** Whole requests of a range, in pieces. For stretches that `count` says are short. */
  async *stored(range: TimeRange): AsyncGenerator<StoredRequest[]> {
    const { repository } = this.#options;
    for await (const entries of repository.walk(range, 'oldest-first')) {
      yield await repository.stored(entries.map(({ member }) => decodeFacts(member).id));
    }
  }

  #range(query: RequestFilterQuery): TimeRange {
    const oldestMs = this.oldestMs();
    const { fromMs, toMs } = readRange(query, oldestMs);
    return { fromMs: Math.max(fromMs, oldestMs), toMs };
  }
}
