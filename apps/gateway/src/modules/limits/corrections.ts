// Owns correcting what limits have counted, where rows of the ledger were priced again.
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { alwaysCounted, type Meter, periodOf } from './meters.ts';
import type { Periods } from './periods.ts';
import { ownerOf, readCounter, type SettledRow } from './settlement.ts';
import { type SubjectName, USER_SUBJECT } from './subjects.ts';

const correctScript = defineScript(
  new URL('./scripts/correct.lua', import.meta.url),
  new URL('./scripts/window.lua', import.meta.url),
);

/** By how much a row counts more than it did, or less where amounts are below zero. */
export type Correction = Pick<SettledRow, 'keyId' | 'userId' | 'atMs' | 'counters'> & {
  readonly chargedNanoUsd: number;
  readonly requests: number;
};

/** Both grow: a step that was taken, or one before it, is never taken again. */
export interface CorrectionStep {
  readonly run: number;
  readonly number: number;
}

interface Change {
  readonly meter: Meter;
  readonly period: number;
  amount: number;
}

/** By Redis key of the meters, then by meter and period. */
type Changes = Map<string, Map<string, Change>>;

/** Rejects with RedisUnavailable; then the same step may be taken again. */
export async function correctRows(
  redis: RedisConnections,
  periods: Periods,
  step: CorrectionStep,
  rows: readonly Correction[],
): Promise<void> {
  const changes: Changes = new Map();
  for (const row of rows) addRow(changes, row, redis, periods);
  await Promise.all(
    [...changes].map(async ([key, meters]) => {
      const args = [...meters.values()].flatMap(({ meter, period, amount }) => [
        meter.id,
        meter.type === 'window' ? 'w' : 'b',
        period,
        amount,
      ]);
      await correctScript.run(redis.background, [key], [step.run, step.number, ...args]);
    }),
  );
}

function addRow(changes: Changes, row: Correction, { keyspace }: RedisConnections, periods: Periods): void {
  const add = (name: SubjectName, meter: Meter): void => {
    if (name === 'user' && row.userId === null) return;
    const amount = meter.unit === 'usd' ? row.chargedNanoUsd : meter.unit === 'requests' ? row.requests : 0;
    if (amount === 0) return;
    const key = keyspace.limitMeters(ownerOf(row), name === 'key' ? row.keyId : USER_SUBJECT);
    const ofKey = changes.get(key) ?? new Map<string, Change>();
    changes.set(key, ofKey);
    const period = periodOf(meter, row.atMs, periods);
    const known = ofKey.get(`${meter.id} ${period}`);
    if (known === undefined) ofKey.set(`${meter.id} ${period}`, { meter, period, amount });
    else known.amount += amount;
  };
  for (const meter of alwaysCounted) {
    add('key', meter);
    add('user', meter);
  }
  for (const text of row.counters) {
    const counter = readCounter(text);
    if (counter !== null) add(counter.subject, counter.meter);
  }
}
