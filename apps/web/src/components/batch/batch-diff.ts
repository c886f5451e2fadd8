// Owns what a change of many comes to: the same change of several told once. Pure.
import type { BatchResult } from '@crs/shared';

type Change = BatchResult['results'][number]['changes'][number];

export interface CountedChange extends Change {
  /** How many change in just this way. */
  readonly count: number;
}

/** Each different change with how many it is of, most first. */
export function countChanges({ results }: BatchResult): CountedChange[] {
  const counted = new Map<string, CountedChange>();
  for (const { changes } of results) {
    for (const change of changes) {
      const name = JSON.stringify([change.field, change.before, change.after]);
      const known = counted.get(name);
      counted.set(name, { ...change, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...counted.values()].toSorted((a, b) => b.count - a.count);
}
