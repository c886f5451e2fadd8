// Owns how the proxy of an account is stored: its password apart, sealed.
import type { AccountProxy } from '@crs/shared';
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { AccountDocument } from './document.ts';

/** Undefined changes nothing; a password that is left out stays as long as the user name does. */
export function proxyFields(
  proxy: AccountProxy | null | undefined,
  before: AccountDocument | null,
  secrets: SecretBox,
): Partial<Pick<AccountDocument, 'proxy' | 'proxyPasswordSealed'>> {
  if (proxy === undefined) return {};
  if (proxy === null) return { proxy: null, proxyPasswordSealed: null };
  const { password, ...shown } = proxy;
  const isKept = password === undefined && before?.proxy?.username === shown.username;
  const sealed = typeof password === 'string' ? secrets.seal(password) : null;
  return { proxy: shown, proxyPasswordSealed: isKept ? before.proxyPasswordSealed : sealed };
}
