// Owns how a stored account comes to life: settings parsed, credential decrypted, once per version.
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { UpstreamProxy } from '../../platform/http/upstream-client.ts';
import { isJsonObject } from '../../platform/json.ts';
import type { AnyProvider } from '../../providers/provider.ts';
import { readBaseUrl } from './base-url.ts';
import type { AccountDocument, LiveAccount } from './document.ts';
import type { Fields } from './specifics.ts';

/** Never throws: an account that cannot be used says why in `defect`. */
export function bringToLife(
  document: AccountDocument,
  provider: AnyProvider,
  secrets: SecretBox,
): LiveAccount {
  const settings = provider.account.settings.safeParse(document.settings);
  if (!settings.success) {
    return defective(
      document,
      provider,
      'Its settings do not fit this kind of account any more; save them again',
    );
  }
  const opened = openCredential(document, secrets);
  if ('defect' in opened) return defective(document, provider, opened.defect);
  const credential = provider.account.credential.safeParse(opened.credential);
  if (!credential.success) {
    return defective(
      document,
      provider,
      'Its credential does not fit this kind of account any more; give it again',
    );
  }
  const proxy = openProxy(document, secrets);
  if (proxy !== null && 'defect' in proxy) return defective(document, provider, proxy.defect);
  const account = { id: document.id, settings: settings.data };
  const base = readBaseUrl(provider, document.settings);
  return {
    document,
    provider,
    defect: null,
    isOperatorAddress: base?.isOperatorAddress ?? false,
    subscription: provider.subscription?.(settings.data) ?? null,
    market: (model) => provider.market?.(settings.data, model) ?? null,
    proxy,
    expiresAtMs: provider.expiresAtMs?.(credential.data) ?? null,
    isRenewable: isRenewable(provider, credential.data),
    lacks: (model) => provider.lacks?.(model, settings.data) ?? null,
    prepare: (call) => provider.prepare(call, account, credential.data),
  };
}

function defective(document: AccountDocument, provider: AnyProvider, defect: string): LiveAccount {
  return {
    document,
    provider,
    defect,
    isOperatorAddress: false,
    subscription: null,
    market: () => null,
    proxy: null,
    expiresAtMs: null,
    isRenewable: false,
    lacks: () => null,
    prepare: () => {
      throw new Error(`Account ${document.id} cannot be used: ${defect}`);
    },
  };
}

/** A setup token has nothing to renew it with, though its kind can renew. */
function isRenewable(provider: AnyProvider, credential: unknown): boolean {
  if (provider.refresh === undefined || !isJsonObject(credential)) return false;
  const { refreshToken } = credential;
  return typeof refreshToken === 'string' && refreshToken !== '';
}

/** An account whose proxy cannot be used is not reached directly instead. */
function openProxy(
  { proxy, proxyPasswordSealed }: AccountDocument,
  secrets: SecretBox,
): UpstreamProxy | { defect: string } | null {
  if (proxy === null) return null;
  try {
    return { ...proxy, password: proxyPasswordSealed === null ? null : secrets.open(proxyPasswordSealed) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return { defect: `The password of its proxy cannot be opened: ${reason}` };
  }
}

/** The credential as it was given, or why it cannot be read; never its text in the reason. */
export function openCredential(
  document: Pick<AccountDocument, 'credentialSealed'>,
  secrets: SecretBox,
): { credential: Fields } | { defect: string } {
  try {
    const credential: unknown = JSON.parse(secrets.open(document.credentialSealed));
    if (isJsonObject(credential)) return { credential };
    return { defect: 'Its credential cannot be read; give it again' };
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? 'it is damaged' : error instanceof Error ? error.message : '';
    return { defect: `Its credential cannot be opened: ${reason}` };
  }
}
