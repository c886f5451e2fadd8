// Claude Code, headless.
import { join } from 'node:path';
import { type Client, SHELL_PROMPT, type Scenario, servedBy, standingIn, survivedOn } from './case.ts';
import { runProgram } from './program.ts';

const OWN = 'claude-console';
const CONTEXT = '/context';
const DISCOVERY = 'model discovery';
const KEY_VARIABLES: Readonly<Record<string, string>> = { 'x-api-key': 'ANTHROPIC_API_KEY' };

/** After these it asks once more for the whole answer. */
const withoutStream: ReadonlySet<Scenario> = new Set(['cut', 'errorEvent']);

export const claudeCode: Client = {
  name: 'Claude Code',
  dialects: ['anthropic'],
  toolPrompt: SHELL_PROMPT,
  shown: (text) => new RegExp(`"result":"${text}"`),
  shownLists: /Context Usage/,
  trials: [
    { scenario: 'text', kind: OWN, way: 'bearer', succeeds: true, statuses: [200] },
    { scenario: 'text', kind: OWN, way: 'x-api-key', succeeds: true, statuses: [200] },
    { scenario: 'text', kind: OWN, way: 'stream-json', succeeds: true },
    // It lists the models beside.
    { scenario: 'text', kind: OWN, way: DISCOVERY, succeeds: true, statuses: [200, 200] },
    { scenario: 'tool', kind: OWN, succeeds: true, statuses: [200, 200] },
    { scenario: 'lists', kind: OWN, way: CONTEXT, succeeds: true },
    ...servedBy([OWN, 'bedrock', 'openai-responses', 'codex', 'gemini-api'], ['thoughts']),
    // What the gateway refuses for good is asked once, not ten times over minutes.
    { scenario: 'wrongKey', kind: OWN, succeeds: false, statuses: [401] },
    { scenario: 'spent', kind: OWN, succeeds: false, statuses: [402] },
    ...survivedOn([OWN, 'bedrock', 'openai', 'openai-responses', 'gemini-api']).map((trial) => ({
      ...trial,
      endsWithoutStream: withoutStream.has(trial.scenario),
    })),
    ...servedBy(['claude', 'ccr', 'bedrock', 'openai', 'openai-responses', 'gemini-api'], ['text', 'tool']),
    ...servedBy(['azure-openai', 'codex', 'gemini'], ['tool']),
    ...standingIn('claude-opus-5-5', ['openai', 'gemini-api'], ['text', 'tool']),
  ],
  run: ({ cache, url, key, model, prompt, way = 'bearer' }) =>
    runProgram({
      command: join(cache, 'node_modules/.bin/claude'),
      args: [
        '-p',
        way === CONTEXT ? CONTEXT : prompt,
        '--dangerously-skip-permissions',
        '--output-format',
        ...(way === 'stream-json' ? ['stream-json', '--verbose'] : ['json']),
      ],
      env: {
        ANTHROPIC_BASE_URL: `${url}/api`,
        [KEY_VARIABLES[way] ?? 'ANTHROPIC_AUTH_TOKEN']: key,
        ANTHROPIC_MODEL: model,
        ...(way === DISCOVERY ? { CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1' } : {}),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        IS_SANDBOX: '1',
      },
    }),
};
