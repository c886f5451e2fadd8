// Owns how a client program is told from its request: for display, for the clients a key or an account serves. Anybody
// can send these headers, so it is a convenience, never a proof.
import type { ClientId } from '@crs/shared';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const MAX_NAME_LENGTH = 40;

const KNOWN: readonly { readonly client: ClientId; readonly userAgent: RegExp }[] = [
  { client: 'claude_code', userAgent: /^claude-(?:cli|code)\//i },
  { client: 'codex_cli', userAgent: /^codex[_-]/i },
  { client: 'gemini_cli', userAgent: /^geminicli\b/i },
  { client: 'sillytavern', userAgent: /\bsillytavern\b/i },
];

/**
 * Known client id (`claude_code`), else the product its user agent names (`curl`, `Anthropic/JS`), else `unknown`.
 * Header names are lower case.
 */
export function recogniseClient(headers: Headers): string {
  const userAgent = first(headers['user-agent']);
  for (const { client, userAgent: pattern } of KNOWN) {
    if (pattern.test(userAgent)) return client;
  }
  // The desktop and editor front ends of Codex keep their own user agent.
  if (/^codex[_-]/i.test(first(headers['originator']))) return 'codex_cli';
  return productOf(userAgent);
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** `python-httpx/0.28.1` -> `python-httpx`; SDKs write their language where the version belongs: `OpenAI/JS 6.1`. */
function productOf(userAgent: string): string {
  const match = /^([\w.@-]+)(\/[a-z][\w-]*)?/i.exec(userAgent.trim());
  if (match === null) return 'unknown';
  return `${match[1] ?? ''}${match[2] ?? ''}`.slice(0, MAX_NAME_LENGTH);
}
