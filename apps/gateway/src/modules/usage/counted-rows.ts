// Owns how limits see the rows of the ledger. Pure.
import { requestTimeMs } from '../../platform/ids.ts';
import type { SettledRow } from '../limits/index.ts';
import type { WrittenEntry } from './ledger.ts';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';

/** Rows that have to be counted still. Whoever priced one again has counted, or will, by how much it changed. */
export function rowsToSettle(written: readonly WrittenEntry[]): SettledRow[] {
  return countedRows(written.map(({ entry, isNew }) => ({ entry: asFirstCharged(entry), isNew })));
}

function asFirstCharged(entry: LedgerEntry): LedgerEntry {
  if (entry.type === 'request' || entry.record.original === null) return entry;
  return {
    type: 'attempt',
    record: { ...entry.record, chargedNanoUsd: entry.record.original.chargedNanoUsd },
  };
}

export function countedRows(written: readonly WrittenEntry[]): SettledRow[] {
  return written.map(({ entry, isNew }) =>
    entry.type === 'attempt' ? countedAttempt(entry.record, isNew) : countedRequest(entry.record, isNew),
  );
}

function countedAttempt(record: AttemptRecord, isNew: boolean): SettledRow {
  const { id, requestId, keyId, userId, chargedNanoUsd, counters, usage } = record;
  return {
    type: 'attempt',
    id,
    requestId,
    keyId,
    userId,
    chargedNanoUsd,
    counters,
    isNew,
    atMs: requestTimeMs(requestId) ?? record.startedAtMs,
    tokens: tokensOf(usage),
    requests: 0,
  };
}

function countedRequest(record: RequestRecord, isNew: boolean): SettledRow {
  const { id, keyId, userId, counters } = record;
  return {
    type: 'request',
    id,
    requestId: id,
    keyId,
    userId,
    counters,
    isNew,
    atMs: requestTimeMs(id) ?? record.atMs,
    chargedNanoUsd: 0,
    tokens: 0,
    requests: isCounted(record) ? 1 : 0,
  };
}

/** One that was refused, or failed and cost nothing, does not count as a request. */
function isCounted({ outcome, chargedNanoUsd, usage }: RequestRecord): boolean {
  return outcome === 'ok' || chargedNanoUsd > 0 || tokensOf(usage) > 0;
}

/** All of them, whatever they cost. */
export function tokensOf(usage: AttemptRecord['usage']): number {
  return usage.input + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead + usage.output;
}
