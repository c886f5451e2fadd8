// Owns how the clients that the gateway recognises are called; product names are the same in every language.
import { type ClientId, clientIds } from '@crs/shared';

const names: Record<ClientId, string> = {
  claude_code: 'Claude Code',
  codex_cli: 'Codex CLI',
  gemini_cli: 'Gemini CLI',
  sillytavern: 'SillyTavern',
};

/** Choices for a form or a filter. */
export const clientChoices = clientIds.map((value) => ({ value, label: names[value] }));

/** Name of a client; what the gateway said where it is none of the known ones. */
export function clientName(client: string): string {
  return clientChoices.find(({ value }) => value === client)?.label ?? client;
}
