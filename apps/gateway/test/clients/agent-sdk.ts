// Claude Agent SDK, which brings its own Claude Code.
import { type Client, SHELL_PROMPT, servedBy, survivedOn } from './case.ts';
import { runSdk } from './sdk.ts';

const OWN = 'claude-console';

export const agentSdk: Client = {
  name: 'Claude Agent SDK',
  dialects: ['anthropic'],
  toolPrompt: SHELL_PROMPT,
  shown: (text) => new RegExp(`"text":"${text}"`),
  trials: [
    ...servedBy([OWN], ['text', 'tool']),
    { scenario: 'wrongKey', kind: OWN, succeeds: false },
    { scenario: 'spent', kind: OWN, succeeds: false },
    ...survivedOn([OWN, 'openai']),
    ...servedBy(['openai', 'gemini-api', 'bedrock'], ['text', 'tool']),
  ],
  run: (order) =>
    runSdk('claude-agent', order, {
      ANTHROPIC_BASE_URL: `${order.url}/api`,
      ANTHROPIC_AUTH_TOKEN: order.key,
      IS_SANDBOX: '1',
    }),
};
