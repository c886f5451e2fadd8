// Owns how a stored account comes to life: settings parsed, credential decrypted, once per version.
import type { SecretBox } from '../../platform/crypto/index.ts';
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
  const account = { id: document.id, settings: settings.data };
  const base = readBaseUrl(provider, document.settings);
  return {
    document,
    provider,
    defect: null,
    isOperatorAddress: base?.isOperatorAddress ?? false,
    subscription: provider.subscription?.(settings.data) ?? null,
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
    lacks: () => null,
    prepare: () => {
      throw new Error(`Account ${document.id} cannot be used: ${defect}`);
    },
  };
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
