// How each sort of the demo's clients works: how long its conversations are and how much it sends and gets.
import type { SampleClient } from './clients.ts';
import { around, between, type Random } from './random.ts';

export interface Habit {
  readonly client: SampleClient;
  /** Requests of a conversation, at least and at most. */
  readonly turns: readonly [number, number];
  /** Mean time from one request to the next. */
  readonly pauseSeconds: number;
  /** Instructions and tools, the same in all conversations of a key. */
  readonly systemTokens: number;
  /** Mean of what a request adds to the conversation. */
  readonly addedTokens: number;
  /** Mean of what is answered. */
  readonly answerTokens: number;
  readonly streamShare: number;
}

export type HabitName = 'claude-code' | 'codex' | 'gemini-cli' | 'chat' | 'review' | 'search';

export const habits: Readonly<Record<HabitName, Habit>> = {
  'claude-code': {
    client: 'claude-code',
    turns: [4, 18],
    pauseSeconds: 35,
    systemTokens: 21_000,
    addedTokens: 3900,
    answerTokens: 680,
    streamShare: 0.97,
  },
  codex: {
    client: 'codex',
    turns: [3, 12],
    pauseSeconds: 40,
    systemTokens: 12_000,
    addedTokens: 4500,
    answerTokens: 950,
    streamShare: 1,
  },
  'gemini-cli': {
    client: 'gemini-cli',
    turns: [2, 9],
    pauseSeconds: 45,
    systemTokens: 7000,
    addedTokens: 3500,
    answerTokens: 650,
    streamShare: 0.9,
  },
  chat: {
    client: 'chat',
    turns: [1, 4],
    pauseSeconds: 50,
    systemTokens: 1500,
    addedTokens: 420,
    answerTokens: 240,
    streamShare: 0.85,
  },
  review: {
    client: 'review',
    turns: [1, 1],
    pauseSeconds: 1,
    systemTokens: 2200,
    addedTokens: 8000,
    answerTokens: 420,
    streamShare: 0.1,
  },
  search: {
    client: 'search',
    turns: [1, 1],
    pauseSeconds: 1,
    systemTokens: 1800,
    addedTokens: 1100,
    answerTokens: 160,
    streamShare: 0.5,
  },
};

export function turnsOf({ turns: [least, most] }: Habit, random: Random): number {
  return Math.floor(between(least, most + 1, random));
}

interface Speed {
  /** Until a stream's first event. */
  readonly firstEventMs: number;
  readonly tokensPerSecond: number;
}

const COMMON: Speed = { firstEventMs: 900, tokensPerSecond: 95 };
const speeds: readonly (readonly [RegExp, Speed])[] = [
  [/opus/u, { firstEventMs: 1100, tokensPerSecond: 62 }],
  [/sonnet/u, { firstEventMs: 750, tokensPerSecond: 84 }],
  [/haiku/u, { firstEventMs: 380, tokensPerSecond: 165 }],
  [/luna|flash/u, { firstEventMs: 420, tokensPerSecond: 190 }],
];

/** How long an answer takes; what the vendor has not read before takes it longest. */
export function timesOf(
  model: string,
  tokens: { readonly unread: number; readonly answer: number },
  random: Random,
): { firstEventMs: number; durationMs: number } {
  const { firstEventMs: mean, tokensPerSecond } = speeds.find(([name]) => name.test(model))?.[1] ?? COMMON;
  const firstEventMs = Math.round(around(mean, random) + tokens.unread * 0.02);
  const writingMs = (tokens.answer / tokensPerSecond) * 1000 * between(0.8, 1.3, random);
  return { firstEventMs, durationMs: firstEventMs + Math.max(5, Math.round(writingMs)) };
}
