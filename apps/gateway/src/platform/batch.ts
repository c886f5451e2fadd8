// Owns doing something to many, some at the same time, and telling of each in order what became of it.
import type { BatchResult } from '@crs/shared';
import { ProblemError } from './problem.ts';
import { RedisUnavailable } from './redis/index.ts';

const AT_ONCE = 50;

interface Told<Item, Result> {
  done(item: Item, result: Result): void;
  refused(item: Item, error: unknown): void;
}

/** A refusal of one does not keep the others. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
  told: Told<Item, Result>,
): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const chunk = items.slice(from, from + AT_ONCE);
    const results = await Promise.allSettled(chunk.map(run));
    for (const [index, item] of chunk.entries()) {
      const result = results[index];
      if (result?.status === 'fulfilled') told.done(item, result.value);
      else told.refused(item, result?.reason);
    }
  }
}

/** The answer to a call about many. */
export function batchAnswer(results: BatchResult['results'], dryRun: boolean): BatchResult {
  const count = (outcome: BatchResult['results'][number]['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    dryRun,
    changed: count('changed'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    results,
  };
}

/** Faults of ours are thrown on: nobody can mend them one by one. */
export function refusal(error: unknown): { code: string; detail: string } {
  if (error instanceof ProblemError) return { code: error.code, detail: error.detail };
  if (error instanceof RedisUnavailable) {
    return { code: 'redis_unavailable', detail: 'The database is not reachable; try again in a moment' };
  }
  throw error;
}
