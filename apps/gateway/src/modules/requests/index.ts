// What other modules and the composition may know of requests.
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { type AttemptRecord, factsOf, type Ledger } from '../usage/index.ts';
import type { CaptureRules } from './capture-rules.ts';
import { Captures } from './captures.ts';
import { CapturesRepository } from './captures.repository.ts';
import { ColumnsRepository } from './columns.repository.ts';
import type { PriceLine } from './detail.ts';
import { LiveRequests } from './live.ts';
import { LiveRepository } from './live.repository.ts';
import { RequestsRepository } from './requests.repository.ts';
import { Requests } from './requests.service.ts';

export { captureRulesOf } from './capture-rules.ts';
export type { Capture, Captures } from './captures.ts';
export { columnsAt } from './columns.repository.ts';
export { readRange, type TimeRange } from './filters.ts';
export { type IndexPlace, RequestsRepository, type StoredRequest } from './requests.repository.ts';
export type { Requests } from './requests.service.ts';

export interface RequestsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'endedAfter' | 'lastEntryId'>;
  readonly secrets: SecretBox;
  /** How long single requests are kept; read at each list. */
  readonly retentionDays: () => number;
  /** What holds for kept bodies now. */
  readonly captureRules: () => CaptureRules;
  /** Price arithmetic of one attempt; adds up to its cost. */
  readonly priceLines: (attempt: AttemptRecord, atMs: number) => readonly PriceLine[];
  readonly onProblem: (message: string, error: unknown) => void;
}

export interface RequestServices {
  readonly requests: Requests;
  readonly live: LiveRequests;
  readonly captures: Captures;
}

const DAY_MS = 86_400_000;

export function createRequests(dependencies: RequestsDependencies): RequestServices {
  const { redis, clock, ledger, secrets, retentionDays, captureRules, priceLines, onProblem } = dependencies;
  const repository = new RequestsRepository(redis);
  const captures = new Captures({
    repository: new CapturesRepository(redis),
    secrets,
    clock,
    rules: captureRules,
    onProblem,
  });
  const requests = new Requests({
    repository,
    columns: new ColumnsRepository(redis, () => retentionDays() * DAY_MS),
    captures,
    clock,
    retentionDays,
    priceLines,
  });
  const live = new LiveRequests({
    repository: new LiveRepository(redis),
    ledger,
    clock,
    rows: (ids) => requests.rows(ids),
    facts: async (ids) =>
      (await repository.records(ids)).map((record) => (record === null ? null : factsOf(record))),
    onProblem,
  });
  return { requests, live, captures };
}
