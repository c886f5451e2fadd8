// Owns what the ledger's stream carries: of each record only what the roll-ups and the request list need, as a short
// JSON array. The records themselves are kept beside it, by request.
import { requestOutcomes } from '@crs/shared';
import { requestTimeMs } from '../../platform/ids.ts';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';
import type { RowFacts } from './row-facts.ts';
import { emptySums, type Sums } from './sums.ts';

/** Whom figures belong to. Null where a request never reached an account, or a key has no owner. */
export interface Cell {
  readonly keyId: string;
  readonly userId: string | null;
  readonly accountId: string | null;
  readonly kind: string | null;
  readonly model: string;
}

export type RollEntry =
  | { readonly type: 'attempt'; readonly atMs: number; readonly cell: Cell; readonly sums: Sums }
  | { readonly type: 'request'; readonly atMs: number; readonly cell: Cell; readonly facts: RowFacts };

/** Letter, time, key, user, account, kind, model, failed (0 or 1), five token counts, cost, charged. */
type AttemptTuple = [
  'a',
  number,
  string,
  string | null,
  string | null,
  string | null,
  string,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
/** Letter, time, key, user, account, kind, model, id, status, outcome, stream (0 or 1), client, cost, duration, first event. */
type RequestTuple = [
  'r',
  number,
  string,
  string | null,
  string | null,
  string | null,
  string,
  string,
  number,
  RequestRecord['outcome'],
  number,
  string,
  number,
  number,
  number | null,
];

/** `s` text, `i` integer; capital: or null. Checked by hand: every row passes here, on the way to figures. */
const ATTEMPT_SHAPE = 'sisSSSsiiiiiiii';
const REQUEST_SHAPE = 'sisSSSssisisiiI';

/** What of a record goes into the stream. */
export function encodeRollEntry(entry: LedgerEntry): string {
  return JSON.stringify(
    entry.type === 'attempt' ? attemptToTuple(entry.record) : requestToTuple(entry.record),
  );
}

/** Null for text that this version did not write. */
export function decodeRollEntry(text: string): RollEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isAttemptTuple(value)) return attemptFromTuple(value);
  return isRequestTuple(value) ? requestFromTuple(value) : null;
}

function isAttemptTuple(value: unknown): value is AttemptTuple {
  return Array.isArray(value) && value[0] === 'a' && hasShape(value, ATTEMPT_SHAPE);
}

function isRequestTuple(value: unknown): value is RequestTuple {
  return (
    Array.isArray(value) &&
    value[0] === 'r' &&
    hasShape(value, REQUEST_SHAPE) &&
    requestOutcomes.some((outcome) => outcome === value[9])
  );
}

function hasShape(values: readonly unknown[], shape: string): boolean {
  return values.length === shape.length && values.every((value, at) => isOf(value, shape[at]));
}

function isOf(value: unknown, letter: string | undefined): boolean {
  if (value === null) return letter === 'S' || letter === 'I';
  return letter === 's' || letter === 'S' ? typeof value === 'string' : Number.isSafeInteger(value);
}

function attemptToTuple(record: AttemptRecord): AttemptTuple {
  const { usage } = record;
  return [
    'a',
    attemptTimeMs(record),
    record.keyId,
    record.userId,
    record.accountId,
    record.kind,
    record.model,
    isFailure(record.outcome) ? 1 : 0,
    usage.input,
    usage.cacheWrite5m,
    usage.cacheWrite1h,
    usage.cacheRead,
    usage.output,
    record.costNanoUsd,
    record.chargedNanoUsd,
  ];
}

function attemptFromTuple(tuple: AttemptTuple): RollEntry {
  const [
    ,
    atMs,
    keyId,
    userId,
    accountId,
    kind,
    model,
    failed,
    input,
    write5m,
    write1h,
    read,
    output,
    cost,
    charged,
  ] = tuple;
  const sums: Sums = {
    requests: 0,
    attempts: 1,
    failedRequests: 0,
    failedAttempts: failed,
    input,
    cacheWrite5m: write5m,
    cacheWrite1h: write1h,
    cacheRead: read,
    output,
    costNanoUsd: cost,
    chargedNanoUsd: charged,
  };
  return { type: 'attempt', atMs, cell: { keyId, userId, accountId, kind, model }, sums };
}

function requestToTuple(record: RequestRecord): RequestTuple {
  return [
    'r',
    record.atMs,
    record.keyId,
    record.userId,
    record.accountId,
    record.kind,
    record.model,
    record.id,
    record.status,
    record.outcome,
    record.stream ? 1 : 0,
    record.client,
    record.costNanoUsd,
    record.durationMs,
    record.firstEventMs,
  ];
}

function requestFromTuple(tuple: RequestTuple): RollEntry {
  const [
    ,
    atMs,
    keyId,
    userId,
    accountId,
    kind,
    model,
    id,
    status,
    outcome,
    stream,
    client,
    cost,
    duration,
    first,
  ] = tuple;
  return {
    type: 'request',
    atMs,
    cell: { keyId, userId, accountId, kind, model },
    facts: {
      id,
      status,
      outcome,
      stream: stream === 1,
      kind,
      client,
      costNanoUsd: cost,
      durationMs: duration,
      firstEventMs: first,
    },
  };
}

/**
 * What one entry adds to figures. Tokens and money come from attempts only; a request counts itself, a refused one
 * counts nothing.
 */
export function sumsOf(entry: RollEntry): Sums | null {
  if (entry.type === 'attempt') return entry.sums;
  if (entry.facts.outcome === 'refused') return null;
  return { ...emptySums(), requests: 1, failedRequests: isFailure(entry.facts.outcome) ? 1 : 0 };
}

/** What one request and its attempts add to whose figures, as the roller counts them. */
export function sumsOfRecords(
  request: RequestRecord,
  attempts: readonly AttemptRecord[],
): { cell: Cell; sums: Sums }[] {
  const entries = [
    requestFromTuple(requestToTuple(request)),
    ...attempts.map((attempt) => attemptFromTuple(attemptToTuple(attempt))),
  ];
  return entries.flatMap((entry) => {
    const sums = sumsOf(entry);
    return sums === null ? [] : [{ cell: entry.cell, sums }];
  });
}

function isFailure(outcome: RequestRecord['outcome']): boolean {
  return outcome === 'failed' || outcome === 'crashed';
}

/**
 * An attempt counts in the period in which its request began, so that figures of a range are the sums of the requests
 * listed for it. The request's id carries that time.
 */
function attemptTimeMs(record: AttemptRecord): number {
  return requestTimeMs(record.requestId) ?? record.startedAtMs;
}
