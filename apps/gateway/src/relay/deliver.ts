// Owns the way back to the client: headers once, bytes as they come, back-pressure, and the news that the client left.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { WireReply } from '../protocols/protocol.ts';

type CommonHeaders = Readonly<Record<string, number | string | string[] | undefined>>;

export class Delivery {
  readonly #response: ServerResponse;
  readonly #headers: CommonHeaders;
  readonly #leftListeners: (() => void)[] = [];
  #waitsForDrain = false;
  #isLeft = false;
  #isEnded = false;
  #hasBody = false;
  #copy: ((chunk: Uint8Array) => void) | null = null;

  /** `headers` go with every answer (CORS). */
  constructor(response: ServerResponse, headers: CommonHeaders = {}) {
    this.#response = response;
    this.#headers = headers;
    response.on('close', () => {
      if (this.#isEnded) return;
      this.#isLeft = true;
      for (const listener of this.#leftListeners.slice()) listener();
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

  onClientLeft(listener: () => void): void {
    this.#leftListeners.push(listener);
  }

  offClientLeft(listener: () => void): void {
    const index = this.#leftListeners.indexOf(listener);
    if (index !== -1) this.#leftListeners.splice(index, 1);
  }

  /** Takes the headers over. */
  begin(status: number, headers: OutgoingHttpHeaders): void {
    if (this.#isLeft) return;
    for (const name of Object.keys(this.#headers)) {
      const value = this.#headers[name];
      if (value !== undefined) headers[name] ??= value;
    }
    this.#response.writeHead(status, headers);
  }

  /** From here on `copy` is given every piece of the answer's body, by reference. */
  copyTo(copy: (chunk: Uint8Array) => void): void {
    this.#copy = copy;
  }

  /** Sends at once; false: wait for `resume` before sending more. */
  write(chunk: Uint8Array, resume: () => void): boolean {
    this.#hasBody = true;
    if (this.#copy !== null) this.#copy(chunk);
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
    if (chunk === undefined) {
      this.#response.end();
      return;
    }
    if (this.#copy !== null) this.#copy(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    this.#response.end(chunk);
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
