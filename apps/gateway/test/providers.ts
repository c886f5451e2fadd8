// For tests: every kind, with all vendors at one address.
import { systemClock } from '../src/platform/clock.ts';
import type { AnyProvider } from '../src/providers/provider.ts';
import { createProviders, type ProviderConfig } from '../src/providers/registry.ts';

export const GEMINI_CLIENT_SECRET = 'test-client-secret';

/** Addresses of every vendor, all at one base, as the upstream simulator serves them. */
export function endpointsAt(base: string): ProviderConfig['endpoints'] {
  return {
    claude: { api: base, authorize: `${base}/cai/oauth/authorize`, token: `${base}/v1/oauth/token` },
    gemini: {
      api: base,
      codeAssist: base,
      authorize: `${base}/o/oauth2/v2/auth`,
      token: `${base}/token`,
    },
    openai: { api: base },
    codex: {
      api: `${base}/backend-api/codex`,
      authorize: `${base}/oauth/authorize`,
      token: `${base}/oauth/token`,
    },
    bedrock: { runtime: base },
  };
}

/** `base` plays every vendor, as the upstream simulator does. */
export function providersAt(
  base: string,
  overrides: Partial<ProviderConfig> = {},
): ReadonlyMap<string, AnyProvider> {
  return createProviders({
    endpoints: endpointsAt(base),
    oauthClients: {
      claude: { id: 'claude-client' },
      codex: { id: 'app_client' },
      gemini: { id: 'gemini-client', secret: GEMINI_CLIENT_SECRET },
    },
    bindHost: '127.0.0.1',
    port: 3000,
    clock: systemClock,
    ...overrides,
  });
}
