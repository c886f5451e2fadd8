// Owns what lives in one account and nowhere else, such as a stored response: who made it is asked for it, and nobody else.
import { ownerTag } from '../modules/keys/index.ts';
import type { AnswerObserver } from '../protocols/protocol.ts';
import type { Call } from './call.ts';
import { type Pool, poolOf } from './pool.ts';
import { refusals } from './refusal.ts';
import type { RelayServices } from './services.ts';

/** The accounts that may answer: the one that made what the request names. Throws a Refusal where it is not known. */
export function pinnedPool(call: Call, pinnedTo: string, { accounts, clock }: RelayServices): Pool {
  const accountId = call.session?.accountId ?? null;
  const account = accountId === null ? undefined : accounts.find(accountId);
  if (account === undefined) throw refusals.pinnedGone(pinnedTo.slice(pinnedTo.indexOf(':') + 1));
  return poolOf([account], call.facts, call.key, clock.now());
}

/** A later request of the same key may ask for this answer by its id. */
export function pinAnswer(
  { facts, key }: Call,
  accountId: string,
  observer: AnswerObserver | null,
  { sticky }: RelayServices,
): void {
  if (facts.keepsAnswerAs === undefined || observer === null) return;
  const { messageId } = observer.observation();
  if (messageId === null) return;
  sticky.pin(sticky.keyOf(ownerTag(key), key.id, `${facts.keepsAnswerAs}:${messageId}`), accountId);
}
