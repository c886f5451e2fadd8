// Owns how much retries may add to what clients ask for: when everything fails, a retry for each request would double
// the load on upstreams that are down already.
const WINDOW_MS = 10_000;
const SLOT_MS = 1_000;
const SLOTS = WINDOW_MS / SLOT_MS;
const SHARE = 0.2;
/** Ten a second: at so little load a retry harms nobody, and without it the first failures would be the clients'. */
const MIN_RETRIES = 100;

interface Slot {
  number: number;
  requests: number;
  retries: number;
}

export class RetryBudget {
  readonly #slots: Slot[] = Array.from({ length: SLOTS }, () => ({ number: -1, requests: 0, retries: 0 }));

  /** A client's request. */
  request(nowMs: number): void {
    this.#slot(nowMs).requests += 1;
  }

  /** Takes one retry; false when the latest requests leave none. */
  retry(nowMs: number): boolean {
    const slot = this.#slot(nowMs);
    let requests = 0;
    let retries = 0;
    for (const one of this.#slots) {
      if (one.number <= slot.number - SLOTS) continue;
      requests += one.requests;
      retries += one.retries;
    }
    if (retries >= Math.max(MIN_RETRIES, requests * SHARE)) return false;
    slot.retries += 1;
    return true;
  }

  #slot(nowMs: number): Slot {
    const number = Math.floor(nowMs / SLOT_MS);
    const index = number % SLOTS;
    const slot = this.#slots[index];
    if (slot?.number === number) return slot;
    const fresh = { number, requests: 0, retries: 0 };
    this.#slots[index] = fresh;
    return fresh;
  }
}
