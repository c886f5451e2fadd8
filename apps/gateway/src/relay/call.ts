// Owns the state of one relayed request from its arrival to its last row.
import type { KeyDocument } from '../modules/keys/index.ts';
import type { JsonObject } from '../platform/json.ts';
import type { AttemptRecord, RequestRecord } from '../modules/usage/index.ts';
import type { Protocol, Operation, RequestFacts } from '../protocols/protocol.ts';
import type { PriceBook } from '../modules/pricing/index.ts';
import type { Delivery } from './deliver.ts';
import type { Hold } from './hold.ts';

/** What the entry knows of a request once its body is read. */
export interface RelayInput {
  readonly id: string;
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly method: string;
  /** Below the route's prefix, without query: `/v1/messages`. */
  readonly path: string;
  /** With its question mark, relay keys removed. */
  readonly query: string;
  /** The client's headers that may go on, flat name/value list. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** The body whole and parsed; costs a parse where a large body has only been looked through. */
  readonly json: () => JsonObject;
  readonly address: string;
  /** As the cache has it; admission checks it against Redis. */
  readonly key: KeyDocument;
  /** What was presented for the key. */
  readonly secretHash: string;
  readonly facts: RequestFacts;
  readonly receivedAtMs: number;
  readonly delivery: Delivery;
  readonly timeline: Timeline;
}

/** An admitted one; its key is as of its admission. */
export interface Call extends RelayInput {
  /** The client's session: its name in Redis, and the account that served it before; null where it names none. */
  readonly session: { readonly key: string; readonly accountId: string | null } | null;
  /** Those in force when it arrived: its estimate and its settlement are by the same ones. */
  readonly prices: PriceBook;
  /** What it holds of the limits of its key and owner. */
  readonly hold: Hold;
  readonly attempts: AttemptRecord[];
  decision: RequestRecord['decision'];
}

/** What happened when, in ms since the request arrived. */
export class Timeline {
  readonly entries: RequestRecord['timeline'] = [];
  readonly #startedAt = performance.now();

  mark(event: string, detail: string | null = null): void {
    this.entries.push({ event, atMs: this.elapsedMs(), detail });
  }

  /** Tenths of a millisecond. */
  elapsedMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 10) / 10;
  }

  /** Time of the first entry of that name, null where there is none. */
  atMs(event: string): number | null {
    return this.entries.find((entry) => entry.event === event)?.atMs ?? null;
  }
}
