// Owns made-up ledger records for tests: whole and valid, with the parts a test is about given.
import { newRequestId } from '../../platform/ids.ts';
import type { AttemptRecord, LedgerEntry, RequestRecord } from './records.ts';

export function attemptRecord(parts: Partial<AttemptRecord> = {}): AttemptRecord {
  const requestId = parts.requestId ?? newRequestId(parts.startedAtMs ?? 0);
  return {
    id: `${requestId}.1`,
    requestId,
    keyId: 'key-1',
    userId: null,
    accountId: 'account-1',
    accountName: 'First account',
    kind: 'claude-console',
    dialect: 'anthropic',
    model: 'claude-opus-5-5',
    servedModel: null,
    startedAtMs: 0,
    outcome: 'ok',
    status: 200,
    reason: null,
    upstreamRequestId: null,
    firstEventMs: 120,
    durationMs: 900,
    usage: { input: 10, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 20 },
    webSearches: 0,
    usageSource: 'reported',
    costNanoUsd: 1000,
    chargedNanoUsd: 1000,
    counters: [],
    price: { packId: 'pack', row: 'anthropic/claude-opus-5-5', isFallback: false, multipliers: [] },
    basis: null,
    original: null,
    cacheSavingsNanoUsd: 0,
    ...parts,
  };
}

export function requestRecord(parts: Partial<RequestRecord> = {}): RequestRecord {
  const atMs = parts.atMs ?? 0;
  return {
    id: newRequestId(atMs),
    atMs,
    keyId: 'key-1',
    keyName: 'First key',
    userId: null,
    accountId: 'account-1',
    accountName: 'First account',
    kind: 'claude-console',
    dialect: 'anthropic',
    operation: 'generate',
    model: 'claude-opus-5-5',
    servedModel: null,
    stream: true,
    status: 200,
    outcome: 'ok',
    errorCode: null,
    client: 'claude_code',
    usage: { input: 10, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 20 },
    usageSource: 'reported',
    costNanoUsd: 1000,
    chargedNanoUsd: 1000,
    counters: [],
    firstEventMs: 120,
    durationMs: 900,
    timeline: [],
    attemptIds: [],
    decision: { candidates: [], chosen: null },
    ...parts,
  };
}

/** A request and its attempts as the relay writes them: the request carries the sums of the attempts. */
export function relayed(
  request: Partial<RequestRecord> & { readonly atMs: number },
  attempts: readonly Partial<AttemptRecord>[] = [{}],
): { request: RequestRecord; attempts: AttemptRecord[]; entries: LedgerEntry[] } {
  const id = request.id ?? newRequestId(request.atMs);
  const shared = {
    requestId: id,
    startedAtMs: request.atMs,
    keyId: request.keyId ?? 'key-1',
    userId: request.userId ?? null,
    model: request.model ?? 'claude-opus-5-5',
  };
  const rows = attempts.map((parts, index) =>
    attemptRecord({ ...shared, id: `${id}.${index + 1}`, ...parts }),
  );
  const last = rows.at(-1);
  const sum = (of: (row: AttemptRecord) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const record = requestRecord({
    accountId: last?.accountId ?? null,
    accountName: last?.accountName ?? null,
    kind: last?.kind ?? null,
    usage: {
      input: sum(({ usage }) => usage.input),
      cacheWrite5m: sum(({ usage }) => usage.cacheWrite5m),
      cacheWrite1h: sum(({ usage }) => usage.cacheWrite1h),
      cacheRead: sum(({ usage }) => usage.cacheRead),
      output: sum(({ usage }) => usage.output),
    },
    costNanoUsd: sum((row) => row.costNanoUsd),
    chargedNanoUsd: sum((row) => row.chargedNanoUsd),
    attemptIds: rows.map((row) => row.id),
    ...request,
    id,
  });
  const entries: LedgerEntry[] = [
    ...rows.map((row): LedgerEntry => ({ type: 'attempt', record: row })),
    { type: 'request', record },
  ];
  return { request: record, attempts: rows, entries };
}
