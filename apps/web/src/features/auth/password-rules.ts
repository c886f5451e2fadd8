// Owns the rules of a new password, as the gateway applies them.
export type PasswordRule = 'length' | 'notUsername' | 'notCurrent';

export interface PasswordFacts {
  next: string;
  current: string;
  username: string;
  /** In characters. */
  minimumLength: number;
}

/** Each rule with its verdict; nothing is held against an empty field. */
export function checkPassword({
  next,
  current,
  username,
  minimumLength,
}: PasswordFacts): { rule: PasswordRule; met: boolean }[] {
  const same = (text: string) => next.toLowerCase() === text.toLowerCase();
  return [
    { rule: 'length', met: next.length >= minimumLength },
    { rule: 'notUsername', met: next !== '' && !same(username) },
    { rule: 'notCurrent', met: next !== '' && next !== current },
  ];
}
