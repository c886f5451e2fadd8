// Owns asking a vendor about an account itself, beside the calls of clients: logins, renewals, what it knows of the
// account.
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { UpstreamProxy } from '../../platform/http/upstream-client.ts';
import { isJsonObject } from '../../platform/json.ts';
import type { Send } from '../../providers/provider.ts';
import type { SendOnce } from './connection-test.ts';
import type { AccountDocument, LiveAccount } from './document.ts';
import { openCredential } from './live.ts';

const VENDOR_TIMEOUT_MS = 25_000;

/** Sends by way of a proxy, or directly. */
export type SendBy = (proxy: UpstreamProxy | null) => Send;

export function vendorSender(send: SendOnce): SendBy {
  // These addresses are the operator's own configuration.
  return (proxy) => (request) =>
    send({ ...request, isOperatorAddress: true, proxy }, { timeoutMs: VENDOR_TIMEOUT_MS });
}

/**
 * The account with what its vendor knows of it, where its kind has to ask. What cannot be asked now is no reason to
 * refuse the account: a job asks again, and a call through it tells what is wrong.
 */
export async function withDiscovery(
  document: AccountDocument,
  { provider, defect, proxy }: LiveAccount,
  secrets: SecretBox,
  sendBy: SendBy,
): Promise<AccountDocument> {
  if (provider.discover === undefined || defect !== null) return { ...document, isDiscovered: true };
  const opened = openCredential(document, secrets);
  if ('defect' in opened) return document;
  try {
    const settings = await provider.discover(
      provider.account.credential.parse(opened.credential),
      provider.account.settings.parse(document.settings),
      sendBy(proxy),
    );
    if (!isJsonObject(settings)) throw new Error('settings must be an object');
    return { ...document, settings, isDiscovered: true };
  } catch {
    return document;
  }
}
