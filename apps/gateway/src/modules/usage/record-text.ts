// Owns how records are kept as text: lists without the names of their members, which would be nearly half of it. The
// journal and the ledger keep the same text. A list says first which form it has; new members go to its end.
import {
  type AttemptRecord,
  attemptRecordSchema,
  type LedgerEntry,
  type RequestRecord,
  requestRecordSchema,
} from './records.ts';

const ATTEMPT = 'a1';
const REQUEST = 'r1';

/** Made once for an entry. */
export function recordText(entry: LedgerEntry): string {
  entry.text ??= entry.type === 'attempt' ? attemptText(entry.record) : requestText(entry.record);
  return entry.text;
}

/** Null for what this version did not write. */
export function readRecord(text: string): LedgerEntry | null {
  try {
    return entryOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The same from parsed text. */
export function entryOf(value: unknown): LedgerEntry | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list[0] === ATTEMPT) {
    const record = attemptRecordSchema.safeParse(attemptMembers(list)).data;
    return record === undefined ? null : { type: 'attempt', record };
  }
  if (list[0] !== REQUEST) return null;
  const record = requestRecordSchema.safeParse(requestMembers(list)).data;
  return record === undefined ? null : { type: 'request', record };
}

function attemptText(record: AttemptRecord): string {
  const { usage, price } = record;
  return JSON.stringify([
    ATTEMPT,
    record.id,
    record.requestId,
    record.keyId,
    record.userId,
    record.accountId,
    record.accountName,
    record.kind,
    record.dialect,
    record.model,
    record.servedModel,
    record.startedAtMs,
    record.outcome,
    record.status,
    record.reason,
    record.upstreamRequestId,
    record.firstEventMs,
    record.durationMs,
    usage.input,
    usage.cacheWrite5m,
    usage.cacheWrite1h,
    usage.cacheRead,
    usage.output,
    record.webSearches,
    record.usageSource,
    record.costNanoUsd,
    record.chargedNanoUsd,
    record.counters,
    price.packId,
    price.row,
    price.isFallback,
    price.multipliers,
    basisList(record.basis),
    record.original === null ? null : originalList(record.original),
    record.cacheSavingsNanoUsd,
  ]);
}

function attemptMembers(list: readonly unknown[]): unknown {
  const [, id, requestId, keyId, userId, accountId, accountName, kind, dialect, model, servedModel] = list;
  const [startedAtMs, outcome, status, reason, upstreamRequestId, firstEventMs, durationMs] = list.slice(11);
  const [input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches, usageSource] = list.slice(18);
  const [costNanoUsd, chargedNanoUsd, counters, packId, row, isFallback, multipliers] = list.slice(25);
  const [basis, original, cacheSavingsNanoUsd] = list.slice(32);
  return {
    id,
    requestId,
    keyId,
    userId,
    accountId,
    accountName,
    kind,
    dialect,
    model,
    servedModel,
    startedAtMs,
    outcome,
    status,
    reason,
    upstreamRequestId,
    firstEventMs,
    durationMs,
    usage: { input, cacheWrite5m, cacheWrite1h, cacheRead, output },
    webSearches,
    usageSource,
    costNanoUsd,
    chargedNanoUsd,
    counters,
    price: { packId, row, isFallback, multipliers },
    basis: basisMembers(basis),
    original: originalMembers(original),
    cacheSavingsNanoUsd,
  };
}

/** Nearly every call is at standard conditions: then its rates are all there is to say. */
function basisList(basis: AttemptRecord['basis']): unknown[] | null {
  if (basis === null) return null;
  const { keyRate, serviceRate, serviceTier, speed, inferenceGeo, list, isRegional } = basis;
  const isStandard =
    serviceTier === null && speed === null && inferenceGeo === null && list === null && !isRegional;
  return isStandard
    ? [keyRate, serviceRate]
    : [keyRate, serviceRate, serviceTier, speed, inferenceGeo, list, isRegional];
}

function basisMembers(value: unknown): unknown {
  if (!Array.isArray(value)) return null;
  const [keyRate, serviceRate, serviceTier = null, speed = null, inferenceGeo = null, ...market] =
    value as unknown[];
  const [list = null, isRegional = false] = market;
  return { keyRate, serviceRate, serviceTier, speed, inferenceGeo, list, isRegional };
}

function originalList(original: NonNullable<AttemptRecord['original']>) {
  const { costNanoUsd, chargedNanoUsd, cacheSavingsNanoUsd, price } = original;
  const { packId, row, isFallback, multipliers } = price;
  return [costNanoUsd, chargedNanoUsd, packId, row, isFallback, multipliers, cacheSavingsNanoUsd];
}

function originalMembers(value: unknown): unknown {
  if (!Array.isArray(value)) return null;
  const [costNanoUsd, chargedNanoUsd, packId, row, isFallback, multipliers, cacheSavingsNanoUsd] =
    value as unknown[];
  return {
    costNanoUsd,
    chargedNanoUsd,
    cacheSavingsNanoUsd,
    price: { packId, row, isFallback, multipliers },
  };
}

function requestText(record: RequestRecord): string {
  const { usage, decision } = record;
  const timeline: (string | number | null)[] = [];
  for (const { event, atMs, detail } of record.timeline) timeline.push(event, atMs, detail);
  const candidates: (string | number | boolean | null)[] = [];
  for (const { accountId, accountName, eligible, reason, score } of decision.candidates)
    candidates.push(accountId, accountName, eligible, reason, score);
  return JSON.stringify([
    REQUEST,
    record.id,
    record.atMs,
    record.keyId,
    record.keyName,
    record.userId,
    record.accountId,
    record.accountName,
    record.kind,
    record.dialect,
    record.operation,
    record.model,
    record.servedModel,
    record.stream,
    record.status,
    record.outcome,
    record.errorCode,
    record.client,
    usage.input,
    usage.cacheWrite5m,
    usage.cacheWrite1h,
    usage.cacheRead,
    usage.output,
    record.usageSource,
    record.costNanoUsd,
    record.chargedNanoUsd,
    record.counters,
    record.firstEventMs,
    record.durationMs,
    timeline,
    record.attemptIds,
    candidates,
    decision.chosen,
  ]);
}

function requestMembers(list: readonly unknown[]): unknown {
  const [, id, atMs, keyId, keyName, userId, accountId, accountName, kind, dialect, operation] = list;
  const [model, servedModel, stream, status, outcome, errorCode, client] = list.slice(11);
  const [input, cacheWrite5m, cacheWrite1h, cacheRead, output, usageSource] = list.slice(18);
  const [costNanoUsd, chargedNanoUsd, counters, firstEventMs, durationMs] = list.slice(24);
  const [timeline, attemptIds, candidates, chosen] = list.slice(29);
  return {
    id,
    atMs,
    keyId,
    keyName,
    userId,
    accountId,
    accountName,
    kind,
    dialect,
    operation,
    model,
    servedModel,
    stream,
    status,
    outcome,
    errorCode,
    client,
    usage: { input, cacheWrite5m, cacheWrite1h, cacheRead, output },
    usageSource,
    costNanoUsd,
    chargedNanoUsd,
    counters,
    firstEventMs,
    durationMs,
    timeline: inGroups(timeline, 3).map(([event, time, detail]) => ({ event, atMs: time, detail })),
    attemptIds,
    decision: {
      candidates: inGroups(candidates, 5).map(([account, name, eligible, reason, score]) => ({
        accountId: account,
        accountName: name,
        eligible,
        reason,
        score,
      })),
      chosen,
    },
  };
}

function inGroups(value: unknown, size: number): unknown[][] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
