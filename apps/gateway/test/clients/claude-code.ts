// Claude Code, headless.
import { join } from 'node:path';
import { type Client, SHELL_PROMPT, servedBy, standingIn } from './case.ts';
import { runProgram } from './program.ts';

const OWN = 'claude-console';
const KEY_VARIABLES: Readonly<Record<string, string>> = { 'x-api-key': 'ANTHROPIC_API_KEY' };

export const claudeCode: Client = {
  name: 'Claude Code',
  dialects: ['anthropic'],
  overload: 529,
  toolPrompt: SHELL_PROMPT,
  shown: (text) => new RegExp(`"result":"${text}"`),
  trials: [
    { scenario: 'text', kind: OWN, way: 'bearer', succeeds: true, statuses: [200] },
    { scenario: 'text', kind: OWN, way: 'x-api-key', succeeds: true, statuses: [200] },
    { scenario: 'text', kind: OWN, way: 'stream-json', succeeds: true },
    { scenario: 'tool', kind: OWN, succeeds: true, statuses: [200, 200] },
    // What the gateway refuses for good is asked once, not ten times over minutes.
    { scenario: 'wrongKey', kind: OWN, succeeds: false, statuses: [401] },
    { scenario: 'spent', kind: OWN, succeeds: false, statuses: [402] },
    { scenario: 'limited', kind: OWN, succeeds: true },
    { scenario: 'overloaded', kind: OWN, succeeds: true },
    { scenario: 'cut', kind: OWN, succeeds: true, endsWithoutStream: true },
    { scenario: 'errorEvent', kind: OWN, succeeds: true, endsWithoutStream: true },
    ...servedBy(['claude', 'ccr', 'bedrock', 'openai', 'openai-responses', 'gemini-api'], ['text', 'tool']),
    ...servedBy(['azure-openai', 'codex', 'gemini'], ['tool']),
    ...standingIn('claude-opus-5-5', ['openai', 'gemini-api'], ['text', 'tool']),
  ],
  run: ({ cache, url, key, model, prompt, way = 'bearer' }) =>
    runProgram({
      command: join(cache, 'node_modules/.bin/claude'),
      args: [
        '-p',
        prompt,
        '--dangerously-skip-permissions',
        '--output-format',
        ...(way === 'stream-json' ? ['stream-json', '--verbose'] : ['json']),
      ],
      env: {
        ANTHROPIC_BASE_URL: `${url}/api`,
        [KEY_VARIABLES[way] ?? 'ANTHROPIC_AUTH_TOKEN']: key,
        ANTHROPIC_MODEL: model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        IS_SANDBOX: '1',
      },
    }),
};
