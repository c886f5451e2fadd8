// The access tokens given out here: whether one is known and still good.

const MAX_TOKENS = 50_000;

export type TokenState = 'valid' | 'expired' | 'unknown';

export class TokenBook {
  /** Epoch milliseconds at which each token ends. */
  readonly #endsAtMs = new Map<string, number>();

  clear(): void {
    this.#endsAtMs.clear();
  }

  give(token: string, lifetimeSeconds: number): void {
    this.#endsAtMs.set(token, Date.now() + lifetimeSeconds * 1000);
    if (this.#endsAtMs.size <= MAX_TOKENS) return;
    for (const oldest of this.#endsAtMs.keys()) {
      this.#endsAtMs.delete(oldest);
      break;
    }
  }

  revoke(token: string): void {
    if (this.#endsAtMs.has(token)) this.#endsAtMs.set(token, 0);
  }

  state(token: string): TokenState {
    const endsAtMs = this.#endsAtMs.get(token);
    if (endsAtMs === undefined) return 'unknown';
    return endsAtMs > Date.now() ? 'valid' : 'expired';
  }
}
