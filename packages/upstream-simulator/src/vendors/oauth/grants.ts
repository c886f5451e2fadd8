// Authorization codes and refresh tokens: PKCE, single use, rotation, lifetimes.
import { createHash, randomBytes } from 'node:crypto';
import { seededInteger } from '../../seed.ts';
import type { JsonAnswer } from '../vendor.ts';
import type { TokenBook, TokenHolder } from './token-book.ts';

const CODE_LIFETIME_MS = 10 * 60_000;
/** Sets the lifetime in seconds of the access tokens that come from the code, the login or the refresh token. */
const LIFETIME_MARKER = /expires-(\d+)/u;
/** A refresh token that says so is refused. */
const REVOKED = /revoked/u;

export interface GrantRules {
  codePrefix: string;
  refreshPrefix: string;
  /** Whether a refresh token ends with its first use. */
  rotates: boolean;
  /** Of access tokens that no marker names one for. */
  lifetimeSeconds: number;
  /**
   * So long a token that was used once is answered with what it gave then; afterwards its family ends with it.
   * Undefined: it is refused, and its family goes on.
   */
  graceSeconds: number | undefined;
  /** Whether refresh tokens that were not given out here are refused. */
  knownOnly: boolean;
}

export interface Authorization extends TokenHolder {
  clientId: string;
  redirectUri: string;
  /** S256. */
  challenge: string | null;
  /** Whether a refresh token comes with the access token. */
  offline: boolean;
}

export interface CodeExchange {
  code: string;
  clientId: string;
  redirectUri: string;
  verifier: string;
}

/** What a grant is worth; the access token itself is the vendor's to form. */
export interface Grant {
  holder: TokenHolder;
  lifetimeSeconds: number;
  /** New, or `null` if none is given or the old one stays good. */
  refreshToken: string | null;
}

/** The refresh tokens of one login, each in the place of the one before. */
interface Family extends TokenHolder {
  lifetimeSeconds: number;
  /** As renewals name it. */
  login: string;
  hasEnded: boolean;
}

interface Spent {
  family: Family;
  answer: JsonAnswer;
  /** Epoch milliseconds. */
  atMs: number;
}

/** Why a grant is refused. */
export type Refusal = 'unknown' | 'used' | 'expired' | 'client' | 'redirect' | 'verifier';

export class Grants {
  readonly #rules: GrantRules;
  readonly #tokens: TokenBook;
  readonly #codes = new Map<string, Authorization & { endsAtMs: number }>();
  readonly #families = new Map<string, Family>();
  /** Codes, and refresh tokens with what became of them where they were used. */
  readonly #spent = new Map<string, Spent | null>();

  constructor(rules: GrantRules, tokens: TokenBook) {
    this.#rules = rules;
    this.#tokens = tokens;
  }

  clear(): void {
    this.#codes.clear();
    this.#families.clear();
    this.#spent.clear();
  }

  authorize(authorization: Authorization): string {
    const code = `${this.#rules.codePrefix}${secret()}`;
    this.#codes.set(code, { ...authorization, endsAtMs: Date.now() + CODE_LIFETIME_MS });
    return code;
  }

  /** A code is spent by its first use, whether that succeeds or not. */
  exchange(
    { code, clientId, redirectUri, verifier }: CodeExchange,
    lifetimeSeconds?: number,
  ): Grant | Refusal {
    const authorization = this.#codes.get(code);
    if (authorization === undefined) return this.#spent.has(code) ? 'used' : 'unknown';
    this.#codes.delete(code);
    this.#spent.set(code, null);
    if (authorization.endsAtMs < Date.now()) return 'expired';
    if (authorization.clientId !== clientId) return 'client';
    if (authorization.redirectUri !== redirectUri) return 'redirect';
    if (authorization.challenge !== null && authorization.challenge !== challengeOf(verifier))
      return 'verifier';
    const { email, scope } = authorization;
    const lifetime = lifetimeSeconds ?? this.#lifetime(email);
    const family: Family = { email, scope, lifetimeSeconds: lifetime, login: email, hasEnded: false };
    return this.#grant(family, authorization.offline ? this.#newRefreshToken(family) : null);
  }

  /** `answer` words what the token is worth. */
  refresh(refreshToken: string, answer: (grant: Grant | Refusal) => JsonAnswer): JsonAnswer {
    const spent = this.#spent.get(refreshToken);
    if (spent !== undefined) return this.#again(spent, answer);
    const family = this.#families.get(refreshToken) ?? this.#foreign(refreshToken);
    if (family === null || family.hasEnded) {
      this.#tokens.noteRenewal(family?.login ?? refreshToken, 'refused');
      return answer('unknown');
    }
    this.#tokens.noteRenewal(family.login, 'renewed');
    if (!this.#rules.rotates) return answer(this.#grant(family, null));
    this.#families.delete(refreshToken);
    const first = answer(this.#grant(family, this.#newRefreshToken(family)));
    this.#spent.set(refreshToken, { family, answer: first, atMs: Date.now() });
    return first;
  }

  revoke(refreshToken: string): void {
    this.#families.delete(refreshToken);
    this.#spent.set(refreshToken, null);
  }

  #again(spent: Spent | null, answer: (grant: Refusal) => JsonAnswer): JsonAnswer {
    if (spent === null) return answer('used');
    const { graceSeconds } = this.#rules;
    const { family } = spent;
    if (graceSeconds !== undefined) {
      const isInGrace = Date.now() < spent.atMs + graceSeconds * 1000;
      if (isInGrace && !family.hasEnded) {
        this.#tokens.noteRenewal(family.login, 'repeated');
        return spent.answer;
      }
      family.hasEnded = true;
    }
    this.#tokens.noteRenewal(family.login, 'refused');
    return answer('used');
  }

  #grant(family: Family, refreshToken: string | null): Grant {
    const { email, scope, lifetimeSeconds } = family;
    return { holder: { email, scope }, lifetimeSeconds, refreshToken };
  }

  #newRefreshToken(family: Family): string {
    const token = `${this.#rules.refreshPrefix}${secret()}`;
    this.#families.set(token, family);
    return token;
  }

  /** Accounts that were there before the simulator bring a refresh token of their own. */
  #foreign(refreshToken: string): Family | null {
    const { knownOnly, refreshPrefix } = this.#rules;
    if (knownOnly || !refreshToken.startsWith(refreshPrefix) || REVOKED.test(refreshToken)) return null;
    const email = `user-${seededInteger(refreshToken, 10_000)}@example.com`;
    return {
      email,
      scope: '',
      lifetimeSeconds: this.#lifetime(refreshToken),
      login: refreshToken,
      hasEnded: false,
    };
  }

  #lifetime(marked: string): number {
    const marker = LIFETIME_MARKER.exec(marked)?.[1];
    return marker === undefined ? this.#rules.lifetimeSeconds : Number(marker);
  }
}

export function secret(): string {
  return randomBytes(32).toString('base64url');
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
