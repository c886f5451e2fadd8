// Owns the choice of the account for the next attempt, and the place on it: sessions, waiting, probes, accounts that are
// full.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { Reservation } from '../modules/limits/index.ts';
import type { Call } from './call.ts';
import type { NotSayable } from './ask.ts';
import type { Failed } from './endings.ts';
import { outOfUse, type Pool, unservedModel } from './pool.ts';
import { type Choice, rank } from './route.ts';
import type { RelayServices } from './services.ts';

const none: ReadonlyMap<string, string> = new Map();

/** What the attempts so far have shown: nothing, for nearly every request. */
export class Progress {
  readonly pool: Pool;
  /** Account id -> why it is passed over from now on. */
  excluded = none;
  /** Accounts that said the model is not theirs, with their words. */
  modelRefusals = none;
  #retriedOnce: readonly string[] = [];
  #renewed: readonly string[] = [];
  hasWaited = false;
  /** The next attempt comes with a new token after the old one was refused: no retry of what failed. */
  hasNewToken = false;
  last: Failed | null = null;
  /** An account's dialect could not say the request: told where nobody else answers it. */
  notSayable: NotSayable | null = null;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  exclude(accountId: string, reason: string): void {
    this.excluded = new Map(this.excluded).set(accountId, reason);
  }

  refuseModel(accountId: string, words: string): void {
    this.modelRefusals = new Map(this.modelRefusals).set(accountId, words);
  }

  /** Whether the account has its second try still before it; takes it. */
  retryOnce(accountId: string): boolean {
    if (this.#retriedOnce.includes(accountId)) return false;
    this.#retriedOnce = [...this.#retriedOnce, accountId];
    return true;
  }

  /** A token that was renewed after a refusal is not renewed again. */
  wasRenewed(accountId: string): boolean {
    return this.#renewed.includes(accountId);
  }

  renewed(accountId: string): void {
    this.#renewed = [...this.#renewed, accountId];
  }
}

export const FULL = 'as many requests running as it allows';
export const PROBED = 'another request is trying whether it is back';

export function chooseAccount(
  call: Call,
  services: RelayServices,
  { pool, excluded, hasWaited }: Progress,
): Choice {
  const { accounts, clock, random, sticky } = services;
  const nowMs = clock.now();
  const { family, model } = call.facts;
  const { session } = call;
  const choice = rank({
    pool,
    sticky:
      session === null
        ? []
        : [session.accountId, sticky.remembered(session.key)].filter((one) => one !== null),
    mayWait: !hasWaited,
    shortWaitMs: services.sessionWaitMs(),
    stateOf: ({ document: { id } }) => ({
      resting: accounts.health.blockedUntil(id, family, nowMs, model),
      isHalfOpen: accounts.health.isHalfOpen(id, nowMs),
      ...accounts.health.load(id, nowMs),
    }),
    excluded,
    nowMs,
    random,
  });
  const chosen = choice.type === 'account' ? choice.account.document : null;
  // Before anything is waited for: those that come beside it have to see it.
  if (chosen !== null && movableSession(call, chosen.id, services) !== null && session !== null)
    sticky.chosen(session.key, chosen.id);
  call.decision = { candidates: choice.verdicts, chosen: chosen?.id ?? null };
  call.timeline.mark(choice.type === 'wait' ? 'waits' : 'routed', chosen === null ? null : chosen.name);
  return choice;
}

/** Ends early when the client leaves. */
export function pause(delayMs: number, { delivery }: Call): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      delivery.offClientLeft(done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, delayMs));
    delivery.onClientLeft(done);
  });
}

/**
 * A place at the account: its own limit over all replicas where it has one, the one try where its breaker is half open,
 * and this process's count of its load. Answers why not where there is none.
 */
export async function enter(
  account: LiveAccount,
  isProbe: boolean,
  call: Call,
  services: RelayServices,
): Promise<Reservation | string> {
  const { id, maxConcurrency } = account.document;
  const { health } = services.accounts;
  const endProbe = isProbe ? await health.probe(id, services.clock.now()) : null;
  if (isProbe && endProbe === null) return PROBED;
  let place: Reservation | null = null;
  if (maxConcurrency > 0) {
    const attemptId = `${call.id}.${call.attempts.length + 1}`;
    try {
      place = await services.limits.enterAccount(id, maxConcurrency, attemptId);
    } finally {
      // Whatever was in the way: another request may try the account.
      if (place === null) endProbe?.();
    }
    if (place === null) return FULL;
  }
  const leave = health.enter(id);
  return {
    release: () => {
      leave();
      place?.release();
      endProbe?.();
    },
  };
}

/**
 * The client's session, where this account may take it over. One whose own account only does not serve this model
 * stays there: its next request may be for a model that it does serve.
 */
export function movableSession(
  { session, facts }: Call,
  accountId: string,
  services: RelayServices,
): Call['session'] {
  if (session === null || session.accountId === null || session.accountId === accountId) return session;
  const home = services.accounts.find(session.accountId);
  if (home === undefined || outOfUse(home, services.clock.now()) !== null) return session;
  return unservedModel(home, facts.model) === null ? session : null;
}
