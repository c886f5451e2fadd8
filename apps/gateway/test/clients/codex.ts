// Codex, headless: as a provider of one's own, and as its built-in one with another address.
import { join } from 'node:path';
import { type Client, SHELL_PROMPT, servedBy, standingIn, survivedOn } from './case.ts';
import { runProgram } from './program.ts';

const OWN = 'openai';
const BUILT_IN = 'its built-in provider';

export const codex: Client = {
  name: 'Codex',
  dialects: ['openai-responses'],
  toolPrompt: SHELL_PROMPT,
  shown: (text) => new RegExp(`^${text}$`, 'm'),
  trials: [
    { scenario: 'text', kind: OWN, succeeds: true, statuses: [200] },
    // Its WebSocket is declined once, then it asks the other way.
    { scenario: 'text', kind: OWN, way: BUILT_IN, succeeds: true, statuses: [426, 200] },
    { scenario: 'tool', kind: OWN, succeeds: true, statuses: [200, 200] },
    { scenario: 'wrongKey', kind: OWN, succeeds: false },
    { scenario: 'spent', kind: OWN, succeeds: false },
    ...survivedOn([OWN, 'claude-console', 'bedrock', 'gemini-api']),
    ...servedBy([OWN, 'codex', 'claude-console', 'bedrock', 'gemini-api'], ['thoughts']),
    ...servedBy(
      ['openai-responses', 'codex', 'azure-openai', 'claude-console', 'bedrock', 'gemini-api'],
      ['text', 'tool'],
    ),
    ...servedBy(['claude', 'gemini'], ['tool']),
    // It offers its newest models other tools than the rest: a program to write.
    ...standingIn('gpt-6.1-sol', ['claude-console', 'bedrock', 'gemini-api'], ['text', 'tool']),
  ],
  run: ({ cache, url, key, model, prompt, way }) =>
    runProgram({
      command: join(cache, 'node_modules/.bin/codex'),
      args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
      env: { [way === BUILT_IN ? 'CODEX_API_KEY' : 'RELAY_KEY']: key },
      files: { '.codex/config.toml': `model = "${model}"\n${providerAt(`${url}/openai/v1`, way)}` },
    }),
};

function providerAt(address: string, way: string | undefined): string {
  if (way === BUILT_IN) return `openai_base_url = "${address}"\n`;
  return `model_provider = "relay"
[model_providers.relay]
name = "relay"
base_url = "${address}"
env_key = "RELAY_KEY"
wire_api = "responses"
`;
}
