// Owns the rule for the address that an administrator gives an account.
import { assertPublicHost, type HostLookup, PrivateHostError } from '../../platform/http/private-address.ts';
import type { AnyProvider } from '../../providers/provider.ts';
import type { FieldError, Fields } from './specifics.ts';

/**
 * Address of requests with these settings, and whether it is the kind's own, which the operator's configuration names,
 * and not the account's. Settings that do not fit the kind are answered with null.
 */
export function readBaseUrl(
  provider: AnyProvider,
  settings: Fields,
): { url: string; isOperatorAddress: boolean } | null {
  const parsed = provider.account.settings.safeParse(settings);
  if (!parsed.success) return null;
  const url = provider.baseUrl(parsed.data);
  const none = provider.account.settings.safeParse({});
  return { url, isOperatorAddress: none.success && provider.baseUrl(none.data) === url };
}

export interface AddressRule {
  readonly allowPrivateUpstreams: boolean;
  readonly lookup: HostLookup;
}

/** What is wrong with the address in these settings, which fit the kind. */
export async function checkBaseUrl(
  provider: AnyProvider,
  settings: Fields,
  rule: AddressRule,
): Promise<FieldError[]> {
  const base = readBaseUrl(provider, settings);
  if (base === null || base.isOperatorAddress) return [];
  const path = `settings.${fieldOf(settings, base.url) ?? 'baseUrl'}`;
  const url = URL.parse(base.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return [{ path, message: 'give an address that begins with https:// or http://' }];
  }
  if (rule.allowPrivateUpstreams) return [];
  try {
    await assertPublicHost(url.hostname, rule.lookup);
    return [];
  } catch (error) {
    if (!(error instanceof PrivateHostError)) throw error;
    return [{ path, message: `${error.message}; such upstreams need ALLOW_PRIVATE_UPSTREAMS=true` }];
  }
}

/** Name of the setting that holds the address, whatever a kind calls it. */
function fieldOf(settings: Fields, baseUrl: string): string | undefined {
  const host = URL.parse(baseUrl)?.host;
  return Object.keys(settings).find((name) => {
    const value = settings[name];
    return typeof value === 'string' && URL.canParse(value) && URL.parse(value)?.host === host;
  });
}
