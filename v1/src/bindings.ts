// Owns what a key was bound to: seven fields whose ids may carry a prefix that changes their meaning.
import type { ApiKeyRecord } from './api-key.ts';
import type { AccountKind } from './key-names.ts';

export type Binding =
  | { type: 'account'; kind: AccountKind | 'droid'; id: string }
  /** v1 had groups for Claude, Gemini, OpenAI and Droid; `kind` is the field's. */
  | { type: 'group'; kind: AccountKind | 'droid'; id: string };

const fields = [
  { field: 'claudeAccountId', kind: 'claude', prefixes: {} },
  { field: 'claudeConsoleAccountId', kind: 'claude-console', prefixes: {} },
  { field: 'geminiAccountId', kind: 'gemini', prefixes: { api: 'gemini-api' } },
  { field: 'openaiAccountId', kind: 'openai', prefixes: { responses: 'openai-responses' } },
  { field: 'azureOpenaiAccountId', kind: 'azure-openai', prefixes: {} },
  { field: 'bedrockAccountId', kind: 'bedrock', prefixes: {} },
  { field: 'droidAccountId', kind: 'droid', prefixes: {} },
] as const satisfies readonly {
  field: keyof ApiKeyRecord;
  kind: AccountKind | 'droid';
  prefixes: Record<string, AccountKind>;
}[];

/** In the order of the fields; whether the account or group still exists is not looked at. */
export function bindingsOf(key: ApiKeyRecord): Binding[] {
  const bindings: Binding[] = [];
  for (const { field, kind, prefixes } of fields) {
    const value = key[field];
    if (value === '') continue;
    const [prefix, id] = splitPrefix(value);
    const other = Object.entries(prefixes).find(([name]) => name === prefix)?.[1];
    if (prefix === 'group') bindings.push({ type: 'group', kind, id });
    else if (other !== undefined) bindings.push({ type: 'account', kind: other, id });
    else bindings.push({ type: 'account', kind, id: value });
  }
  return bindings;
}

function splitPrefix(value: string): [prefix: string, rest: string] {
  const colon = value.indexOf(':');
  return colon === -1 ? ['', value] : [value.slice(0, colon), value.slice(colon + 1)];
}
