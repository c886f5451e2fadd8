import { expect, test } from 'vitest';
import { authoriseAddress, isModelAllowed } from './authorise.ts';
import { Refusal } from './refusal.ts';

type Key = Parameters<typeof isModelAllowed>[0];

function key(fields: Partial<Key>): Key {
  return { models: { mode: 'deny', list: [] }, ipAllow: [], clients: [], ...fields } as Key;
}

function refusalOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Refusal ? error.error.code : 'not a refusal';
  }
}

test.each([
  ['10.0.0.0/24', '10.0.0.77', true],
  ['10.0.0.0/24', '10.0.1.1', false],
  ['10.0.0.5', '10.0.0.5', true],
  ['10.0.0.5', '::ffff:10.0.0.5', true],
  ['2001:db8::/32', '2001:db8:1::9', true],
  ['2001:db8::/32', '10.0.0.5', false],
  ['::1', '::1', true],
  ['10.0.0.0/8', 'not an address', false],
])('a key for %s, asked from %s: %s', (range, address, isAllowed) => {
  expect(refusalOf(() => authoriseAddress(key({ ipAllow: [range] }), address))).toBe(
    isAllowed ? null : 'ip_not_allowed',
  );
});

test('a key without addresses may be used from anywhere', () => {
  expect(() => authoriseAddress(key({}), '203.0.113.9')).not.toThrow();
});

test.each([
  ['deny', [], 'claude-opus-5-5', true],
  ['deny', ['claude-opus-*'], 'claude-opus-5-5', false],
  ['deny', ['claude-opus-*'], 'claude-haiku-5-5', true],
  ['allow', ['claude-haiku-*', 'claude-sonnet-5-5'], 'claude-sonnet-5-5', true],
  ['allow', ['claude-haiku-*'], 'claude-sonnet-5-5', false],
  ['allow', [], 'claude-sonnet-5-5', true],
  ['allow', ['CLAUDE-HAIKU-*'], 'claude-haiku-5-5', true],
] as const)('%s %j: %s is allowed: %s', (mode, list, model, isAllowed) => {
  expect(isModelAllowed(key({ models: { mode, list: [...list] } }), model)).toBe(isAllowed);
});
