import { expect, test } from 'vitest';
import { matchShortcut, type Shortcut } from './shortcuts';

const shortcut = (keys: string): Shortcut => ({ keys, name: 'help', run: () => {} });

test('a sequence needs its first key; the newest binding of the same keys wins', () => {
  const goKeys = shortcut('g k');
  const previous = shortcut('k');
  const newer = shortcut('k');
  const known = [goKeys, previous, newer];
  expect(matchShortcut(known, 'k', 'g')).toBe(goKeys);
  expect(matchShortcut(known, 'k', null)).toBe(newer);
  expect(matchShortcut(known, 'g', null)).toBeUndefined();
});
