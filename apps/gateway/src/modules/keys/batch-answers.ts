// Owns what a call about many keys answers of each.
import { type KeyBatchResult } from '@crs/shared';
import { ProblemError } from '../../platform/problem.ts';
import { RedisUnavailable } from '../../platform/redis/index.ts';
import { differences } from './batch-change.ts';
import type { BatchOutcome } from './key-writer.ts';

type Result = KeyBatchResult['results'][number];

export function batchResult(outcomes: readonly BatchOutcome[], dryRun: boolean): KeyBatchResult {
  const results = outcomes.map(resultOf);
  const count = (outcome: Result['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    dryRun,
    changed: count('changed'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    results,
  };
}

function resultOf(outcome: BatchOutcome): Result {
  if (outcome.type === 'refused') {
    const { id, key, error } = outcome;
    const about = { id, name: key?.name ?? null, version: key?.version ?? null };
    return { ...about, outcome: 'failed', changes: [], error: refusal(error) };
  }
  const { before, after } = outcome;
  const changes = differences(before, after);
  const isChanged = changes.length > 0 || before.deletedAt !== after.deletedAt;
  return {
    id: after.id,
    name: after.name,
    outcome: isChanged ? 'changed' : 'unchanged',
    version: after.version,
    changes,
    error: null,
  };
}

/** Faults of ours are thrown on: nobody can mend them key by key. */
export function refusal(error: unknown): { code: string; detail: string } {
  if (error instanceof ProblemError) return { code: error.code, detail: error.detail };
  if (error instanceof RedisUnavailable) {
    return { code: 'redis_unavailable', detail: 'The database is not reachable; try again in a moment' };
  }
  throw error;
}
