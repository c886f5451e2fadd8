// Owns one call that appends to the ledger: which records, what they add to figures, and the indexes they go into.
import type { Keyspace } from '../../platform/redis/index.ts';
import { recordText } from './record-text.ts';
import { type LedgerEntry, REQUEST_FIELD } from './records.ts';
import { requestIndexNames } from './request-indexes.ts';
import { additionOf, addUp, encodeAddition } from './roll-entry.ts';
import { encodeFacts, factsOf } from './row-facts.ts';

export class AppendCall {
  /** Each once, as the script has them: those of one request together. */
  readonly records: readonly LedgerEntry[];
  readonly keys: string[];
  readonly args: (string | number)[];

  constructor(entries: readonly LedgerEntry[], keyspace: Keyspace, lifeMs: number) {
    const requests = byRequest(entries);
    this.records = [...requests.values()].flat();
    this.keys = [keyspace.ledger];
    const additions = addUp(this.records.map(additionOf).filter((addition) => addition !== null));
    const indexes = new Map<string, number[]>();
    const members: (string | number)[] = [];
    for (const entry of this.records) {
      if (entry.type === 'attempt') continue;
      members.push(entry.record.atMs, encodeFacts(factsOf(entry.record)));
      const place = members.length / 2;
      for (const name of requestIndexNames(entry.record)) {
        const places = indexes.get(name);
        if (places === undefined) indexes.set(name, [place]);
        else places.push(place);
      }
    }
    this.args = [
      lifeMs,
      additions.map(encodeAddition).join('\n'),
      JSON.stringify([...indexes.keys()]),
      requests.size,
      members.length / 2,
      ...members,
    ];
    for (const [requestId, records] of requests) {
      this.keys.push(keyspace.requestRecord(requestId));
      this.args.push(records.length);
      for (const entry of records) this.args.push(recordField(entry), recordText(entry));
    }
    for (const [name, places] of indexes) {
      this.keys.push(keyspace.requestIndex(name));
      this.args.push(places.length === members.length / 2 ? '*' : places.join(' '));
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
