import { expect, test } from 'vitest';
import { recogniseClient } from './recognise-client.ts';

test.each([
  ['claude-cli/2.1.329 (external, sdk-cli)', 'claude_code'],
  ['claude-cli/2.1.329 (external, sdk-ts, agent-sdk/0.3.329)', 'claude_code'],
  ['claude-code/2.1.329', 'claude_code'],
  ['codex_exec/0.169.0 (Linux 1.0.0; x86_64) xterm (codex_exec; 0.169.0)', 'codex_cli'],
  ['codex_cli_rs/0.99.0 (Mac OS 15.0; arm64)', 'codex_cli'],
  ['GeminiCLI-tui/0.61.0/gemini-2.5-pro (linux; x64; terminal)', 'gemini_cli'],
  ['GeminiCLI/0.20.0/gemini-2.5-pro (linux; x64)', 'gemini_cli'],
  ['SillyTavern/1.14.0', 'sillytavern'],
  ['Anthropic/JS 1.11.0', 'Anthropic/JS'],
  ['OpenAI/JS 7.55.0', 'OpenAI/JS'],
  ['ai/7.0.173 ai-sdk-provider-utils/5.0.81 runtime/node.js/24', 'ai'],
  ['curl/8.5.0', 'curl'],
  ['python-httpx/0.28.1', 'python-httpx'],
  // A name that merely contains a known one is not that client.
  ['not-claude-cli/1.0', 'not-claude-cli'],
  ['', 'unknown'],
  ['<script>alert(1)</script>', 'unknown'],
])('%s -> %s', (userAgent, client) => {
  expect(recogniseClient({ 'user-agent': userAgent })).toBe(client);
});

test('a front end of Codex is told by its originator', () => {
  expect(recogniseClient({ 'user-agent': 'Electron/33', originator: 'codex_vscode' })).toBe('codex_cli');
});

test('no user agent is unknown, an endless one is cut', () => {
  expect(recogniseClient({})).toBe('unknown');
  expect(recogniseClient({ 'user-agent': 'a'.repeat(500) })).toHaveLength(40);
});
