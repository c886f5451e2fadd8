// Owns what tests of keys give them of other modules: accounts that exist, and uses that a test sets.
import type { LimitState } from '@crs/shared';
import { usageOf } from '../../../test/admin-context.ts';
import type { BudgetedKey } from './key-figures.ts';
import type { KeysDependencies } from './keys.service.ts';

type Surroundings = Pick<KeysDependencies, 'bindsExist' | 'figuresOf' | 'budgetStates' | 'dayStartMs'>;

const DAY_MS = 86_400_000;

export interface TestUses {
  /** Requests in all, by id; each costs a dollar. */
  readonly requests: Map<string, number>;
  /** Share of its budgets that is gone, by id. */
  readonly budgetShares: Map<string, number>;
  /** Keys whose figures, whose budgets were asked for, call by call. */
  readonly asked: { figures: string[][]; budgets: string[][] };
}

export function noUses(): TestUses {
  return { requests: new Map(), budgetShares: new Map(), asked: { figures: [], budgets: [] } };
}

/** The account `gone` is the only one that does not exist. Days are those of UTC. */
export function surroundings(uses: TestUses = noUses()): Surroundings {
  return {
    bindsExist: async (binds) => binds.map((bind) => 'groupId' in bind || bind.accountId !== 'gone'),
    figuresOf: async (ids) => {
      uses.asked.figures.push([...ids]);
      return ids.map((id) => {
        const { today, total } = usageOf(uses.requests.get(id) ?? 0);
        return { today, total: { ...total, costNanoUsd: total.requests * 1_000_000_000 } };
      });
    },
    budgetStates: async (keys) => {
      uses.asked.budgets.push(keys.map(({ id }) => id));
      return keys.map((key) => stateOf(key, uses.budgetShares.get(key.id) ?? 0));
    },
    dayStartMs: (atMs) => atMs - (atMs % DAY_MS),
  };
}

function stateOf({ budgets }: BudgetedKey, share: number): LimitState[] {
  return budgets.map(({ every, usd }) => {
    const max = usd * 1_000_000_000;
    return { limit: 'budget', every, owner: 'key', max, used: share * max, held: 0, resetsAt: null };
  });
}
