import { expect, test } from 'vitest';
import { readVerdict, ruleOf } from './verdicts';

test.each([
  ['sticky session', { name: 'sticky', value: '' }],
  ['another account has the session', { name: 'stickyElsewhere', value: '' }],
  ['drawn by weight, the less used of two', { name: 'lessUsed', value: '' }],
  ['tried: rate_limited', { name: 'tried', value: 'rate_limited' }],
  ['claude-x is not in its models', { name: 'notListed', value: 'claude-x' }],
  ['serves only claude_code, not curl', { name: 'client', value: 'claude_code' }],
  ['it is on fire', null],
])('%s', (reason, expected) => {
  expect(readVerdict(reason)).toEqual(expected);
});

const candidate = (reason: string) => ({
  accountId: 'a',
  accountName: 'A',
  eligible: true,
  reason,
  score: null,
});
const at = (event: string) => ({ event, atMs: 0, detail: null });

test('the rule is that of the last choice', () => {
  const decision = { candidates: [candidate('sticky session')], chosen: 'a' };
  expect(ruleOf({ decision, timeline: [at('routed')] })).toBe('sticky');
  expect(ruleOf({ decision, timeline: [at('routed'), at('probes')] })).toBe('probe');
  expect(ruleOf({ decision, timeline: [at('routed'), at('probes'), at('routed')] })).toBe('sticky');
  expect(ruleOf({ decision: { ...decision, chosen: null }, timeline: [] })).toBeNull();
});
