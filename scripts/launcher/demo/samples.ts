// The accounts, the group and the keys of the demo: enough variety that priorities, failover, limits, budgets, binds and
// tags can be seen.
import type { TrafficKey } from './traffic.ts';

const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'] as const;
const GPT = ['gpt-6.1-sol', 'gpt-6-luna'] as const;
const GEMINI = ['gemini-3.8-flash', 'gemini-3.1-pro-preview'] as const;
const LOGIN_LASTS_MS = 30 * 86_400_000;

interface SampleAccount {
  kind: string;
  body: object;
  /** A member of the sample group. */
  isInGroup: boolean;
}

export const sampleGroup = {
  name: 'Production',
  description: 'Kept for what customers wait for',
};

export function sampleAccounts(simulatorUrl: string): SampleAccount[] {
  const consoleAccount = (
    name: string,
    description: string,
    more: { priority: number; weight?: number; dailyUsd?: number; shared?: boolean },
  ) => ({
    kind: 'claude-console',
    body: {
      name,
      description,
      ...more,
      settings: { baseUrl: simulatorUrl, auth: 'x-api-key' },
      credential: { apiKey: `sk-ant-demo-${name.toLowerCase().replaceAll(/\W+/gu, '-')}` },
    },
  });
  return [
    {
      ...consoleAccount('Console, main', 'Takes most of the traffic', { priority: 10, weight: 6 }),
      isInGroup: true,
    },
    {
      ...consoleAccount('Console, second', 'Shares the traffic with the main one, up to a daily quota', {
        priority: 10,
        weight: 4,
        dailyUsd: 20,
      }),
      isInGroup: false,
    },
    {
      ...consoleAccount('Console, production', 'Answers only keys bound to its group', {
        priority: 10,
        shared: false,
      }),
      isInGroup: true,
    },
    {
      ...consoleAccount('Console, reserve', 'Used when the others cool down', { priority: 50 }),
      isInGroup: false,
    },
    {
      kind: 'claude',
      body: {
        name: 'Claude subscription',
        description: 'Serves Claude Code only',
        priority: 10,
        weight: 4,
        settings: {},
        credential: {
          accessToken: 'sk-ant-oat01-demo',
          refreshToken: 'sk-ant-ort01-demo',
          expiresAt: new Date(Date.now() + LOGIN_LASTS_MS).toISOString(),
        },
      },
      isInGroup: false,
    },
    ...otherVendors(simulatorUrl).map((account) => ({ ...account, isInGroup: false })),
  ];
}

/** One of every other kind. */
function otherVendors(simulatorUrl: string): Omit<SampleAccount, 'isInGroup'>[] {
  const expiresAt = new Date(Date.now() + LOGIN_LASTS_MS).toISOString();
  const account = (
    kind: string,
    name: string,
    share: { priority: number; weight: number },
    settings: object,
    credential: object,
  ): Omit<SampleAccount, 'isInGroup'> => ({ kind, body: { name, ...share, settings, credential } });
  return [
    account(
      'ccr',
      'Relay of the other office',
      { priority: 10, weight: 1 },
      { baseUrl: `${simulatorUrl}/ccr` },
      { apiKey: 'cr_demo' },
    ),
    account(
      'bedrock',
      'Bedrock, Frankfurt',
      { priority: 10, weight: 1 },
      { region: 'eu-central-1' },
      { bearerToken: 'bedrock-api-key-demo' },
    ),
    account('openai', 'OpenAI, main', { priority: 10, weight: 4 }, {}, { apiKey: 'sk-demo-openai' }),
    account(
      'openai-responses',
      'OpenAI, Responses only',
      { priority: 10, weight: 2 },
      {},
      { apiKey: 'sk-demo-responses' },
    ),
    account(
      'azure-openai',
      'Azure, Sweden',
      { priority: 10, weight: 2 },
      { endpoint: simulatorUrl, deployments: { 'gpt-6-luna': 'luna-prod' } },
      { apiKey: 'azure-demo' },
    ),
    account(
      'codex',
      'ChatGPT login',
      { priority: 10, weight: 4 },
      {},
      { accessToken: 'demo', accountId: 'account-demo', expiresAt },
    ),
    account('gemini-api', 'Gemini API', { priority: 10, weight: 1 }, {}, { apiKey: 'AIzaDemo' }),
    account(
      'gemini',
      'Code Assist login',
      // Its dialect is Gemini's in another wrapping: at the same priority, those that speak it barely come first.
      { priority: 5, weight: 1 },
      { projectId: 'demo-1' },
      { accessToken: 'ya29.demo', expiresAt },
    ),
  ];
}

interface SampleKey {
  body: object;
  traffic: Omit<TrafficKey, 'secret'>;
}

export function sampleKeys(groupId: string): SampleKey[] {
  return [
    {
      body: {
        name: 'Claude Code, platform team',
        tags: ['platform', 'claude-code'],
        budgets: [
          { every: 'day', usd: 2 },
          { every: 'month', usd: 30 },
          { every: 'week', usd: 5, models: ['claude-opus-*'] },
        ],
        weeklyReset: { day: 1, hour: 8 },
      },
      traffic: { share: 4, models: MODELS, client: 'claude-code' },
    },
    {
      body: {
        name: 'Claude Code, mobile team',
        tags: ['mobile', 'claude-code'],
        concurrency: 5,
        queue: { size: 20, waitSeconds: 30 },
        windows: [{ every: 'hour', count: 5, usd: 1 }],
        budgets: [{ every: 'week', usd: 8 }],
      },
      traffic: { share: 3, models: MODELS.slice(1), client: 'claude-code' },
    },
    {
      body: {
        name: 'Review bot',
        description: 'Comments on merge requests',
        tags: ['automation'],
        concurrency: 1,
        windows: [{ every: 'minute', count: 1, requests: 10 }],
        budgets: [{ every: 'day', usd: 0.25 }],
        budgetMode: 'strict',
      },
      traffic: { share: 2, models: MODELS.slice(0, 1), client: 'script' },
    },
    {
      body: {
        name: 'Support search',
        description: 'Billed on with a surcharge',
        tags: ['support', 'production'],
        binds: [{ groupId }],
        bindFallback: true,
        rates: { claude: 1.2 },
        windows: [{ every: 'minute', count: 1, requests: 120, tokens: 1_000_000 }],
        budgets: [{ every: 'month', usd: 1 }],
      },
      traffic: { share: 3, models: MODELS.slice(2), client: 'script' },
    },
    {
      body: {
        name: 'Codex, backend team',
        tags: ['backend', 'codex'],
        budgets: [{ every: 'day', usd: 2 }],
      },
      traffic: { share: 2, models: GPT, client: 'codex' },
    },
    {
      body: {
        name: 'Chat widget',
        description: 'Speaks OpenAI’s API, whoever answers',
        tags: ['production'],
        windows: [{ every: 'minute', count: 1, requests: 300 }],
        budgets: [{ every: 'month', usd: 50 }],
      },
      traffic: { share: 2, models: [...GPT, ...MODELS.slice(1), ...GEMINI], client: 'openai' },
    },
    {
      body: {
        name: 'Gemini CLI, data team',
        tags: ['data'],
        budgets: [{ every: 'week', usd: 4 }],
      },
      traffic: { share: 1.5, models: GEMINI, client: 'gemini' },
    },
    {
      body: {
        name: 'Trial workshop',
        description: 'Switched off after the workshop',
        tags: ['trial'],
        enabled: false,
        budgets: [{ every: 'total', usd: 5 }],
      },
      traffic: { share: 0.3, models: MODELS.slice(2), client: 'script' },
    },
  ];
}
