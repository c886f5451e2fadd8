// Owns the renewal of access tokens that end: ahead of time, once after a refusal, one at a time over all replicas. The
// vendor may use a refresh token up, so what it answers is stored before anybody uses it, and kept here until it is.
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject } from '../../platform/json.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import { newId } from '../../platform/ids.ts';
import { defineScript, type DocumentStore, type RedisConnections } from '../../platform/redis/index.ts';
import { LoginExpired, type UpstreamFailure } from '../../providers/provider.ts';
import type { AccountDocument, LiveAccount } from './document.ts';
import { openCredential } from './live.ts';
import type { SendBy } from './vendor.ts';

const releaseScript = defineScript(new URL('./scripts/end-own.lua', import.meta.url));

/** Longer than the vendor is given to answer: whoever holds it longer is dead. */
const LOCK_MS = 60_000;
const LOOK_AGAIN_MS = 100;
/**
 * Renewed ahead of its end by this, and up to half as much more, by account, so that not all are renewed at once; by no
 * more than a share of its whole life, or a token that lasts for minutes would be renewed at every request.
 */
const AHEAD_MS = 300_000;
const AHEAD_SHARE = 1 / 4;
/** So close to its end a token is not used any more: the request waits for the new one. */
const TOO_LATE_MS = 15_000;
const TOO_LATE_SHARE = 1 / 20;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
const LONGEST_SAVE_PAUSE_MS = 1_000;
const SAVE_TRIES = 150;

export type Renewal =
  | { readonly type: 'renewed'; readonly account: LiveAccount }
  /** Only a person can help: `reason` in the vendor's words. */
  | { readonly type: 'login-needed'; readonly reason: string }
  /** The vendor did not answer as it should; a later try may. */
  | { readonly type: 'failed'; readonly reason: string }
  /** Deleted meanwhile, or nothing to renew it with. */
  | { readonly type: 'impossible' };

export interface RenewalsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  readonly store: DocumentStore<AccountDocument>;
  /** The account as requests use it, of just this version. */
  readonly bring: (document: AccountDocument) => LiveAccount;
  /** Resolves when what was stored is in memory. */
  readonly refreshMemory: () => Promise<void>;
  readonly sendBy: SendBy;
  /** How long the lock outlives a process that died with it; longer than any vendor takes to answer. */
  readonly lockMs?: number | undefined;
  /** An account was renewed, or needs a person. */
  readonly onOutcome: (document: AccountDocument, outcome: Renewal) => void;
  readonly onError: (error: unknown) => void;
}

export class Renewals {
  readonly #dependencies: RenewalsDependencies;
  /** By account; everybody who needs it waits for the same one. */
  readonly #running = new Map<string, Promise<Renewal>>();
  /** After failures: not before then. */
  readonly #pauses = new Map<string, { readonly untilMs: number; readonly lengthMs: number }>();

  constructor(dependencies: RenewalsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Whether a request may use the account's token as it is. Begins a renewal in the background when its end is near. */
  isUsable(account: LiveAccount): boolean {
    const { expiresAtMs, isRenewable, document } = account;
    if (expiresAtMs === null || !isRenewable) return true;
    const leftMs = expiresAtMs - this.#dependencies.clock.now();
    const lifeMs = lifeOf(account);
    if (leftMs > aheadMs(document.id, lifeMs)) return true;
    if (!this.#isPaused(document.id)) void this.renew(account);
    return leftMs > Math.min(TOO_LATE_MS, lifeMs * TOO_LATE_SHARE);
  }

  /** Accounts whose token ends soon. Answers how many were renewed. */
  async renewDue(accounts: readonly LiveAccount[], signal: AbortSignal): Promise<number> {
    const nowMs = this.#dependencies.clock.now();
    let renewed = 0;
    for (const account of accounts) {
      const { document, expiresAtMs, isRenewable } = account;
      if (signal.aborted) break;
      if (!isRenewable || !document.enabled || expiresAtMs === null) continue;
      const isDue = expiresAtMs - nowMs <= aheadMs(document.id, lifeOf(account));
      if (!isDue || this.#isPaused(document.id)) continue;
      if ((await this.renew(account)).type === 'renewed') renewed += 1;
    }
    return renewed;
  }

  /**
   * Renews the token that this copy of the account carries; where it was renewed meanwhile, by whomever, that is the
   * answer. Shortly after a failure only where it is forced. Never rejects.
   */
  renew(account: LiveAccount, isForced = false): Promise<Renewal> {
    const { id } = account.document;
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    if (!isForced && this.#isPaused(id))
      return Promise.resolve({ type: 'failed', reason: 'it could not be renewed a moment ago' });
    const renewal = this.#alone(account)
      .catch((error: unknown): Renewal => {
        this.#dependencies.onError(error);
        return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
      })
      .then((outcome) => {
        this.#running.delete(id);
        if (outcome.type === 'failed') this.#pause(id);
        else this.#pauses.delete(id);
        this.#dependencies.onOutcome(account.document, outcome);
        return outcome;
      });
    this.#running.set(id, renewal);
    return renewal;
  }

  /** Resolves when nothing is under way: a process that ended before would take the vendor's answer along. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Takes the lock over all replicas, or waits for what its holder stores. */
  async #alone(account: LiveAccount): Promise<Renewal> {
    const { redis, clock, store, lockMs = LOCK_MS } = this.#dependencies;
    const { id, credentialSealed } = account.document;
    const key = redis.keyspace.accountRenewal(id);
    const token = newId();
    const endsAtMs = clock.now() + 2 * lockMs;
    for (;;) {
      const isTaken = (await redis.background.set(key, token, 'PX', lockMs, 'NX')) === 'OK';
      // Read after the lock: what another process stored before it let go is seen.
      const document = await store.get(id);
      const isOutdated = document !== null && document.credentialSealed !== credentialSealed;
      try {
        if (document === null) return { type: 'impossible' };
        if (isOutdated) return await this.#adopt(document);
        if (isTaken) return await this.#renewNow(document);
      } finally {
        if (isTaken) await this.#release(key, token);
      }
      if (clock.now() > endsAtMs)
        return { type: 'failed', reason: 'another process renews it, and does not end' };
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async #renewNow(document: AccountDocument): Promise<Renewal> {
    const { bring, secrets, sendBy } = this.#dependencies;
    const { provider, proxy, isRenewable, defect } = bring(document);
    const opened = openCredential(document, secrets);
    if (provider.refresh === undefined || !isRenewable || defect !== null || 'defect' in opened)
      return { type: 'impossible' };
    const credential = provider.account.credential.parse(opened.credential);
    const settings = provider.account.settings.parse(document.settings);
    try {
      const renewed = await provider.refresh(credential, settings, sendBy(proxy));
      if (!isJsonObject(renewed)) throw new Error('a credential must be an object');
      return await this.#keep(document, secrets.seal(JSON.stringify(renewed)));
    } catch (error) {
      if (error instanceof LoginExpired) return this.#unlessRenewed(document, error.message);
      return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A process that was held up may have asked with a token that another, taking it for dead, had used meanwhile. */
  async #unlessRenewed({ id, credentialSealed }: AccountDocument, reason: string): Promise<Renewal> {
    const current = await this.#dependencies.store.get(id);
    if (current === null) return { type: 'impossible' };
    if (current.credentialSealed !== credentialSealed) return this.#adopt(current);
    return { type: 'login-needed', reason };
  }

  /** The old token may be dead already, so this does not give up at the first obstacle. */
  async #keep({ id, credentialSealed }: AccountDocument, renewed: string): Promise<Renewal> {
    const { clock, store } = this.#dependencies;
    const credentialAt = new Date(clock.now()).toISOString();
    let obstacle: unknown = null;
    for (let attempt = 0; attempt < SAVE_TRIES; attempt += 1) {
      try {
        const current = await store.get(id);
        if (current === null) return { type: 'impossible' };
        // An administrator gave another credential meanwhile: theirs stays.
        if (current.credentialSealed !== credentialSealed) return await this.#adopt(current);
        const next = { ...current, credentialSealed: renewed, credentialAt, version: current.version + 1 };
        if ((await store.save(next, current.version, current)) === 'saved') return await this.#adopt(next);
        // Something else of the account changed: once more on what it is now.
      } catch (error) {
        obstacle = error;
        await sleep(Math.min(LOOK_AGAIN_MS * 2 ** attempt, LONGEST_SAVE_PAUSE_MS));
      }
    }
    throw new Error('a renewed token could not be stored', { cause: obstacle });
  }

  async #adopt(document: AccountDocument): Promise<Renewal> {
    await this.#dependencies.refreshMemory();
    return { type: 'renewed', account: this.#dependencies.bring(document) };
  }

  async #release(key: string, token: string): Promise<void> {
    try {
      await releaseScript.run(this.#dependencies.redis.background, [key], [token]);
    } catch (error) {
      // It ends by itself.
      this.#dependencies.onError(error);
    }
  }

  #isPaused(id: string): boolean {
    return (this.#pauses.get(id)?.untilMs ?? 0) > this.#dependencies.clock.now();
  }

  #pause(id: string): void {
    const lengthMs = Math.min(LONGEST_PAUSE_MS, (this.#pauses.get(id)?.lengthMs ?? FIRST_PAUSE_MS / 2) * 2);
    this.#pauses.set(id, { untilMs: this.#dependencies.clock.now() + lengthMs, lengthMs });
  }
}

/** The same on every replica. */
function aheadMs(accountId: string, lifeMs: number): number {
  const share = Number.parseInt(hash('sha1', accountId).slice(0, 4), 16) / 0xffff;
  const jittered = 1 + share / 2;
  return Math.min(AHEAD_MS * jittered, (lifeMs * AHEAD_SHARE * jittered) / 1.5);
}

/** How long the token was good for when it came. */
function lifeOf({ expiresAtMs, document: { credentialAt } }: LiveAccount): number {
  if (expiresAtMs === null || credentialAt === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, expiresAtMs - Date.parse(credentialAt));
}

/** What such an account's health is told, as though a request had been refused. */
export function loginNeeded(reason: string): UpstreamFailure {
  return {
    reason: 'credential_rejected',
    fault: 'account',
    retry: 'other',
    coolDownMs: null,
    coolDownScope: 'account',
    accountState: 'needs-login',
    message: `The vendor wants a new login: ${reason}`,
  };
}
