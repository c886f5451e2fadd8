// Owns the way back to the client: headers once, bytes as they come, back-pressure, and the news that the client left.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { WireReply } from '../protocols/protocol.ts';

type OutgoingHeaders = Readonly<Record<string, number | string | readonly string[] | undefined>>;

export class Delivery {
  readonly #response: ServerResponse;
  readonly #headers: OutgoingHeaders;
  #leftListeners: (() => void)[] = [];
  #waitsForDrain = false;
  #isLeft = false;
  #isEnded = false;
  #hasBody = false;

  /** `headers` go with every answer (CORS). */
  constructor(response: ServerResponse, headers: OutgoingHeaders = {}) {
    this.#response = response;
    this.#headers = headers;
    response.on('close', () => {
      if (this.#isEnded) return;
      this.#isLeft = true;
      for (const listener of this.#leftListeners) listener();
    });
    // A broken socket is reported as `close` as well.
    response.on('error', () => undefined);
  }

  /** The client has seen a status: from here on nothing can be taken back. */
  get isBegun(): boolean {
    return this.#response.headersSent;
  }

  /** The client has seen something of the body. */
  get hasBody(): boolean {
    return this.#hasBody;
  }

  get hasClientLeft(): boolean {
    return this.#isLeft;
  }

  get status(): number {
    return this.#response.statusCode;
  }

  /** Returns the way to stop listening. */
  onClientLeft(listener: () => void): () => void {
    this.#leftListeners.push(listener);
    return () => {
      this.#leftListeners = this.#leftListeners.filter((known) => known !== listener);
    };
  }

  begin(status: number, headers: OutgoingHeaders): void {
    if (this.#isLeft) return;
    this.#response.writeHead(status, defined({ ...this.#headers, ...headers }));
  }

  /** Sends at once; false: wait for `resume` before sending more. */
  write(chunk: Uint8Array, resume: () => void): boolean {
    this.#hasBody = true;
    if (this.#isLeft || this.#response.write(chunk)) return true;
    if (!this.#waitsForDrain) {
      this.#waitsForDrain = true;
      this.#response.once('drain', () => {
        this.#waitsForDrain = false;
        resume();
      });
    }
    return false;
  }

  end(chunk?: Uint8Array | string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (chunk === undefined) this.#response.end();
    else this.#response.end(chunk);
  }

  /** Breaks the connection: the only honest end of an answer that cannot be finished and cannot carry an error. */
  destroy(): void {
    this.#isEnded = true;
    this.#response.destroy();
  }

  /** A whole answer of the gateway's own. */
  reply({ status, headers, body }: WireReply, extra: Readonly<Record<string, string>> = {}): void {
    const bytes = Buffer.from(body);
    this.begin(status, { ...headers, ...extra, 'content-length': String(bytes.length) });
    this.end(bytes);
  }
}

/** Without the names that have no value, which the server would refuse to write. */
function defined(headers: OutgoingHeaders): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) kept[name] = typeof value === 'object' ? [...value] : value;
  }
  return kept;
}
