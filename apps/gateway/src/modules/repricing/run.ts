// Owns a run as it is kept, and as it is answered.
import type { RepriceRun, RepriceTotals } from '@crs/shared';
import { z } from 'zod';
import type { Correction } from '../limits/index.ts';
import { scopeAnswer, type StoredScope, storedScopeSchema } from './scope.ts';

export const totalsSchema = z.object({
  requests: z.int(),
  attempts: z.int(),
  oldCostNanoUsd: z.int(),
  newCostNanoUsd: z.int(),
  oldChargedNanoUsd: z.int(),
  newChargedNanoUsd: z.int(),
  becamePriced: z.int(),
});

/** Whose doing the run is, for the audit trail of its end. */
const starterSchema = z.object({
  /** Null for the command line. */
  id: z.string().nullable(),
  username: z.string(),
  requestId: z.string(),
  ip: z.string(),
});
export type Starter = z.output<typeof starterSchema>;

/** What is fixed when it begins. */
export const planSchema = z.object({
  fingerprint: z.string(),
  scope: storedScopeSchema,
  previewed: totalsSchema,
  startedAtMs: z.int(),
  by: starterSchema,
  /** Requests of the range. */
  all: z.int(),
});
export type Plan = z.output<typeof planSchema>;

/** What moves. */
export const progressSchema = z.object({
  place: z.object({ atMs: z.number(), skip: z.int() }),
  passed: z.int(),
  totals: totalsSchema,
});
export type Progress = z.output<typeof progressSchema>;

export const correctionsSchema: z.ZodType<Correction[]> = z.array(
  z.object({
    keyId: z.string(),
    userId: z.string().nullable(),
    atMs: z.int(),
    counters: z.array(z.string()),
    chargedNanoUsd: z.int(),
    requests: z.int(),
  }),
);

export interface Run {
  /** From 1; of the next one, one more. */
  readonly number: number;
  /** Pieces written. */
  readonly step: number;
  readonly status: RepriceRun['status'];
  readonly isCancelling: boolean;
  readonly finishedAtMs: number | null;
  readonly plan: Plan;
  readonly progress: Progress;
  /** What limits have still to hear of the last piece. */
  readonly pending: readonly Correction[];
}

export interface StoredPreview {
  readonly scope: StoredScope;
  readonly totals: RepriceTotals;
  /** The last run when it was made. */
  readonly afterRun: number;
}

export function runAnswer(run: Run): RepriceRun {
  const { plan, progress } = run;
  return {
    number: run.number,
    fingerprint: plan.fingerprint,
    status: run.status,
    isCancelling: run.isCancelling && run.status === 'running',
    scope: scopeAnswer(plan.scope),
    startedAt: new Date(plan.startedAtMs).toISOString(),
    startedBy: plan.by.username,
    finishedAt: run.finishedAtMs === null ? null : new Date(run.finishedAtMs).toISOString(),
    previewed: plan.previewed,
    totals: progress.totals,
    passed: progress.passed,
    all: Math.max(plan.all, progress.passed),
  };
}

/** What the audit trail says of a run: which rows, and their money before and after. */
export function forAudit(
  { number, scope, status, ...run }: RepriceRun,
  which: 'previewed' | 'totals',
): { before: object; after: object } {
  const { oldCostNanoUsd, newCostNanoUsd, oldChargedNanoUsd, newChargedNanoUsd, ...counts } = run[which];
  return {
    before: { costNanoUsd: oldCostNanoUsd, chargedNanoUsd: oldChargedNanoUsd },
    after: {
      run: number,
      status,
      ...scope,
      ...counts,
      costNanoUsd: newCostNanoUsd,
      chargedNanoUsd: newChargedNanoUsd,
    },
  };
}
