// Owns the rules of a new password, as the gateway applies them.
import { PASSWORD_MIN_LENGTH } from '@crs/shared';

export type PasswordRule = 'length' | 'notUsername' | 'notCurrent';

export interface PasswordFacts {
  next: string;
  current: string;
  username: string;
}

/** Each rule with its verdict; nothing is held against an empty field. */
export function checkPassword({
  next,
  current,
  username,
}: PasswordFacts): { rule: PasswordRule; met: boolean }[] {
  const same = (text: string) => next.toLowerCase() === text.toLowerCase();
  return [
    { rule: 'length', met: next.length >= PASSWORD_MIN_LENGTH },
    { rule: 'notUsername', met: next !== '' && !same(username) },
    { rule: 'notCurrent', met: next !== '' && next !== current },
  ];
}
