// One request and its answer: what was sent so far, whether the client is still there, how it ended.
import type { ServerResponse } from 'node:http';
import type { LoggedRequest } from './request-log.ts';
import type { Outcome, Tally, TallyEntry } from './tally.ts';
import type { TokenCounts } from './vendors/vendor.ts';

export class Exchange {
  readonly response: ServerResponse;
  readonly record: LoggedRequest;
  /** The client hung up, or the connection was broken on purpose. */
  closed = false;
  readonly #tally: Tally;
  #entry: TallyEntry | null = null;
  #tokens: TokenCounts | null = null;
  #wake: (() => void) | null = null;

  constructor(response: ServerResponse, record: LoggedRequest, tally: Tally) {
    this.response = response;
    this.record = record;
    this.#tally = tally;
    response.once('close', () => this.#onClose());
    // A client that goes away in the middle of a write is news for `close`, not a fault of this program.
    response.on('error', () => undefined);
  }

  /** From here on the request is counted. */
  open(): void {
    const { account, apiKey, method, path, model } = this.record;
    this.#entry = this.#tally.open({ account, apiKey, method, path, model });
    if (this.closed) this.#leave();
  }

  /** The client knows this usage from now on. */
  tell(tokens: TokenCounts | undefined): void {
    if (tokens !== undefined) this.#tokens = tokens;
  }

  settle(outcome: Outcome): void {
    this.record.outcome = outcome;
    if (this.#entry !== null) this.#tally.move(this.#entry, outcome, this.record.status, this.#tokens);
  }

  /** Resolves after the time, or at once when the connection is gone. */
  async wait(milliseconds: number): Promise<void> {
    if (this.closed || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  /** Resolves when the connection takes more data, or is gone. */
  async drained(): Promise<void> {
    if (this.closed || !this.response.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.response.once('drain', resolve);
    });
    this.#wake = null;
  }

  #onClose(): void {
    this.closed = true;
    const { outcome } = this.record;
    const unsent = outcome !== 'cut' && !this.response.writableFinished;
    if (outcome === 'open' || unsent) this.#leave();
    this.#wake?.();
  }

  #leave(): void {
    this.record.closedEarlyAtMs ??= Date.now();
    this.settle('client_left');
  }
}
