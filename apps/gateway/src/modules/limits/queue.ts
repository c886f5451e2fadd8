// Owns the waiting of this process's requests for a free place. The queue itself is in Redis, first come first served
// over all replicas: whoever stands first asks often, the others only to keep their places.
const FIRST_ASKS_MS = 50;
const LONGEST_MS = 1000;

interface Waiter {
  readonly rank: number;
  wake(): void;
}

export class QueueRoom {
  /** By key id. */
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** Resolves when it is worth asking again: after a while, or at once when a place became free here. */
  wait(keyId: string, rank: number, longestMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(keyId) ?? new Set();
      this.#waiters.set(keyId, waiters);
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        waiters.delete(waiter);
        if (waiters.size === 0 && this.#waiters.get(keyId) === waiters) this.#waiters.delete(keyId);
        resolve();
      };
      const waiter: Waiter = { rank, wake: done };
      const timer = setTimeout(done, Math.min(FIRST_ASKS_MS * (rank + 1), LONGEST_MS, longestMs));
      waiters.add(waiter);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  /** A place became free: the first of those who wait here asks at once. */
  notify(keyId: string): void {
    let first: Waiter | null = null;
    for (const waiter of this.#waiters.get(keyId) ?? []) {
      if (first === null || waiter.rank < first.rank) first = waiter;
    }
    first?.wake();
  }
}
