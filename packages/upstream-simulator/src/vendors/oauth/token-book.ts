// The access tokens given out here: whose each is, whether it is still good, and how logins were renewed.

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

/** One question with a refresh token. */
export interface LoginRenewal {
  readonly atMs: number;
  /** Whose it is: the address that was signed in with, or the refresh token that was brought along. */
  readonly login: string;
  /** `repeated`: the answer that the token had given before, once more. */
  readonly outcome: 'renewed' | 'repeated' | 'refused';
}

export class TokenBook {
  readonly #given = new Map<string, GivenToken>();
  readonly #renewals: LoginRenewal[] = [];

  /** Newest last. */
  get renewals(): readonly LoginRenewal[] {
    return this.#renewals;
  }

  noteRenewal(login: string, outcome: LoginRenewal['outcome']): void {
    this.#renewals.push({ atMs: Date.now(), login, outcome });
    if (this.#renewals.length > MAX_TOKENS) this.#renewals.shift();
  }

  clear(): void {
    this.#given.clear();
    this.#renewals.length = 0;
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

  /** As though the time of all of them were over. */
  endAll(): void {
    for (const given of this.#given.values()) given.endsAtMs = 0;
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
