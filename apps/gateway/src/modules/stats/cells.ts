// Owns how much is read for one answer: of figures by all combinations of dimensions only the fields that can match, and
// of all no more than a page may cost. Pure.
import { ProblemError } from '../../platform/problem.ts';
import type { Projection } from '../usage/index.ts';
import type { Filters } from './filters.ts';

/** Fields that may be looked at for one answer. Combinations take longer: their names are read as well. */
const MOST_FIELDS = 1_000_000;
const MOST_CELLS = 1_500_000;
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
export function refuseTooMany(projection: Projection, count: number): void {
  if (count <= (projection === 'cell' ? MOST_CELLS : MOST_FIELDS)) return;
  throw new ProblemError(
    'validation_failed',
    'These are too many figures for one answer: shorten the range, group by a longer period, or take away a filter.',
    { errors: [{ path: 'from', message: 'give a later time' }] },
  );
}
