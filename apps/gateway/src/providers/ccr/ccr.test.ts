// What the kind `ccr` does beside what every kind does: whose key goes where, and no circles.
import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { isCircling } from '../kit/relay-hops.ts';
import { createCcr } from './index.ts';

const ccr = createCcr({ bindHost: '10.0.0.7', port: 3000 });

function headersFor(settings: object, apiKey: string, headers: readonly string[] = []): string[] {
  const account = {
    id: 'a1',
    settings: ccr.account.settings.parse({ baseUrl: 'https://relay.example', ...settings }),
  };
  const prepared = ccr.prepare({ ...anthropicTestCall(null).call, headers }, account, { apiKey }).headers;
  return prepared.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${prepared[index + 1] ?? ''}`] : [],
  );
}

test.each([
  [{}, 'sk-ant-api03-1', 'x-api-key: sk-ant-api03-1'],
  [{}, 'cr_1', 'authorization: Bearer cr_1'],
  [{ auth: 'bearer' }, 'sk-ant-api03-1', 'authorization: Bearer sk-ant-api03-1'],
  [{ auth: 'x-api-key' }, 'cr_1', 'x-api-key: cr_1'],
])(
  'the key goes into the header that the account names, or that keys like it have: %j %s',
  (settings, key, expected) => {
    const credentials = headersFor(settings, key).filter((line) => /^(?:x-api-key|authorization)/.test(line));
    expect(credentials).toEqual([expected]);
  },
);

test.each([
  [[], '1'],
  [['X-Relay-Hops', '2'], '3'],
  [['x-relay-hops', 'many'], '5'],
])('each relay on the way is counted once: %j', (headers, hops) => {
  const told = headersFor({}, 'cr_1', headers).filter((line) => line.toLowerCase().startsWith('x-relay-'));
  expect(told).toEqual([`x-relay-hops: ${hops}`]);
});

test('a request that came through more than three relays is going round', () => {
  const hops = (value: string): boolean => isCircling(['accept', '*/*', 'X-Relay-Hops', value]);
  expect([isCircling([]), hops('1'), hops('3'), hops('4'), hops('x'), hops('-1')]).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  ['http://127.0.0.1:3000/api', false],
  ['http://localhost:3000', false],
  ['http://[::1]:3000/', false],
  ['http://10.0.0.7:3000/claude/v1', false],
  ['http://127.0.0.1:3001/api', true],
  ['https://127.0.0.1', true],
  ['https://relay.example:3000/api', true],
])('the address %s may be an upstream: %s', (baseUrl, may) => {
  expect(ccr.account.settings.safeParse({ baseUrl }).success).toBe(may);
});

test('an account without an address is none', () => {
  expect(ccr.account.settings.safeParse({}).success).toBe(false);
});

test.each([
  [{ error: { message: 'no money', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'no money'],
  [{ error: { code: 'insufficient_quota' } }, 'insufficient_quota'],
])('spent money in OpenAI’s words is the account’s: %j', (body, message) => {
  const failure = { type: 'status', status: 429, headers: {}, body: JSON.stringify(body) } as const;
  expect(ccr.classify(failure, someFacts, 0)).toMatchObject({
    reason: 'billing',
    fault: 'account',
    accountState: 'blocked',
    message,
  });
});
