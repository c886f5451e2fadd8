// Owns knowing whose ended requests still hold what they reserved: their rows reach the ledger a moment after the client
// has its answer, and a client that asks again at once must not be told that its budget is spent.
const LONGEST_WAIT_MS = 300;

export class Settling {
  /** Requests of this process that have ended and are not settled, by owner. */
  readonly #open = new Map<string, Set<string>>();
  readonly #waiters = new Map<string, Set<() => void>>();

  ended(owner: string, requestId: string): void {
    const open = this.#open.get(owner);
    if (open === undefined) this.#open.set(owner, new Set([requestId]));
    else open.add(requestId);
  }

  settled(owner: string, requestId: string): void {
    const open = this.#open.get(owner);
    if (open?.delete(requestId) !== true) return;
    if (open.size === 0) this.#open.delete(owner);
    for (const wake of this.#waiters.get(owner) ?? []) wake();
  }

  /** False when there is nothing to wait for; else when something of the owner is settled, or after a while. */
  async next(owner: string): Promise<boolean> {
    if (!this.#open.has(owner)) return false;
    await new Promise<void>((resolve) => {
      const waiters = this.#waiters.get(owner) ?? new Set();
      this.#waiters.set(owner, waiters);
      const done = (): void => {
        clearTimeout(timer);
        waiters.delete(done);
        if (waiters.size === 0 && this.#waiters.get(owner) === waiters) this.#waiters.delete(owner);
        resolve();
      };
      const timer = setTimeout(done, LONGEST_WAIT_MS);
      waiters.add(done);
    });
    return true;
  }
}
