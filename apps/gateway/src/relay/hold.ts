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
  if (claim === null) return nothingHeld;
  let covered: Amounts = { usd: 0, tokens: 0 };
  return {
    counters: reservation.counters,
    get reserved() {
      return { usd: claim.reserve.usd + covered.usd, tokens: claim.reserve.tokens + covered.tokens };
    },
    async cover(spent) {
      const more = { usd: spent.usd - covered.usd, tokens: spent.tokens - covered.tokens };
      if (more.usd <= 0 && more.tokens <= 0) return true;
      if ((await reservation.topUp(more)) !== null) return false;
      covered = spent;
      return true;
    },
  };
}
