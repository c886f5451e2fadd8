// Owns what rows of the ledger add to figures, and how the stream carries it: added up by whom it belongs to and by minute,
// a short JSON array a line. The records themselves are kept beside it, by request.
import { requestTimeMs } from '../../platform/ids.ts';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';
import { addSums, emptySums, readSums, type Sums, sumValues } from './sums.ts';

/** Whom figures belong to. Null where a request never reached an account, or a key has no owner. */
export interface Cell {
  readonly keyId: string;
  readonly userId: string | null;
  readonly accountId: string | null;
  readonly kind: string | null;
  readonly model: string;
}

/** What is added to the figures of a cell, and when: to one minute of it, where rows were added up. */
export interface Addition {
  readonly cell: Cell;
  /** The latest of its rows. */
  readonly atMs: number;
  readonly sums: Sums;
}

const MINUTE_MS = 60_000;

/**
 * What one row adds. Tokens and money come from attempts only; a request counts itself, and a refused one counts
 * nothing: null.
 */
export function additionOf(entry: LedgerEntry): Addition | null {
  return entry.type === 'attempt' ? ofAttempt(entry.record) : ofRequest(entry.record);
}

/** Most rows of a batch are of one minute and a few cells. */
export function addUp(additions: Iterable<Addition>): Addition[] {
  const byCell = new Map<string, { cell: Cell; atMs: number; sums: Sums }>();
  for (const { cell, atMs, sums } of additions) {
    const { keyId, userId, accountId, kind, model } = cell;
    // Model last: clients name it, the others are the gateway's own and have no space.
    const name = `${Math.floor(atMs / MINUTE_MS)} ${keyId} ${userId} ${accountId} ${kind} ${model}`;
    const known = byCell.get(name);
    if (known === undefined) {
      byCell.set(name, { cell, atMs, sums: { ...sums } });
    } else {
      addSums(known.sums, sums);
      known.atMs = Math.max(known.atMs, atMs);
    }
  }
  return [...byCell.values()];
}

/** Time, key, user, account, kind, model, then the figures in their order. */
type Line = [number, string, string | null, string | null, string | null, string, ...number[]];

export function encodeAddition({ atMs, cell, sums }: Addition): string {
  const { keyId, userId, accountId, kind, model } = cell;
  return JSON.stringify([atMs, keyId, userId, accountId, kind, model, ...sumValues(sums)] satisfies Line);
}

/** Null for text that this version did not write. */
export function decodeAddition(text: string): Addition | null {
  const [atMs, keyId, userId, accountId, kind, model, ...figures] = readList(text);
  const sums = readSums(figures);
  if (sums === null || !isInteger(atMs) || typeof keyId !== 'string' || typeof model !== 'string')
    return null;
  if (!isTextOrNull(userId) || !isTextOrNull(accountId) || !isTextOrNull(kind)) return null;
  return { atMs, cell: { keyId, userId, accountId, kind, model }, sums };
}

function readList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

/** What one request and its attempts add to whose figures, as the roller counts them. */
export function sumsOfRecords(request: RequestRecord, attempts: readonly AttemptRecord[]): Addition[] {
  const counted = attempts.map(ofAttempt);
  const own = ofRequest(request);
  return own === null ? counted : [own, ...counted];
}

function ofAttempt(record: AttemptRecord): Addition {
  const { keyId, userId, accountId, kind, model, usage, costNanoUsd, chargedNanoUsd } = record;
  return {
    // In the period in which its request began, so that figures of a range are the sums of the requests listed for it.
    atMs: requestTimeMs(record.requestId) ?? record.startedAtMs,
    cell: { keyId, userId, accountId, kind, model },
    sums: {
      requests: 0,
      attempts: 1,
      failedRequests: 0,
      failedAttempts: isFailure(record.outcome) ? 1 : 0,
      input: usage.input,
      cacheWrite5m: usage.cacheWrite5m,
      cacheWrite1h: usage.cacheWrite1h,
      cacheRead: usage.cacheRead,
      output: usage.output,
      costNanoUsd,
      chargedNanoUsd,
    },
  };
}

function ofRequest({ keyId, userId, accountId, kind, model, atMs, outcome }: RequestRecord): Addition | null {
  if (outcome === 'refused') return null;
  const sums = { ...emptySums(), requests: 1, failedRequests: isFailure(outcome) ? 1 : 0 };
  return { atMs, cell: { keyId, userId, accountId, kind, model }, sums };
}

function isFailure(outcome: RequestRecord['outcome']): boolean {
  return outcome === 'failed' || outcome === 'crashed';
}
