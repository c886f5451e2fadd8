// The keys of the demo, of teams and of programs, and what each is used for.
import type { HabitName } from './habits.ts';
import type { SampleGroup } from './samples.ts';

const CODING = { 'claude-opus-5-5': 3, 'claude-sonnet-5-5': 6, 'claude-haiku-5-5': 1.5 } as const;
const GPT = { 'gpt-6.1-sol': 5, 'gpt-6.1-terra': 2, 'gpt-6-luna': 1 } as const;
const GEMINI = { 'gemini-3.8-flash': 3, 'gemini-3.1-pro-preview': 2 } as const;
const DAY_MS = 86_400_000;

export interface SampleTraffic {
  readonly habit: HabitName;
  /** By weight. */
  readonly models: Readonly<Record<string, number>>;
  /** Requests in its busiest hour these days. */
  readonly perHour: number;
  /** `team`: people at work. `service`: customers, at any time. */
  readonly rhythm: 'team' | 'service';
  /** Used from then, and until then; absent: all the time. */
  readonly fromDaysAgo?: number;
  readonly untilDaysAgo?: number;
}

export interface SampleKey {
  readonly name: string;
  readonly body: object;
  readonly group?: SampleGroup;
  readonly traffic: SampleTraffic;
  /** Made so long ago. */
  readonly ageDays: number;
  /** Gets a total budget of which so much is used when the demo begins. */
  readonly usedShare?: number;
}

/** The first one is shown to be tried. */
export function sampleKeys(nowMs: number): SampleKey[] {
  return [
    {
      name: 'Claude Code, platform team',
      body: {
        tags: ['platform', 'claude-code', 'engineering'],
        budgets: [
          { every: 'day', usd: 60 },
          { every: 'month', usd: 320 },
          { every: 'week', usd: 120, models: ['claude-opus-*'] },
        ],
        weeklyReset: { day: 1, hour: 8 },
      },
      traffic: { habit: 'claude-code', models: CODING, perHour: 30, rhythm: 'team' },
      ageDays: 121,
    },
    {
      name: 'Claude Code, mobile team',
      body: {
        tags: ['mobile', 'claude-code', 'engineering'],
        concurrency: 5,
        queue: { size: 20, waitSeconds: 30 },
        windows: [{ every: 'hour', count: 5, usd: 40 }],
        budgets: [{ every: 'week', usd: 60 }],
      },
      group: 'engineering',
      traffic: {
        habit: 'claude-code',
        models: { 'claude-sonnet-5-5': 7, 'claude-haiku-5-5': 2 },
        perHour: 18,
        rhythm: 'team',
      },
      ageDays: 94,
    },
    {
      name: 'Codex, backend team',
      body: { tags: ['backend', 'codex', 'engineering'], budgets: [{ every: 'month', usd: 120 }] },
      traffic: { habit: 'codex', models: GPT, perHour: 16, rhythm: 'team' },
      ageDays: 76,
    },
    {
      name: 'Gemini CLI, data team',
      body: { tags: ['data', 'gemini-cli'], budgets: [{ every: 'week', usd: 24 }] },
      traffic: { habit: 'gemini-cli', models: GEMINI, perHour: 8, rhythm: 'team' },
      ageDays: 63,
    },
    {
      name: 'Review bot',
      body: {
        description: 'Comments on merge requests',
        tags: ['automation', 'ci'],
        concurrency: 3,
        windows: [{ every: 'minute', count: 1, requests: 10 }],
        budgets: [{ every: 'day', usd: 20 }],
        budgetMode: 'strict',
      },
      traffic: { habit: 'review', models: { 'claude-opus-5-5': 1 }, perHour: 9, rhythm: 'team' },
      ageDays: 88,
    },
    {
      name: 'Support search',
      body: {
        description: 'Billed on with a surcharge',
        tags: ['support', 'production'],
        bindFallback: true,
        rates: { claude: 1.2 },
        windows: [{ every: 'minute', count: 1, requests: 120, tokens: 1_000_000 }],
        budgets: [{ every: 'month', usd: 6 }],
      },
      group: 'production',
      traffic: { habit: 'search', models: { 'claude-haiku-5-5': 1 }, perHour: 9, rhythm: 'service' },
      ageDays: 102,
    },
    {
      name: 'Chat widget',
      body: {
        description: 'Speaks OpenAI’s API, whoever answers',
        tags: ['website', 'production'],
        windows: [{ every: 'minute', count: 1, requests: 300 }],
        budgets: [{ every: 'month', usd: 15 }],
      },
      traffic: {
        habit: 'chat',
        models: {
          'gpt-6-luna': 6,
          'gpt-6.1-terra': 2,
          'claude-haiku-5-5': 2,
          'claude-sonnet-5-5': 1,
          'gemini-3.8-flash': 2,
        },
        perHour: 10,
        rhythm: 'service',
      },
      ageDays: 57,
    },
    {
      name: 'Claude Code, contractors',
      body: {
        description: 'A fixed budget for the whole of the work',
        tags: ['external', 'claude-code'],
        models: { mode: 'allow', list: ['claude-sonnet-*', 'claude-haiku-*'] },
      },
      group: 'engineering',
      traffic: {
        habit: 'claude-code',
        models: { 'claude-sonnet-5-5': 8, 'claude-haiku-5-5': 1 },
        perHour: 9,
        rhythm: 'team',
        fromDaysAgo: 26,
      },
      ageDays: 27,
      usedShare: 0.93,
    },
    {
      name: 'Release notes, product team',
      body: {
        tags: ['product'],
        expiration: { at: new Date(nowMs + 4 * DAY_MS).toISOString() },
      },
      traffic: {
        habit: 'chat',
        models: { 'gpt-6.1-sol': 2, 'claude-opus-5-5': 3 },
        perHour: 6,
        rhythm: 'team',
        fromDaysAgo: 24,
      },
      ageDays: 26,
      usedShare: 0.84,
    },
    {
      name: 'Trial workshop',
      body: { description: 'Switched off after the workshop', tags: ['trial'], enabled: false },
      traffic: {
        habit: 'claude-code',
        models: { 'claude-haiku-5-5': 1, 'claude-opus-5-5': 1 },
        perHour: 30,
        rhythm: 'team',
        fromDaysAgo: 13,
        untilDaysAgo: 9,
      },
      ageDays: 14,
      usedShare: 0.97,
    },
  ];
}
