import { expect, test } from 'vitest';
import { lackedBySubscription } from './subscription.ts';

test.each([
  ['claude-opus-5-5', true],
  ['claude-opus-5', true],
  ['claude-opus-4-5', true],
  ['claude-opus-4-5-20251101', true],
  ['claude-opus-4.7', true],
  ['opus', true],
  ['claude-opus-4-1', false],
  ['claude-opus-4-20250514', false],
  ['claude-3-opus-20240229', false],
  ['claude-sonnet-4-20250514', true],
])('a pro subscription and %s: %s', (model, has) => {
  expect(lackedBySubscription(model, 'pro') === null).toBe(has);
  expect(lackedBySubscription(model, 'max')).toBeNull();
  expect(lackedBySubscription(model, undefined)).toBeNull();
  expect(lackedBySubscription(model, 'free') === null).toBe(!model.includes('opus'));
});
