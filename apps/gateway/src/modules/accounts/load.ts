// Owns how busy each account is, as this process sees it: requests open now, and how many began lately.
const DECAY_MS = 60_000;

export interface AccountLoad {
  readonly inFlight: number;
  /** Requests that began lately; one that began a minute ago counts for a third. */
  readonly recent: number;
}

interface Entry {
  open: number;
  recent: number;
  recentAtMs: number;
}

const idle: AccountLoad = { inFlight: 0, recent: 0 };

export class Load {
  readonly #entries = new Map<string, Entry>();

  of(accountId: string): number {
    return this.#entries.get(accountId)?.open ?? 0;
  }

  at(accountId: string, nowMs: number): AccountLoad {
    const entry = this.#entries.get(accountId);
    return entry === undefined ? idle : { inFlight: entry.open, recent: decayed(entry, nowMs) };
  }

  /** Counts one more; the answer takes it back, once. */
  enter(accountId: string, nowMs: number): () => void {
    let entry = this.#entries.get(accountId);
    if (entry === undefined) {
      entry = { open: 0, recent: 0, recentAtMs: nowMs };
      this.#entries.set(accountId, entry);
    }
    const counted = entry;
    counted.recent = decayed(counted, nowMs) + 1;
    counted.recentAtMs = nowMs;
    counted.open += 1;
    let isOpen = true;
    return () => {
      if (isOpen) counted.open -= 1;
      isOpen = false;
    };
  }

  forget(accountId: string): void {
    this.#entries.delete(accountId);
  }
}

function decayed({ recent, recentAtMs }: Entry, nowMs: number): number {
  const ageMs = nowMs - recentAtMs;
  return ageMs <= 0 ? recent : recent * Math.exp(-ageMs / DECAY_MS);
}
