// The accounts and groups of the demo, and a price of its own: enough variety that priorities, failover, quotas and binds
// can be seen.

const DAY_MS = 86_400_000;
const LOGIN_LASTS_MS = 30 * DAY_MS;
/** Names that the past of the demo knows. */
export const FAILED_ACCOUNT = 'Console, main';
export const PAUSED_ACCOUNT = 'Console, old contract';
export const PAUSED_DAYS_AGO = 11;
/** Out of quota for a while. */
export const RESTING_ACCOUNT = 'Relay of the other office';
export const RESTING_API_KEY = 'cr_demo';

interface SampleAccount {
  kind: string;
  body: object;
  group: SampleGroup | null;
}

export const sampleGroups = {
  production: { name: 'Production', description: 'Kept for what customers wait for' },
  engineering: { name: 'Engineering', description: 'For the development teams' },
} as const;
export type SampleGroup = keyof typeof sampleGroups;

/** As agreed with the vendor, for ten days now. */
export function samplePrices(nowMs: number): object {
  return {
    overrides: [
      {
        model: 'gpt-6.1-sol',
        provider: 'openai',
        from: new Date(nowMs - 10 * DAY_MS).toISOString(),
        usdPerMTok: { input: 1.8, output: 9, cacheRead: 0.09 },
        note: 'Framework agreement, 10% off',
      },
    ],
  };
}

export function sampleAccounts(simulatorUrl: string): SampleAccount[] {
  const consoleAccount = (
    name: string,
    description: string,
    more: { priority: number; weight?: number; dailyUsd?: number; shared?: boolean; enabled?: boolean },
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
      ...consoleAccount(FAILED_ACCOUNT, 'Takes most of the traffic', { priority: 10, weight: 6 }),
      group: 'engineering',
    },
    {
      ...consoleAccount('Console, second', 'Shares the traffic with the main one, up to a daily quota', {
        priority: 10,
        weight: 4,
        dailyUsd: 60,
      }),
      group: null,
    },
    {
      ...consoleAccount('Console, production', 'Answers only keys bound to its group', {
        priority: 10,
        shared: false,
      }),
      group: 'production',
    },
    {
      ...consoleAccount('Console, reserve', 'Used when the others cool down', { priority: 50 }),
      group: 'production',
    },
    {
      ...consoleAccount(PAUSED_ACCOUNT, 'Switched off when the new contract began', {
        priority: 10,
        weight: 4,
        enabled: false,
      }),
      group: null,
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
      group: 'engineering',
    },
    ...otherVendors(simulatorUrl).map((account) => ({ ...account, group: null })),
  ];
}

/** One of every other kind. */
function otherVendors(simulatorUrl: string): Omit<SampleAccount, 'group'>[] {
  const expiresAt = new Date(Date.now() + LOGIN_LASTS_MS).toISOString();
  const account = (
    kind: string,
    name: string,
    share: { priority: number; weight: number },
    settings: object,
    credential: object,
  ): Omit<SampleAccount, 'group'> => ({ kind, body: { name, ...share, settings, credential } });
  return [
    account(
      'ccr',
      RESTING_ACCOUNT,
      { priority: 10, weight: 1 },
      { baseUrl: `${simulatorUrl}/ccr` },
      { apiKey: RESTING_API_KEY },
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
