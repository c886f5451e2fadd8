// Owns what a running request holds of the limits of its key: its reservation, and more of it before another attempt.
import type { Amounts } from '../modules/limits/index.ts';
import type { Admitted } from './admit.ts';

export interface Hold {
  /** Meters that count the request, for its ledger rows. */
  readonly counters: readonly string[];
  /** Reserved so far. */
  readonly reserved: Amounts;
  /** Makes room for another attempt beside what the earlier ones have cost; false where there is none. */
  cover(spent: Amounts): Promise<boolean>;
}

/** Of a call that takes nothing. */
export const nothingHeld: Hold = {
  counters: [],
  reserved: { usd: 0, tokens: 0 },
  cover: async () => true,
};

/** Every attempt may cost as much as the first: what the earlier ones have cost is reserved once more. */
export function holdOf({ claim, reservation }: Pick<Admitted, 'claim' | 'reservation'>): Hold {
  return claim === null ? nothingHeld : new ReservedHold(claim.reserve, reservation);
}

class ReservedHold implements Hold {
  readonly counters: readonly string[];
  readonly #first: Amounts;
  readonly #reservation: Admitted['reservation'];
  #covered: Amounts = { usd: 0, tokens: 0 };

  constructor(first: Amounts, reservation: Admitted['reservation']) {
    this.counters = reservation.counters;
    this.#first = first;
    this.#reservation = reservation;
  }

  get reserved(): Amounts {
    const { usd, tokens } = this.#covered;
    return { usd: this.#first.usd + usd, tokens: this.#first.tokens + tokens };
  }

  async cover(spent: Amounts): Promise<boolean> {
    const more = { usd: spent.usd - this.#covered.usd, tokens: spent.tokens - this.#covered.tokens };
    if (more.usd <= 0 && more.tokens <= 0) return true;
    if ((await this.#reservation.topUp(more)) !== null) return false;
    this.#covered = spent;
    return true;
  }
}
