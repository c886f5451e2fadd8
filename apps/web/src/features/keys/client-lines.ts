// Owns which settings of a client are offered for a new secret, by the services that its key may use.
import type { Key } from '@crs/shared';
import {
  type ClientSettingKind,
  clientSettingKinds,
  type ClientSettings,
  clientSettings,
  quoteForShell,
} from '@/lib/client-settings';

const others = ['codex', 'gemini'] as const;
export type ClientLinesKind = ClientSettingKind | (typeof others)[number];

/** cURL last: it is a test, not a client. */
export function offeredKinds(permissions: Key['permissions']): ClientLinesKind[] {
  const may = (service: 'claude' | 'openai' | 'gemini') =>
    permissions === 'all' || permissions.includes(service);
  const claude = clientSettingKinds.filter((kind) => kind !== 'curl');
  return [
    ...(may('claude') ? claude : []),
    ...(may('openai') ? (['codex'] as const) : []),
    ...(may('gemini') ? (['gemini'] as const) : []),
    ...(may('claude') ? (['curl'] as const) : []),
  ];
}

/** Text to paste, quoted for where it goes. */
export function clientLines(kind: ClientLinesKind, { origin, secret }: ClientSettings): string {
  switch (kind) {
    case 'codex':
      return [
        '# ~/.codex/config.toml',
        'model_provider = "relay"',
        '',
        '[model_providers.relay]',
        'name = "relay"',
        `base_url = ${JSON.stringify(`${origin}/openai/v1`)}`,
        'env_key = "RELAY_KEY"',
        'wire_api = "responses"',
        '',
        '# shell',
        `export RELAY_KEY=${quoteForShell(secret)}`,
      ].join('\n');
    case 'gemini':
      return [
        '# shell',
        `export GOOGLE_GEMINI_BASE_URL=${quoteForShell(`${origin}/gemini`)}`,
        `export GEMINI_API_KEY=${quoteForShell(secret)}`,
        '',
        '# ~/.gemini/settings.json',
        JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } }),
      ].join('\n');
    default:
      return clientSettings(kind, { origin, secret });
  }
}
