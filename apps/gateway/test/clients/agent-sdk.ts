// Claude Agent SDK, which brings its own Claude Code.
import { type Client, SHELL_PROMPT, servedBy } from './case.ts';
import { runSdk } from './sdk.ts';

const OWN = 'claude-console';

export const agentSdk: Client = {
  name: 'Claude Agent SDK',
  dialects: ['anthropic'],
  overload: 529,
  toolPrompt: SHELL_PROMPT,
  shown: (text) => new RegExp(`"text":"${text}"`),
  trials: [
    ...servedBy([OWN], ['text', 'tool']),
    { scenario: 'wrongKey', kind: OWN, succeeds: false },
    { scenario: 'spent', kind: OWN, succeeds: false },
    { scenario: 'limited', kind: OWN, succeeds: true },
    { scenario: 'overloaded', kind: OWN, succeeds: true },
    { scenario: 'cut', kind: OWN, succeeds: true },
    { scenario: 'errorEvent', kind: OWN, succeeds: true },
    ...servedBy(['openai', 'gemini-api', 'bedrock'], ['text', 'tool']),
  ],
  run: (order) =>
    runSdk('claude-agent', order, {
      ANTHROPIC_BASE_URL: `${order.url}/api`,
      ANTHROPIC_AUTH_TOKEN: order.key,
      IS_SANDBOX: '1',
    }),
};
