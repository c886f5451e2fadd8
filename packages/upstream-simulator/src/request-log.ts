// What arrived, newest last, bounded by number and by bytes.
import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from './json.ts';
import type { Outcome } from './tally.ts';

export class LoggedRequest {
  /** Epoch milliseconds. */
  readonly at = Date.now();
  readonly method: string;
  /** As it arrived, with prefixes and query. */
  readonly url: string;
  /** Without prefixes and query. */
  readonly path: string;
  readonly account: string | null;
  readonly headers: IncomingHttpHeaders;
  apiKey: string | null = null;
  model = '';
  rawBody: Buffer = Buffer.alloc(0);
  /** Epoch milliseconds, if the client hung up before the end of the answer. */
  closedEarlyAtMs: number | null = null;
  /** Events of the answer handed to the connection whole; a JSON answer is one event. */
  eventsSent = 0;
  outcome: Outcome = 'open';
  /** 0 while nothing was answered. */
  status = 0;
  requestId = '';

  constructor(
    method: string,
    url: string,
    path: string,
    account: string | null,
    headers: IncomingHttpHeaders,
  ) {
    this.method = method;
    this.url = url;
    this.path = path;
    this.account = account;
    this.headers = headers;
  }

  /** The parsed JSON, `undefined` if the body is none. Parsed at every call: the log keeps bytes only. */
  get body(): unknown {
    return parseJson(this.rawBody.toString('utf8'));
  }
}

export class RequestLog {
  #entries: LoggedRequest[] = [];
  #bytes = 0;
  readonly #maxEntries: number;
  readonly #maxBytes: number;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get entries(): readonly LoggedRequest[] {
    return this.#entries.length > this.#maxEntries ? this.#entries.slice(-this.#maxEntries) : this.#entries;
  }

  /** Called once the body is there, whole or as much of it as came. */
  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    this.#bytes += entry.rawBody.length;
    // Twice the bound before trimming, so that the cost of moving the list is spread over many requests.
    if (this.#entries.length > 2 * this.#maxEntries) this.#drop(this.#entries.length - this.#maxEntries);
    if (this.#bytes > this.#maxBytes) this.#shrink();
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }

  /** Down to half of the bytes; the newest entry stays whatever its size. */
  #shrink(): void {
    const newest = this.#entries.at(-1);
    let bytes = this.#bytes;
    let drop = 0;
    for (const entry of this.#entries) {
      if (bytes <= this.#maxBytes / 2 || entry === newest) break;
      bytes -= entry.rawBody.length;
      drop += 1;
    }
    this.#drop(drop);
  }

  #drop(count: number): void {
    for (const entry of this.#entries.splice(0, count)) this.#bytes -= entry.rawBody.length;
  }
}
