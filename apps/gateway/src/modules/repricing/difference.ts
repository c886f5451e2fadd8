// Owns adding up what changes: in all, by model and by key.
import { REPRICE_LINES, type RepriceMoney, type RepriceTotals } from '@crs/shared';
import type { AttemptRecord, RequestRecord } from '../usage/index.ts';

/** A request before and after it is priced again. */
export interface Change {
  /** As the index has it. */
  readonly member: string;
  readonly before: RequestRecord;
  readonly after: RequestRecord;
  /** Only those that change. */
  readonly attempts: readonly { readonly before: AttemptRecord; readonly after: AttemptRecord }[];
}

export function noTotals(): RepriceTotals {
  return { ...noMoney(), becamePriced: 0 };
}

function noMoney(): RepriceMoney {
  return {
    requests: 0,
    attempts: 0,
    oldCostNanoUsd: 0,
    newCostNanoUsd: 0,
    oldChargedNanoUsd: 0,
    newChargedNanoUsd: 0,
  };
}

export function addChange(totals: RepriceTotals, change: Change): void {
  addMoney(totals, change);
  totals.becamePriced += change.attempts.filter(
    ({ before, after }) => before.price.isFallback && !after.price.isFallback,
  ).length;
}

function addMoney(money: RepriceMoney, { attempts }: Change): void {
  money.requests += 1;
  money.attempts += attempts.length;
  for (const { before, after } of attempts) {
    money.oldCostNanoUsd += before.costNanoUsd;
    money.newCostNanoUsd += after.costNanoUsd;
    money.oldChargedNanoUsd += before.chargedNanoUsd;
    money.newChargedNanoUsd += after.chargedNanoUsd;
  }
}

/** Sums by some name, those with the greatest difference first. */
export class Breakdown {
  readonly #byName = new Map<string, RepriceMoney>();

  add(name: string, change: Change): void {
    const money = this.#byName.get(name) ?? noMoney();
    this.#byName.set(name, money);
    addMoney(money, change);
  }

  lines(): { name: string; money: RepriceMoney }[] {
    return [...this.#byName]
      .map(([name, money]) => ({ name, money }))
      .sort((one, other) => weightOf(other.money) - weightOf(one.money))
      .slice(0, REPRICE_LINES);
  }

  /** How many `lines` leaves out. */
  get more(): number {
    return Math.max(0, this.#byName.size - REPRICE_LINES);
  }
}

function weightOf({ oldChargedNanoUsd, newChargedNanoUsd }: RepriceMoney): number {
  return Math.abs(newChargedNanoUsd - oldChargedNanoUsd);
}
