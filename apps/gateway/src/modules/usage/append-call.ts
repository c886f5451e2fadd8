// Owns one call that appends to the ledger: which records, what they add to figures, and the indexes they go into.
import type { Keyspace } from '../../platform/redis/index.ts';
import { recordText } from './record-text.ts';
import { type LedgerEntry, REQUEST_FIELD, type RequestRecord } from './records.ts';
import { requestIndexNames } from './request-indexes.ts';
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
    const indexes = new Indexes();
    for (const entry of this.records) {
      additions.addRow(entry);
      if (entry.type === 'request') indexes.add(entry.record);
    }
    const { members, places } = indexes;
    this.keys = [keyspace.ledger];
    this.args = [
      lifeMs,
      additions.list.map(encodeAddition).join('\n'),
      JSON.stringify([...places.keys()]),
      requests.size,
      members.length / 2,
      ...members,
    ];
    for (const [requestId, records] of requests) {
      this.keys.push(keyspace.requestRecord(requestId));
      this.args.push(records.length);
      for (const entry of records) this.args.push(recordField(entry), recordText(entry));
    }
    for (const [name, numbers] of places) {
      this.keys.push(keyspace.requestIndex(name));
      this.args.push(numbers.length === members.length / 2 ? '*' : numbers.join(' '));
    }
  }
}

/** Which requests go into which indexes. */
class Indexes {
  /** Time and text of each. */
  readonly members: (string | number)[] = [];
  /** By name of the index, numbers of its members. */
  readonly places = new Map<string, number[]>();
  #latest: RequestRecord | null = null;
  #placesOfLatest: number[][] = [];

  add(record: RequestRecord): void {
    const number = this.members.push(record.atMs, encodeFacts(record)) / 2;
    // The next request is often like the one before.
    if (!isIndexedAlike(record, this.#latest)) {
      this.#placesOfLatest = requestIndexNames(record).map((name) => this.#placesOf(name));
      this.#latest = record;
    }
    for (const numbers of this.#placesOfLatest) numbers.push(number);
  }

  #placesOf(name: string): number[] {
    let numbers = this.places.get(name);
    if (numbers === undefined) {
      numbers = [];
      this.places.set(name, numbers);
    }
    return numbers;
  }
}

function isIndexedAlike(one: RequestRecord, other: RequestRecord | null): boolean {
  return (
    other !== null &&
    one.keyId === other.keyId &&
    one.model === other.model &&
    one.userId === other.userId &&
    one.accountId === other.accountId &&
    one.outcome === other.outcome
  );
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
