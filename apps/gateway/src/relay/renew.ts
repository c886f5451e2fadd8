// Owns what a request does about a token that has ended, or that the vendor takes no more.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { Call } from './call.ts';
import type { Progress } from './choose-account.ts';
import type { Failed } from './endings.ts';
import type { RelayServices } from './services.ts';

/** The account with a token that is good; null where there is none to be had. */
export async function withNewToken(
  account: LiveAccount,
  call: Call,
  { accounts }: RelayServices,
): Promise<LiveAccount | null> {
  const outcome = await accounts.renew(account);
  call.timeline.mark('token_renewed', account.document.name);
  return outcome.type === 'renewed' ? outcome.account : null;
}

/** The vendor refused the token before its time: a new one is had, or the account waits for a person. */
export async function renewAfterRefusal(
  call: Call,
  account: LiveAccount,
  { failure, result }: Failed,
  { accounts, clock }: RelayServices,
  progress: Progress,
): Promise<void> {
  const { document } = account;
  const outcome = await accounts.renew(account);
  call.timeline.mark('token_renewed', document.name);
  if (outcome.type === 'renewed') return;
  progress.exclude(document.id, 'its token was refused and could not be renewed');
  if (outcome.type !== 'login-needed')
    accounts.health.failed(document, call.facts.family, failure, clock.now(), result.status);
}
