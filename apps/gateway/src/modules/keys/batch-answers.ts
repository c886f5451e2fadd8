// Owns what a call about many keys answers of each.
import type { BatchResult } from '@crs/shared';
import { batchAnswer, refusal } from '../../platform/batch.ts';
import { differences } from './batch-change.ts';
import type { BatchOutcome } from './key-writer.ts';

type Result = BatchResult['results'][number];

export function batchResult(outcomes: readonly BatchOutcome[], dryRun: boolean): BatchResult {
  return batchAnswer(outcomes.map(resultOf), dryRun);
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
