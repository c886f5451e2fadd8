import { expect, test } from 'vitest';
import { readLoginRefusal } from './login-refusal';

const field = (path: string, message: string) => ({
  errors: [{ path, message }],
  detail: `\`${path}\`: ${message}`,
});

test.each([
  [
    field('code', 'it belongs to another login; use the page that was opened last'),
    { name: 'other', quote: null, isSpent: false },
  ],
  [field('code', 'the address names no code'), { name: 'noCode', quote: null, isSpent: false }],
  [field('code', 'this is no code'), { name: 'notACode', quote: null, isSpent: false }],
  [
    field('code', 'the vendor answered: access_denied'),
    { name: 'vendorSaid', quote: 'access_denied', isSpent: true },
  ],
  [
    field('state', 'this login is over, was used already, or was begun by somebody else; begin it anew'),
    { name: 'over', quote: null, isSpent: true },
  ],
  [
    { detail: 'The login did not succeed: The vendor did not accept the code: invalid_grant. Begin it anew' },
    { name: 'refused', quote: 'invalid_grant', isSpent: true },
  ],
  [field('name', 'too long'), null],
])('%o', (problem, expected) => {
  expect(readLoginRefusal(problem)).toEqual(expected);
});
