// The access tokens given out here: whose each is, and whether it is still good.

const MAX_TOKENS = 50_000;

export type TokenState = 'valid' | 'expired' | 'unknown';

export interface TokenHolder {
  email: string;
  /** Separated by spaces. */
  scope: string;
}

interface GivenToken {
  holder: TokenHolder;
  /** Epoch milliseconds. */
  endsAtMs: number;
}

export class TokenBook {
  readonly #given = new Map<string, GivenToken>();

  clear(): void {
    this.#given.clear();
  }

  give(token: string, holder: TokenHolder, lifetimeSeconds: number): void {
    this.#given.set(token, { holder, endsAtMs: Date.now() + lifetimeSeconds * 1000 });
    if (this.#given.size <= MAX_TOKENS) return;
    for (const oldest of this.#given.keys()) {
      this.#given.delete(oldest);
      break;
    }
  }

  revoke(token: string): void {
    const given = this.#given.get(token);
    if (given !== undefined) given.endsAtMs = 0;
  }

  state(token: string): TokenState {
    const given = this.#given.get(token);
    if (given === undefined) return 'unknown';
    return given.endsAtMs > Date.now() ? 'valid' : 'expired';
  }

  /** `null` for a token that was not given out here. */
  holder(token: string): TokenHolder | null {
    return this.#given.get(token)?.holder ?? null;
  }
}
