// Owns how often each account failed lately, as this process saw it.
const WINDOW_MS = 30_000;
const SLOT_MS = 5_000;
const SLOTS = WINDOW_MS / SLOT_MS;
const MIN_RESULTS = 5;

interface Slot {
  /** Number of the time slot these counts belong to. */
  number: number;
  results: number;
  failures: number;
}

export class FailureRate {
  readonly #accounts = new Map<string, Slot[]>();

  /** Counts a result. True for a failure when at least half of the latest, and of no fewer than five, failed. */
  note(accountId: string, isFailure: boolean, nowMs: number): boolean {
    const number = Math.floor(nowMs / SLOT_MS);
    let slots = this.#accounts.get(accountId);
    if (slots === undefined) {
      slots = Array.from({ length: SLOTS }, () => ({ number: -1, results: 0, failures: 0 }));
      this.#accounts.set(accountId, slots);
    }
    const slot = slots[number % SLOTS];
    if (slot === undefined) return false;
    if (slot.number !== number) {
      slot.number = number;
      slot.results = 0;
      slot.failures = 0;
    }
    slot.results += 1;
    if (!isFailure) return false;
    slot.failures += 1;
    let results = 0;
    let failures = 0;
    for (const one of slots) {
      if (one.number <= number - SLOTS) continue;
      results += one.results;
      failures += one.failures;
    }
    return results >= MIN_RESULTS && failures * 2 >= results;
  }

  forget(accountId: string): void {
    this.#accounts.delete(accountId);
  }
}
