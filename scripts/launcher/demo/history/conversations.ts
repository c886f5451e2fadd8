// What a request of the past sent and got: conversations grow, and what the account has read before is cached.
import type { LiveAccount } from '../../../../apps/gateway/src/modules/accounts/index.ts';
import type { ObservedUsage } from '../../../../apps/gateway/src/protocols/protocol.ts';
import { type Habit, timesOf } from '../habits.ts';
import { around, between, type Random } from '../random.ts';

/** Vendors that cache by themselves do it in such steps, from so many tokens on. */
const CACHE_STEP = 128;
const LEAST_CACHED = 1024;

/** One conversation, as it stands before its next request. */
export interface Talk {
  tokens: number;
  /** The account that has read it. */
  accountId: string | null;
}

export interface Exchange {
  readonly usage: ObservedUsage;
  readonly firstEventMs: number;
  readonly durationMs: number;
}

export class Conversations {
  readonly #random: Random;
  readonly #talks = new Map<number, Talk>();
  /** Key, account and model whose instructions are cached. */
  readonly #known = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  talk(id: number, habit: Habit): Talk {
    const known = this.#talks.get(id);
    if (known !== undefined) return known;
    const talk: Talk = { tokens: habit.systemTokens, accountId: null };
    this.#talks.set(id, talk);
    return talk;
  }

  end(id: number): void {
    this.#talks.delete(id);
  }

  /** Adds to the conversation. */
  exchange(
    talk: Talk,
    habit: Habit,
    { account, keyId, model }: { account: LiveAccount; keyId: string; model: string },
  ): Exchange {
    const { id, kind } = account.document;
    const added = Math.max(12, Math.round(around(habit.addedTokens, this.#random)));
    const answer = Math.max(8, Math.round(around(habit.answerTokens, this.#random)));
    const name = `${keyId} ${id} ${model}`;
    const isKnown = this.#known.has(name);
    this.#known.add(name);
    const cached = talk.accountId === id ? talk.tokens : isKnown ? habit.systemTokens : 0;
    const prompt = talk.tokens + added;
    talk.tokens = prompt + answer;
    talk.accountId = id;
    const times = timesOf(model, { unread: prompt - cached, answer }, this.#random);
    return {
      usage: { ...this.#input(habit, kind, model, cached, prompt), output: answer, webSearches: 0 },
      ...times,
    };
  }

  #input(
    { client }: Habit,
    kind: string,
    model: string,
    cached: number,
    prompt: number,
  ): Omit<ObservedUsage, 'output' | 'webSearches'> {
    const none = { cacheWrite5m: 0, cacheWrite1h: 0 };
    if (!model.startsWith('claude')) {
      const read = cached < LEAST_CACHED ? 0 : cached - (cached % CACHE_STEP);
      const unread = prompt - read;
      const written = model.startsWith('gpt') && prompt >= LEAST_CACHED ? unread - (unread % CACHE_STEP) : 0;
      return { ...none, input: unread - written, cacheWrite5m: written, cacheRead: read };
    }
    if (client === 'claude-code') {
      const input = Math.min(prompt - cached, Math.round(between(3, 60, this.#random)));
      const written = prompt - cached - input;
      const writes = kind === 'claude' ? { cacheWrite1h: written } : { cacheWrite5m: written };
      return { ...none, ...writes, input, cacheRead: cached };
    }
    // Programs that mark nothing for the cache.
    return { ...none, input: prompt, cacheRead: 0 };
  }
}
