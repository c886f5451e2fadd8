import { expect, test } from 'vitest';
import { checkPassword } from './password-rules';

function unmet(next: string, current = 'old-password', username = 'administrator') {
  return checkPassword({ next, current, username, minimumLength: 10 })
    .filter(({ met }) => !met)
    .map(({ rule }) => rule);
}

test('a password needs ten characters and differs from user name and present password', () => {
  expect(unmet('ten-chars!')).toEqual([]);
  expect(unmet('nine-char')).toEqual(['length']);
  expect(unmet('Administrator')).toEqual(['notUsername']);
  expect(unmet('old-password')).toEqual(['notCurrent']);
  expect(unmet('')).toEqual(['length', 'notUsername', 'notCurrent']);
});
