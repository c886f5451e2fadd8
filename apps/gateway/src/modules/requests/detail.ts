// Owns the answers about requests as the contract words them.
import type { AttemptRow, priceLineSchema, RequestDetail, RequestRow } from '@crs/shared';
import type { z } from 'zod';
import type { AttemptRecord, RequestRecord } from '../usage/index.ts';
import type { StoredRequest } from './requests.repository.ts';

export type PriceLine = z.output<typeof priceLineSchema>;

export function requestRow(record: RequestRecord): RequestRow {
  const { atMs, attemptIds, timeline, decision: _decision, ...row } = record;
  return {
    ...row,
    at: new Date(atMs).toISOString(),
    attempts: attemptIds.length,
    triedAccounts: timeline.flatMap(({ event, detail }) =>
      event === 'sent' && detail !== null ? [detail] : [],
    ),
  };
}

/** `linesOf` answers the arithmetic of one attempt at the prices of when its request arrived; the lines of all attempts add up to the request's cost. */
export function requestDetail(
  { request, attempts }: StoredRequest,
  linesOf: (attempt: AttemptRecord, atMs: number) => readonly PriceLine[],
  bodies: RequestDetail['bodies'],
): RequestDetail {
  const priced = attempts.findLast(({ price }) => price.row !== null) ?? attempts.at(-1);
  return {
    ...requestRow(request),
    timeline: request.timeline,
    decision: request.decision,
    attempts: attempts.map(attemptRow),
    price: {
      packId: priced?.price.packId ?? '',
      model: priced?.price.row ?? null,
      fallback: priced?.price.isFallback ?? false,
      multipliers: priced?.price.multipliers ?? [],
      lines: mergeLines(attempts.flatMap((attempt) => linesOf(attempt, request.atMs))),
    },
    original: originalOf(attempts),
    bodies,
  };
}

function originalOf(attempts: readonly AttemptRecord[]): RequestDetail['original'] {
  const repriced = attempts.findLast(({ original }) => original !== null)?.original;
  if (repriced === null || repriced === undefined) return null;
  const first = attempts.map((attempt) => attempt.original ?? attempt);
  return {
    costNanoUsd: first.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0),
    chargedNanoUsd: first.reduce((sum, { chargedNanoUsd }) => sum + chargedNanoUsd, 0),
    packId: repriced.price.packId,
  };
}

function attemptRow(record: AttemptRecord): AttemptRow {
  return {
    id: record.id,
    accountId: record.accountId,
    accountName: record.accountName,
    kind: record.kind,
    startedAt: new Date(record.startedAtMs).toISOString(),
    outcome: record.outcome,
    status: record.status,
    reason: record.reason,
    upstreamRequestId: record.upstreamRequestId,
    firstEventMs: record.firstEventMs,
    durationMs: record.durationMs,
    usage: record.usage,
    usageSource: record.usageSource,
    costNanoUsd: record.costNanoUsd,
  };
}

/** Attempts at the same price share a line. */
function mergeLines(lines: readonly PriceLine[]): PriceLine[] {
  const merged = new Map<string, PriceLine>();
  for (const line of lines) {
    const name = `${line.bucket} ${line.usdPerMTok}`;
    const known = merged.get(name);
    merged.set(
      name,
      known === undefined
        ? line
        : { ...line, tokens: known.tokens + line.tokens, costNanoUsd: known.costNanoUsd + line.costNanoUsd },
    );
  }
  return [...merged.values()];
}
