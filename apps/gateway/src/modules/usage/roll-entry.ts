// Owns what rows of the ledger add to figures, and how the stream carries it: added up by whom it belongs to and by minute,
// a short JSON array a line. The records themselves are kept beside it, by request.
import { requestTimeMs } from '../../platform/ids.ts';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { addSums, addTo, emptySums, packSums, type Sums, unpackSums } from './sums.ts';

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

/** Rows added up by cell and minute: most of a batch are of one minute and a few cells. */
export class Additions {
  readonly #byName = new Map<string, Writable<Addition>>();
  #latest: Writable<Addition> | null = null;

  get list(): Addition[] {
    return [...this.#byName.values()];
  }

  /** Tokens and money come from attempts only; a request counts itself, and a refused one counts nothing. */
  addRow(entry: LedgerEntry): void {
    if (entry.type === 'attempt') this.#addAttempt(entry.record);
    else if (entry.record.outcome !== 'refused') this.#addRequest(entry.record);
  }

  add({ cell, atMs, sums }: Addition): void {
    addSums(this.#sumsOf(cell, atMs), sums);
  }

  /** What changes where the money of an attempt does; it stays where its row was counted. */
  addMoney(
    record: AttemptRecord,
    more: Readonly<Pick<Sums, 'costNanoUsd' | 'chargedNanoUsd' | 'cacheSavingsNanoUsd'>>,
  ): void {
    const sums = this.#sumsOf(record, requestTimeMs(record.requestId) ?? record.startedAtMs);
    addTo(sums, 'costNanoUsd', more.costNanoUsd);
    addTo(sums, 'chargedNanoUsd', more.chargedNanoUsd);
    addTo(sums, 'cacheSavingsNanoUsd', more.cacheSavingsNanoUsd);
  }

  #addAttempt(record: AttemptRecord): void {
    // In the period in which its request began, so that figures of a range are the sums of the requests listed for it.
    const sums = this.#sumsOf(record, requestTimeMs(record.requestId) ?? record.startedAtMs);
    const { usage } = record;
    addTo(sums, 'attempts', 1);
    if (isFailure(record.outcome)) {
      addTo(sums, 'failedAttempts', 1);
      const errorClass = errorClassOf(record.status);
      if (errorClass !== null) addTo(sums, `${errorClass}Attempts`, 1);
    }
    addTo(sums, 'input', usage.input);
    addTo(sums, 'cacheWrite5m', usage.cacheWrite5m);
    addTo(sums, 'cacheWrite1h', usage.cacheWrite1h);
    addTo(sums, 'cacheRead', usage.cacheRead);
    addTo(sums, 'output', usage.output);
    addTo(sums, 'costNanoUsd', record.costNanoUsd);
    addTo(sums, 'chargedNanoUsd', record.chargedNanoUsd);
    addTo(sums, 'cacheSavingsNanoUsd', record.cacheSavingsNanoUsd);
  }

  #addRequest(record: RequestRecord): void {
    const sums = this.#sumsOf(record, record.atMs);
    addTo(sums, 'requests', 1);
    if (isFailure(record.outcome)) {
      addTo(sums, 'failedRequests', 1);
      const errorClass = errorClassOf(record.status);
      if (errorClass !== null) addTo(sums, `${errorClass}Requests`, 1);
    }
    if (record.outcome !== 'ok') return;
    (sums.durations ??= new LatencyHistogram()).addTime(record.durationMs);
    if (record.firstEventMs === null) return;
    (sums.firstEvents ??= new LatencyHistogram()).addTime(record.firstEventMs);
  }

  #sumsOf(cell: Cell, atMs: number): Sums {
    const minute = Math.floor(atMs / MINUTE_MS);
    let found = this.#latest;
    if (found === null || Math.floor(found.atMs / MINUTE_MS) !== minute || !isSame(found.cell, cell)) {
      const { keyId, userId, accountId, kind, model } = cell;
      // Model last: clients name it, the others are the gateway's own and have no space.
      const name = `${minute} ${keyId} ${userId} ${accountId} ${kind} ${model}`;
      found = this.#byName.get(name) ?? null;
      if (found === null) {
        found = { cell: { keyId, userId, accountId, kind, model }, atMs, sums: emptySums() };
        this.#byName.set(name, found);
      }
      this.#latest = found;
    }
    found.atMs = Math.max(found.atMs, atMs);
    return found.sums;
  }
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

function isSame(one: Cell, other: Cell): boolean {
  return (
    one.keyId === other.keyId &&
    one.userId === other.userId &&
    one.accountId === other.accountId &&
    one.kind === other.kind &&
    one.model === other.model
  );
}

/** What one row adds; null where it counts nothing. */
export function additionOf(entry: LedgerEntry): Addition | null {
  const additions = new Additions();
  additions.addRow(entry);
  return additions.list[0] ?? null;
}

/** Time, key, user, account, kind, model, then the figures as they are packed. */
type Line = [number, string, string | null, string | null, string | null, string, string];

export function encodeAddition({ atMs, cell, sums }: Addition): string {
  const { keyId, userId, accountId, kind, model } = cell;
  return JSON.stringify([atMs, keyId, userId, accountId, kind, model, packSums(sums)] satisfies Line);
}

/** Null for text that this version did not write. */
export function decodeAddition(text: string): Addition | null {
  const [atMs, keyId, userId, accountId, kind, model, figures] = readList(text);
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

function readSums(figures: unknown): Sums | null {
  try {
    return typeof figures === 'string' ? unpackSums(figures) : null;
  } catch {
    return null;
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
  const additions = new Additions();
  additions.addRow({ type: 'request', record: request });
  for (const record of attempts) additions.addRow({ type: 'attempt', record });
  return additions.list;
}

function isFailure(outcome: RequestRecord['outcome']): boolean {
  return outcome === 'failed' || outcome === 'crashed';
}

/** Null where there was no whole answer. */
function errorClassOf(status: number): 'rateLimited' | 'clientError' | 'serverError' | null {
  if (status >= 500) return 'serverError';
  if (status === 429) return 'rateLimited';
  return status >= 400 ? 'clientError' : null;
}
