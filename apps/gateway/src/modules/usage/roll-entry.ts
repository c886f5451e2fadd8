// Owns what the ledger's stream carries: of each record only what the roll-ups and the request list need, as a short
// JSON array. The records themselves are kept beside it, by request.
import { requestOutcomes } from '@crs/shared';
import { z } from 'zod';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';
import { emptySums, type Sums } from './sums.ts';

/** Whom figures belong to. Null where a request never reached an account, or a key has no owner. */
export interface Cell {
  readonly keyId: string;
  readonly userId: string | null;
  readonly accountId: string | null;
  readonly kind: string | null;
  readonly model: string;
}

/** What the request list can filter and sort by without opening the record. */
export interface RowFacts {
  readonly id: string;
  readonly status: number;
  readonly outcome: RequestRecord['outcome'];
  readonly stream: boolean;
  readonly kind: string | null;
  readonly client: string;
  readonly costNanoUsd: number;
  readonly durationMs: number;
  readonly firstEventMs: number | null;
}

export type RollEntry =
  | { readonly type: 'attempt'; readonly atMs: number; readonly cell: Cell; readonly sums: Sums }
  | { readonly type: 'request'; readonly atMs: number; readonly cell: Cell; readonly facts: RowFacts };

const attemptTuple = z.tuple([
  z.literal('a'),
  z.int(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
  z.string(),
  z.union([z.literal(0), z.literal(1)]),
  z.int(),
  z.int(),
  z.int(),
  z.int(),
  z.int(),
  z.int(),
  z.int(),
]);
const requestTuple = z.tuple([
  z.literal('r'),
  z.int(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
  z.string(),
  z.string(),
  z.int(),
  z.enum(requestOutcomes),
  z.union([z.literal(0), z.literal(1)]),
  z.string(),
  z.int(),
  z.int(),
  z.int().nullable(),
]);
type AttemptTuple = z.output<typeof attemptTuple>;
type RequestTuple = z.output<typeof requestTuple>;

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
  if (!Array.isArray(value)) return null;
  const parsed = value[0] === 'a' ? attemptTuple.safeParse(value) : requestTuple.safeParse(value);
  if (!parsed.success) return null;
  return parsed.data[0] === 'a' ? attemptFromTuple(parsed.data) : requestFromTuple(parsed.data);
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

export function factsOf(record: RequestRecord): RowFacts {
  const { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs } = record;
  return { id, status, outcome, stream, kind, client, costNanoUsd, durationMs, firstEventMs };
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
  const hex = /^req_([0-9a-f]{12})/.exec(record.requestId)?.[1];
  return hex === undefined ? record.startedAtMs : Number.parseInt(hex, 16);
}

const SEPARATOR = '\t';

/** Member of the request indexes: the facts themselves, so that a filtered list is walked without opening records. */
export function encodeFacts(facts: RowFacts): string {
  return [
    facts.id,
    facts.status,
    facts.outcome,
    facts.stream ? 1 : 0,
    facts.kind ?? '',
    plain(facts.client),
    facts.costNanoUsd,
    facts.durationMs,
    facts.firstEventMs ?? '',
  ].join(SEPARATOR);
}

export function decodeFacts(member: string): RowFacts {
  const [id = '', status, outcome, stream, kind = '', client = '', cost, duration, first = ''] =
    member.split(SEPARATOR);
  return {
    id,
    status: Number(status),
    outcome: requestOutcomes.find((known) => known === outcome) ?? 'failed',
    stream: stream === '1',
    kind: kind === '' ? null : kind,
    client,
    costNanoUsd: Number(cost),
    durationMs: Number(duration),
    firstEventMs: first === '' ? null : Number(first),
  };
}

/** A client names itself; the separator is not for it to use. */
function plain(text: string): string {
  return text.replaceAll(SEPARATOR, ' ');
}
