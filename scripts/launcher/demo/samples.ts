// The accounts, the group and the keys of the demo: enough variety that priorities, failover, limits, budgets, binds and
// tags can be seen.
import type { TrafficKey } from './traffic.ts';

const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'] as const;

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
    more: { priority: number; dailyUsd?: number; shared?: boolean },
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
      ...consoleAccount('Console, main', 'Takes most of the traffic', { priority: 10 }),
      isInGroup: true,
    },
    {
      ...consoleAccount('Console, second', 'Shares the traffic with the main one, up to a daily quota', {
        priority: 10,
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
        priority: 20,
        settings: {},
        credential: {
          accessToken: 'sk-ant-oat01-demo',
          refreshToken: 'sk-ant-ort01-demo',
          expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
        },
      },
      isInGroup: false,
    },
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
