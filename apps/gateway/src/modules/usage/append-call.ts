// Owns one call that appends to the ledger: which records, what they add to figures, and their places in the index.
import type { Keyspace } from '../../platform/redis/index.ts';
import { recordText } from './record-text.ts';
import { type LedgerEntry, REQUEST_FIELD } from './records.ts';
import { Additions, encodeAddition } from './roll-entry.ts';
import { encodeFacts } from './row-facts.ts';

export class AppendCall {
  /** Each once, as the script has them: those of one request together. */
  readonly records: readonly LedgerEntry[];
  readonly keys: string[];
  readonly args: (string | number)[];

  constructor(entries: readonly LedgerEntry[], keyspace: Keyspace, lifeMs: number) {
    const requests = byRequest(entries);
    this.records = [...requests.values()].flat();
    const additions = new Additions();
    /** Time and text of each request that has ended. */
    const members: (string | number)[] = [];
    const ended: string[] = [];
    for (const entry of this.records) {
      additions.addRow(entry);
      if (entry.type !== 'request') continue;
      members.push(entry.record.atMs, encodeFacts(entry.record));
      ended.push(entry.record.id);
    }
    this.keys = [keyspace.ledger, keyspace.requestIndex, keyspace.requestListeners];
    this.args = [
      lifeMs,
      additions.list.map(encodeAddition).join('\n'),
      ended.join(' '),
      keyspace.requestNews,
      requests.size,
      ended.length,
      ...members,
    ];
    for (const [requestId, records] of requests) {
      this.keys.push(keyspace.requestRecord(requestId));
      this.args.push(records.length);
      for (const entry of records) this.args.push(recordField(entry), recordText(entry));
    }
  }
}

/** In the order in which the requests first appear; a record that is there twice counts once. */
function byRequest(entries: readonly LedgerEntry[]): Map<string, LedgerEntry[]> {
  const requests = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const id = requestIdOf(entry);
    const records = requests.get(id);
    if (records === undefined) requests.set(id, [entry]);
    else if (records.every((one) => recordField(one) !== recordField(entry))) records.push(entry);
  }
  return requests;
}

export function requestIdOf(entry: LedgerEntry): string {
  return entry.type === 'request' ? entry.record.id : entry.record.requestId;
}

export function recordField(entry: LedgerEntry): string {
  return entry.type === 'request' ? REQUEST_FIELD : entry.record.id;
}
