// Owns which clients the guide knows, in which variants, and what each is called; product names are the same everywhere.
import type { Service } from '@crs/shared';

export const clientIds = [
  'claude-code',
  'codex',
  'gemini-cli',
  'anthropic-sdk',
  'openai-sdk',
  'google-genai',
  'ai-sdk',
  'curl',
  'sillytavern',
] as const;
export type GuideClient = (typeof clientIds)[number];

export const variantIds = [
  'node',
  'python',
  'messages',
  'chat',
  'responses',
  'gemini',
  'custom',
  'claude',
] as const;
export type Variant = (typeof variantIds)[number];

export const shells = ['posix', 'powershell', 'cmd'] as const;
export type Shell = (typeof shells)[number];

export type GuideDialect = 'messages' | 'chat' | 'responses' | 'gemini';

interface ClientFacts {
  readonly name: string;
  /** Whose service a key must be allowed to use in any case; null: depends on the model. */
  readonly service: Service | null;
  /** First is chosen unless told otherwise; none: there is but one way. */
  readonly variants: readonly Variant[];
  /** Nothing is typed into a shell. */
  readonly isShellless?: true;
}

export const clientFacts: Readonly<Record<GuideClient, ClientFacts>> = {
  'claude-code': { name: 'Claude Code', service: 'claude', variants: [] },
  codex: { name: 'Codex CLI', service: 'openai', variants: [] },
  'gemini-cli': { name: 'Gemini CLI', service: 'gemini', variants: [] },
  'anthropic-sdk': { name: 'Anthropic SDK', service: 'claude', variants: ['node', 'python'] },
  'openai-sdk': { name: 'OpenAI SDK', service: 'openai', variants: ['node', 'python'] },
  'google-genai': { name: 'google-genai', service: 'gemini', variants: ['node', 'python'] },
  'ai-sdk': { name: 'AI SDK', service: 'claude', variants: [] },
  curl: { name: 'cURL', service: null, variants: ['messages', 'chat', 'responses', 'gemini'] },
  sillytavern: { name: 'SillyTavern', service: null, variants: ['custom', 'claude'], isShellless: true },
};

export const variantNames: Readonly<Record<Variant, string>> = {
  node: 'Node.js',
  python: 'Python',
  messages: 'Anthropic Messages',
  chat: 'OpenAI Chat',
  responses: 'OpenAI Responses',
  gemini: 'Gemini',
  custom: 'OpenAI-compatible',
  claude: 'Claude',
};

export const shellNames: Readonly<Record<Shell, string>> = {
  posix: 'macOS / Linux (bash, zsh)',
  powershell: 'Windows (PowerShell)',
  cmd: 'Windows (cmd)',
};

/** The variant that holds for a client, whatever was chosen for another. */
export function variantOf(client: GuideClient, chosen: Variant | null): Variant | null {
  const { variants } = clientFacts[client];
  return variants.find((variant) => variant === chosen) ?? variants[0] ?? null;
}

/** How a client talks: the test request is sent the same way. */
export function dialectOf(client: GuideClient, variant: Variant | null): GuideDialect {
  switch (client) {
    case 'claude-code':
    case 'anthropic-sdk':
    case 'ai-sdk':
      return 'messages';
    case 'codex':
      return 'responses';
    case 'gemini-cli':
    case 'google-genai':
      return 'gemini';
    case 'openai-sdk':
      return 'chat';
    case 'sillytavern':
      return variant === 'claude' ? 'messages' : 'chat';
    case 'curl':
      return variant === 'chat' || variant === 'responses' || variant === 'gemini' ? variant : 'messages';
  }
}

const ownModels: Readonly<Record<GuideDialect, string>> = {
  messages: 'claude-haiku-5-5',
  chat: 'gpt-6-luna',
  responses: 'gpt-6.1-sol',
  gemini: 'gemini-3.8-flash',
};

/** The dialect's usual model where the key reaches it or nothing is known of it, else the first that it reaches. */
export function suggestedModel(dialect: GuideDialect, reachable: readonly string[] | null): string {
  const own = ownModels[dialect];
  return reachable === null || reachable.includes(own) ? own : (reachable[0] ?? own);
}
