// Owns who may try an account whose breaker opened: one request at a time over all replicas, by a lease in Redis. The
// replicas that lose pass the account over meanwhile without asking again.
import type { HealthRepository } from './health-repository.ts';

/** A request that takes longer to show anything leaves the try to another one. */
const LEASE_MS = 30_000;

export class Probes {
  readonly #repository: HealthRepository;
  readonly #onError: (error: unknown) => void;
  /** Account -> when its probe, here or elsewhere, is over at the latest. */
  readonly #running = new Map<string, number>();

  constructor(repository: HealthRepository, onError: (error: unknown) => void) {
    this.#repository = repository;
    this.#onError = onError;
  }

  /** Null where nobody is known to try it now. */
  endsAtMs(accountId: string, nowMs: number): number | null {
    if (this.#running.size === 0) return null;
    const endsAtMs = this.#running.get(accountId);
    return endsAtMs !== undefined && endsAtMs > nowMs ? endsAtMs : null;
  }

  /** Null where another request tries it, or nobody can tell. */
  async begin(accountId: string, nowMs: number): Promise<(() => void) | null> {
    if (this.endsAtMs(accountId, nowMs) !== null) return null;
    const endsAtMs = nowMs + LEASE_MS;
    this.#running.set(accountId, endsAtMs);
    const lease = await this.#take(accountId);
    if (lease === null) return null;
    return () => {
      if (this.#running.get(accountId) === endsAtMs) this.#running.delete(accountId);
      this.#repository.endProbe(accountId, lease).catch(this.#onError);
    };
  }

  /** Its outcome is known. */
  forget(accountId: string): void {
    this.#running.delete(accountId);
  }

  async #take(accountId: string): Promise<string | null> {
    try {
      return await this.#repository.beginProbe(accountId, LEASE_MS);
    } catch (error) {
      this.#running.delete(accountId);
      this.#onError(error);
      return null;
    }
  }
}
