// Owns what a change of many comes to: the same change of several keys told once. Pure.
import type { BatchResult } from '@crs/shared';

type Change = BatchResult['results'][number]['changes'][number];

export interface CountedChange extends Change {
  /** Keys that change in just this way. */
  readonly keys: number;
}

/** Each different change with the number of its keys, most keys first. */
export function countChanges({ results }: BatchResult): CountedChange[] {
  const counted = new Map<string, CountedChange>();
  for (const { changes } of results) {
    for (const change of changes) {
      const name = JSON.stringify([change.field, change.before, change.after]);
      const known = counted.get(name);
      counted.set(name, { ...change, keys: (known?.keys ?? 0) + 1 });
    }
  }
  return [...counted.values()].toSorted((a, b) => b.keys - a.keys);
}
