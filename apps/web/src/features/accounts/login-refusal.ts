// Owns the reading of why a login at a vendor was not ended: the gateway tells it in a sentence. Pure.
import type { Problem } from '@crs/shared';

export interface LoginRefusal {
  name: 'other' | 'noCode' | 'notACode' | 'vendorSaid' | 'over' | 'refused';
  /** The vendor's own words. */
  quote: string | null;
  /** The page that was opened is used up: the code has to come from a new one. */
  isSpent: boolean;
}

const patterns = [
  ['other', /^it belongs to another login; use the page that was opened last$/],
  ['noCode', /^the address names no code$/],
  ['notACode', /^this is no code$/],
  ['vendorSaid', /^the vendor answered: (?<quote>.+)$/s],
  ['over', /^this login is over, was used already, or was begun by somebody else; begin it anew$/],
  [
    'refused',
    /^The login did not succeed: (?:The vendor did not accept the code: )?(?<quote>.+)\. Begin it anew$/s,
  ],
] as const satisfies readonly (readonly [LoginRefusal['name'], RegExp])[];

/** Null for a refusal that is not about the code. */
export function readLoginRefusal({
  errors = [],
  detail,
}: Pick<Problem, 'errors' | 'detail'>): LoginRefusal | null {
  for (const words of [...errors.map(({ message }) => message), detail]) {
    for (const [name, pattern] of patterns) {
      const match = pattern.exec(words);
      if (match === null) continue;
      // The vendor did not let the person in, so there is nothing to paste from that page either.
      const isSpent = name === 'vendorSaid' || name === 'over' || name === 'refused';
      return { name, quote: match.groups?.['quote'] ?? null, isSpent };
    }
  }
  return null;
}
