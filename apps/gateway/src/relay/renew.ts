// Owns what a request does about a token that has ended, or that the vendor takes no more.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { UpstreamFailure } from '../providers/provider.ts';
import type { Call } from './call.ts';
import type { Progress } from './choose-account.ts';
import type { Failed } from './endings.ts';
import type { RelayServices } from './services.ts';

/** The vendor could not be asked for a new token now: until it is asked again, the account is left alone. */
const NOT_RENEWED_REST_MS = 10_000;

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
  if (outcome.type === 'renewed') {
    progress.hasNewToken = true;
    return;
  }
  progress.exclude(document.id, 'its token was refused and could not be renewed');
  // Health knows already where a person has to sign in.
  if (outcome.type === 'login-needed') return;
  const judged: UpstreamFailure =
    outcome.type === 'failed'
      ? { ...failure, accountState: null, coolDownMs: NOT_RENEWED_REST_MS, coolDownScope: 'account' }
      : failure;
  accounts.health.failed(document, call.facts.family, judged, clock.now(), result.status);
}
