import { expect, test } from 'vitest';
import { nextInLine, readVerdict, ruleOf } from './verdicts';

test.each([
  ['sticky session', { name: 'sticky', values: {} }],
  ['another account has the session', { name: 'stickyElsewhere', values: {} }],
  ['drawn by weight, the less used of two', { name: 'lessUsed', values: {} }],
  ['tried: rate_limited', { name: 'tried', values: { value: 'rate_limited' } }],
  ['claude-x is not in its models', { name: 'notListed', values: { value: 'claude-x' } }],
  ['serves only claude_code, not curl', { name: 'client', values: { clients: 'claude_code' } }],
  ['the address asks for gemini', { name: 'address', values: { service: 'gemini' } }],
  [
    'has no count_tokens for anthropic clients',
    { name: 'operation', values: { operation: 'count_tokens', dialect: 'anthropic' } },
  ],
  ['cannot be asked for tools.0.type', { name: 'notSayable', values: { value: 'tools.0.type' } }],
  ['its token has ended and could not be renewed', { name: 'tokenEnded', values: {} }],
  ['its token was refused and could not be renewed', { name: 'tokenRefused', values: {} }],
  ['there is no deployment of gpt-5', { name: 'noDeployment', values: { value: 'gpt-5' } }],
  [
    'llama-4 is not a model of OpenAI; another host needs its base URL',
    { name: 'notOfVendor', values: { value: 'llama-4' } },
  ],
  ['a free subscription has no Opus', { name: 'noOpus', values: {} }],
  ['a pro subscription has Opus 4.5 and later only', { name: 'newerOpus', values: { value: '4.5' } }],
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

test('next in line are those of the same priority, then those of the following, then nobody', () => {
  const named = (accountName: string, reason: string, eligible = true) => ({
    accountId: accountName,
    accountName,
    eligible,
    reason,
    score: null,
  });
  const chosen = named('a', 'drawn by weight, the less used of two');
  const same = [named('b', 'drawn, but was used more lately'), named('c', 'not drawn this time')];
  const lower = named('d', 'lower priority');
  const tired = named('e', 'tried: rate_limited', false);
  expect(nextInLine({ candidates: [chosen, ...same, lower, tired], chosen: 'a' })).toEqual(['b', 'c']);
  expect(nextInLine({ candidates: [chosen, lower, tired], chosen: 'a' })).toEqual(['d']);
  expect(nextInLine({ candidates: [chosen, tired], chosen: 'a' })).toEqual([]);
  expect(nextInLine({ candidates: [named('a', 'sticky session')], chosen: 'a' })).toBeNull();
});
