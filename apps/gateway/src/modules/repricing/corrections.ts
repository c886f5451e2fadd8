// Owns what limits have to hear of requests that were priced again. Pure.
import type { Correction } from '../limits/index.ts';
import { countedRows, type LedgerEntry } from '../usage/index.ts';
import type { Change } from './difference.ts';

/** By how much limits count more: the difference of the rows as they are counted. */
export function correctionsOf({ before, after, attempts }: Change): Correction[] {
  const entries = (which: 'before' | 'after'): LedgerEntry[] => [
    ...attempts.map((attempt): LedgerEntry => ({ type: 'attempt', record: attempt[which] })),
    { type: 'request', record: which === 'before' ? before : after },
  ];
  const [old, now] = [entries('before'), entries('after')].map((list) =>
    countedRows(list.map((entry) => ({ entry, isNew: false }))),
  );
  return (now ?? []).flatMap((row, index): Correction[] => {
    const { keyId, userId, atMs, counters } = row;
    const chargedNanoUsd = row.chargedNanoUsd - (old?.[index]?.chargedNanoUsd ?? 0);
    const requests = row.requests - (old?.[index]?.requests ?? 0);
    if (chargedNanoUsd === 0 && requests === 0) return [];
    return [{ keyId, userId, atMs, counters: [...counters], chargedNanoUsd, requests }];
  });
}
