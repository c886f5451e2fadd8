import { expect, test } from 'vitest';
import { matchesAny, matchesWildcard } from './wildcard.ts';

test.each([
  ['claude-*', 'claude-opus-5-5', true],
  ['claude-*', 'gpt-5', false],
  ['*opus*', 'claude-opus-5-5', true],
  ['claude-opus-5-5', 'CLAUDE-OPUS-5-5', true],
  ['claude-opus-5-5', 'claude-opus-5-5-2', false],
  ['gpt-4.1*', 'gpt-4x1-mini', false],
  ['a(b)*', 'a(b)c', true],
  ['*', '', true],
])('%s on %s: %s', (pattern, text, matches) => {
  expect(matchesWildcard(pattern, text)).toBe(matches);
});

test('any of several', () => {
  expect(matchesAny(['x', 'claude-*'], 'claude-1')).toBe(true);
  expect(matchesAny([], 'claude-1')).toBe(false);
});
