// The accounts and keys of the demo: enough variety that priorities, failover, limits and tags can be seen.
import type { TrafficKey } from './traffic.ts';

const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'] as const;

interface SampleAccount {
  kind: string;
  body: object;
}

export function sampleAccounts(simulatorUrl: string): SampleAccount[] {
  const consoleAccount = (
    name: string,
    description: string,
    priority: number,
    baseUrl: string,
  ): SampleAccount => ({
    kind: 'claude-console',
    body: {
      name,
      description,
      priority,
      settings: { baseUrl, auth: 'x-api-key' },
      credential: { apiKey: `sk-ant-demo-${name.toLowerCase().replaceAll(/\W+/gu, '-')}` },
    },
  });
  return [
    consoleAccount('Console, main', 'Takes most of the traffic', 10, simulatorUrl),
    consoleAccount('Console, second', 'Shares the traffic with the main one', 10, simulatorUrl),
    consoleAccount('Console, reserve', 'Used when the others cool down', 50, simulatorUrl),
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
    },
  ];
}

interface SampleKey {
  body: object;
  traffic: Omit<TrafficKey, 'secret'>;
}

export function sampleKeys(): SampleKey[] {
  return [
    {
      body: { name: 'Claude Code, platform team', tags: ['platform', 'claude-code'] },
      traffic: { share: 4, models: MODELS, client: 'claude-code' },
    },
    {
      body: { name: 'Claude Code, mobile team', tags: ['mobile', 'claude-code'], concurrency: 5 },
      traffic: { share: 3, models: MODELS.slice(1), client: 'claude-code' },
    },
    {
      body: {
        name: 'Review bot',
        description: 'Comments on merge requests',
        tags: ['automation'],
        concurrency: 1,
      },
      traffic: { share: 2, models: MODELS.slice(0, 1), client: 'script' },
    },
    {
      body: { name: 'Support search', tags: ['support', 'production'] },
      traffic: { share: 3, models: MODELS.slice(2), client: 'script' },
    },
    {
      body: {
        name: 'Trial workshop',
        description: 'Switched off after the workshop',
        tags: ['trial'],
        enabled: false,
      },
      traffic: { share: 0.3, models: MODELS.slice(2), client: 'script' },
    },
  ];
}
