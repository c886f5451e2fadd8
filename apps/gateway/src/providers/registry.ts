// Owns the list of upstream kinds. A kind is a folder and a line here.
import { createClaude } from './claude/index.ts';
import { createClaudeConsole } from './claude-console/index.ts';
import type { AnyProvider } from './provider.ts';

/** The vendors' addresses the kinds need; the operator's configuration lays its own over the built-in ones. */
export interface ProviderEndpoints {
  readonly claude: { readonly api: string };
}

export function createProviders(endpoints: ProviderEndpoints): ReadonlyMap<string, AnyProvider> {
  const providers: readonly AnyProvider[] = [
    createClaude(endpoints.claude.api),
    createClaudeConsole(endpoints.claude.api),
  ];
  return new Map(providers.map((provider) => [provider.kind, provider]));
}
