// Owns what a client needs to reach this server: the same settings for a shell, PowerShell, a settings file and cURL.
// Pure: a secret that passes through is not kept.

export const clientSettingKinds = ['shell', 'powershell', 'settings', 'curl'] as const;
export type ClientSettingKind = (typeof clientSettingKinds)[number];

export interface ClientSettings {
  /** Origin of this server, e.g. `https://relay.example`. */
  origin: string;
  secret: string;
}

/** Small and cheap; only for the one test request. */
const TEST_MODEL = 'claude-haiku-5-5';

/** Text to paste, quoted for where it goes. */
export function clientSettings(kind: ClientSettingKind, { origin, secret }: ClientSettings): string {
  const baseUrl = `${origin}/api`;
  switch (kind) {
    case 'shell':
      return [
        `export ANTHROPIC_BASE_URL=${quoteForShell(baseUrl)}`,
        `export ANTHROPIC_AUTH_TOKEN=${quoteForShell(secret)}`,
      ].join('\n');
    case 'powershell':
      return [
        `$env:ANTHROPIC_BASE_URL = ${quoteForPowerShell(baseUrl)}`,
        `$env:ANTHROPIC_AUTH_TOKEN = ${quoteForPowerShell(secret)}`,
      ].join('\n');
    case 'settings':
      return JSON.stringify(
        { env: { ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_AUTH_TOKEN: secret } },
        undefined,
        2,
      );
    case 'curl':
      return [
        `curl ${quoteForShell(`${baseUrl}/v1/messages`)} \\`,
        `  -H ${quoteForShell(`x-api-key: ${secret}`)} \\`,
        `  -H 'anthropic-version: 2023-06-01' \\`,
        `  -H 'content-type: application/json' \\`,
        `  -d ${quoteForShell(testBody)}`,
      ].join('\n');
  }
}

const testBody = JSON.stringify({
  model: TEST_MODEL,
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Say hello.' }],
});

/** One word of a POSIX shell, whatever it holds. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A literal string of PowerShell. */
export function quoteForPowerShell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
