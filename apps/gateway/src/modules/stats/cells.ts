// Owns what is read of figures by all combinations of dimensions: only the fields that can match, and no more than a page
// may cost. Pure.
import { ProblemError } from '../../platform/problem.ts';
import type { Filters } from './filters.ts';

/** Fields that may be looked at for one answer. */
const MOST_CELLS = 300_000;
/** Of more members, all fields are looked at. */
const MOST_NEEDLES = 20;

/** Whether a field can be of what the filters name, by its text alone; null where they narrow nothing. */
export function cellFilter({ members }: Filters): ((field: string) => boolean) | null {
  const needles = [...members.values()]
    .filter((some) => some.size <= MOST_NEEDLES)
    .map((some) => [...some].map((member) => (member === '' ? '' : JSON.stringify(member))));
  if (needles.length === 0) return null;
  return (field) => needles.every((some) => some.some((needle) => field.includes(needle)));
}

/** Throws ProblemError. */
export function refuseTooManyCells(count: number): void {
  if (count <= MOST_CELLS) return;
  throw new ProblemError(
    'validation_failed',
    'Figures by two or more of key, user, account, model, kind and tag are too many in this range: shorten it, or take away a filter.',
    { errors: [{ path: 'from', message: 'give a later time, or fewer filters' }] },
  );
}
