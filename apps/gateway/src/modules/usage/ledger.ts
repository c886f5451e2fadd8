// Owns the ledger's one way in.
import type { LedgerRepository } from './ledger.repository.ts';
import type { LedgerEntry } from './records.ts';

export interface Ledger {
  /**
   * Written once per record id, however often it is delivered. Rejects with RedisUnavailable when Redis does not
   * answer; then some or all may have been written, and the same entries are to be delivered again.
   */
  append(entries: readonly LedgerEntry[]): Promise<void>;
}

/** One script call writes at most this many: Redis does nothing else meanwhile. */
const CALL_ENTRIES = 500;

export function createLedger(repository: LedgerRepository, onAppended: () => void): Ledger {
  return {
    async append(entries) {
      for (let at = 0; at < entries.length; at += CALL_ENTRIES) {
        await repository.append(entries.slice(at, at + CALL_ENTRIES));
      }
      onAppended();
    },
  };
}
