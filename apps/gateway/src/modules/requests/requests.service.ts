// Owns asking for requests: lists, one, and all of a short stretch of time.
import type { RequestDetail, RequestRow } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { type AttemptRecord, decodeFacts, EVERY_REQUEST } from '../usage/index.ts';
import { type PriceLine, requestDetail, requestRow } from './detail.ts';
import { readRange, type RequestListQuery, type TimeRange } from './filters.ts';
import { listRequestIds } from './list.ts';
import type { RequestsRepository, StoredRequest } from './requests.repository.ts';

export interface RequestsOptions {
  readonly repository: RequestsRepository;
  readonly clock: Clock;
  readonly retentionDays: () => number;
  /** Price arithmetic of one attempt; adds up to its cost. */
  readonly priceLines: (attempt: AttemptRecord) => readonly PriceLine[];
}

const DAY_MS = 86_400_000;

export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  async list(query: RequestListQuery): Promise<{ items: RequestRow[]; total: number }> {
    const { repository } = this.#options;
    const oldestMs = this.oldestMs();
    const { fromMs, toMs } = readRange(query, oldestMs);
    const range = { fromMs: Math.max(fromMs, oldestMs), toMs };
    const { ids, total } = await listRequestIds(repository, query, range);
    const records = await repository.records(ids);
    return { items: records.flatMap((record) => (record === null ? [] : [requestRow(record)])), total };
  }

  async detail(id: string): Promise<RequestDetail> {
    const stored = await this.#options.repository.find(id);
    if (stored === null)
      throw new ProblemError('not_found', 'There is no such request, or it is not kept any more.');
    return requestDetail(stored, this.#options.priceLines);
  }

  /** Requests older than this are not listed any more. */
  oldestMs(): number {
    return this.#options.clock.now() - this.#options.retentionDays() * DAY_MS;
  }

  async count(range: TimeRange): Promise<number> {
    return this.#options.repository.count(EVERY_REQUEST, range);
  }

  /** Whole requests of a range, in pieces. For stretches that `count` says are short. */
  async *stored(range: TimeRange): AsyncGenerator<StoredRequest[]> {
    const { repository } = this.#options;
    for await (const entries of repository.walk(EVERY_REQUEST, range, 'oldest-first')) {
      yield await repository.stored(entries.map(({ member }) => decodeFacts(member).id));
    }
  }
}
