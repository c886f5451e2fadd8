// What other modules and the relay may know of usage.
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { FiguresRepository } from './figures.repository.ts';
import { isBefore, LedgerRepository } from './ledger.repository.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { Roller } from './roller.ts';

export { countedRows, rowsToSettle, tokensOf } from './counted-rows.ts';
export type { FiguresRepository, UsageSummary } from './figures.repository.ts';
export { isBefore };
export type { Ledger } from './ledger.ts';
export {
  type Dimension,
  dimensions,
  HOUR_MS,
  keptMs,
  memberOf,
  MINUTE_MS,
  periodName,
  type Projection,
  readCellField,
  type Resolution,
} from './periods.ts';
export { type FigureDifference, FiguresCheck } from './figures-check.ts';
export { entryOf, readRecord, recordText } from './record-text.ts';
export * from './records.ts';
export { Additions, type Cell, encodeAddition, sumsOfRecords } from './roll-entry.ts';
export { decodeFacts, encodeFacts, factsOf, type RowFacts } from './row-facts.ts';
export { addPacked, addSums, emptySums, type Sums, subtractSums, toStatsFigures } from './sums.ts';

export interface UsageDependencies {
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** How long single requests are kept; read at each write. */
  readonly retentionDays: () => number;
  readonly onProblem: (message: string, error: unknown) => void;
}

export interface Usage {
  readonly ledger: Ledger;
  readonly roller: Roller;
  readonly figures: FiguresRepository;
}

export function createUsage(dependencies: UsageDependencies): Usage {
  const { redis, retentionDays, calendar, clock, onProblem } = dependencies;
  const repository = new LedgerRepository(redis, retentionDays);
  const roller = new Roller({ repository, keyspace: redis.keyspace, calendar, clock, onProblem });
  return {
    ledger: createLedger(repository, () => roller.kick()),
    roller,
    figures: new FiguresRepository({ redis, calendar, clock }),
  };
}
