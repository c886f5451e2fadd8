// Owns the count of requests that are being relayed, and their end when the process must go.

export class OpenCalls {
  #count = 0;
  #isDraining = false;
  #isAborted = false;
  readonly #abortListeners = new Set<() => void>();
  #onIdle: (() => void) | null = null;

  get count(): number {
    return this.#count;
  }

  /** New requests are refused from here on. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** The time of drain is over: nothing new is tried. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  enter(): void {
    this.#count += 1;
  }

  /** Once for each that entered. */
  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onIdle?.();
  }

  /** Called when the time is over. */
  onAbort(listener: () => void): void {
    this.#abortListeners.add(listener);
  }

  offAbort(listener: () => void): void {
    this.#abortListeners.delete(listener);
  }

  /** Lets running requests finish for `timeoutMs`, then breaks them off; resolves when all have left their rows. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#count === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    const timer = setTimeout(() => this.#abort(), timeoutMs);
    await idle;
    clearTimeout(timer);
  }

  #abort(): void {
    this.#isAborted = true;
    for (const listener of this.#abortListeners) listener();
  }
}
