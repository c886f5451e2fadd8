// Owns the ledger's one way in.
import type { LedgerRepository, StreamEntry } from './ledger.repository.ts';
import type { LedgerEntry } from './records.ts';

export interface Ledger {
  /**
   * Written once per record id, however often it is delivered. Rejects with RedisUnavailable when Redis does not
   * answer; then some or all may have been written, and the same entries are to be delivered again. Answers the entries
   * as they stand in the ledger (another may have been first to write one), and whether each was new.
   */
  append(entries: readonly LedgerEntry[]): Promise<WrittenEntry[]>;
  /** Everything on the books of one request: its attempts and, once it has ended, itself. */
  ofRequest(requestId: string): Promise<LedgerEntry[]>;
  /** Id of the newest entry, `0-0` where there is none. */
  lastEntryId(): Promise<string>;
  /**
   * What was appended after that entry, oldest first: the newest so many. Null where the entry is so old that not all
   * that followed is kept.
   */
  endedAfter(
    entryId: string,
    most: number,
    nowMs: number,
  ): Promise<{ entries: StreamEntry[]; isWhole: boolean } | null>;
}

export interface WrittenEntry {
  readonly entry: LedgerEntry;
  readonly isNew: boolean;
}

/** One script call writes at most this many: Redis does nothing else meanwhile. */
const CALL_ENTRIES = 500;

export function createLedger(repository: LedgerRepository, onAppended: () => void): Ledger {
  return {
    ofRequest: (requestId) => repository.ofRequest(requestId),
    lastEntryId: () => repository.lastEntryId(),
    endedAfter: (entryId, most, nowMs) => repository.endedAfter(entryId, most, nowMs),
    async append(entries) {
      const written: WrittenEntry[] = [];
      for (let at = 0; at < entries.length; at += CALL_ENTRIES) {
        const call = entries.slice(at, at + CALL_ENTRIES);
        const news = await repository.append(call);
        const known = call.filter((entry) => !news.has(entry));
        const stored = known.length === 0 ? [] : await repository.stored(known);
        const standing = new Map(known.map((entry, index) => [entry, stored[index] ?? entry]));
        for (const entry of call) {
          written.push({ entry: standing.get(entry) ?? entry, isNew: !standing.has(entry) });
        }
      }
      onAppended();
      return written;
    },
  };
}
