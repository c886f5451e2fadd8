import { expect, test } from 'vitest';
import { addressOf, baseUrlSchema } from './base-url.ts';
import { forwardableHeaders, forwardableResponseHeaders, withoutKeyQuery } from './index.ts';
import { judge } from './judge.ts';
import { replaceModel } from './replace-model.ts';
import { retryAfterMs } from './retry-after.ts';
import { isClaimOnFamily, keyWindows, unifiedResetMs, unifiedWindows } from './windows.ts';

test('headers that tell of the client, its key or its network do not go on; all others do, in order and case', () => {
  const raw = [
    ['Host', 'relay.example'],
    ['User-Agent', 'claude-cli/2.1.329 (external, cli)'],
    ['Authorization', 'Bearer cr_1'],
    ['X-Api-Key', 'cr_1'],
    ['api-key', 'cr_1'],
    ['x-goog-api-key', 'cr_1'],
    ['Cookie', 'a=b'],
    ['anthropic-beta', 'one,two'],
    ['Anthropic-Version', '2026-10-21'],
    ['X-Stainless-Lang', 'js'],
    ['Content-Length', '5'],
    ['Transfer-Encoding', 'chunked'],
    ['Accept-Encoding', 'gzip'],
    ['Connection', 'keep-alive, X-Hop'],
    ['X-Hop', '1'],
    ['X-Forwarded-For', '10.0.0.1'],
    ['Forwarded', 'for=10.0.0.1'],
    ['X-Real-IP', '10.0.0.1'],
    ['CF-Connecting-IP', '10.0.0.1'],
    ['Via', '1.1 proxy'],
    ['Origin', 'https://app.example'],
    ['Sec-Fetch-Mode', 'cors'],
    ['anthropic-workspace-id', 'wrk_1'],
    ['x-claude-code-session-id', 's1'],
    ['anthropic-beta', 'three'],
    ['X-Brand-New', ''],
  ].flat();
  expect(forwardableHeaders(raw)).toEqual(
    [
      ['User-Agent', 'claude-cli/2.1.329 (external, cli)'],
      ['anthropic-beta', 'one,two'],
      ['Anthropic-Version', '2026-10-21'],
      ['X-Stainless-Lang', 'js'],
      ['x-claude-code-session-id', 's1'],
      ['anthropic-beta', 'three'],
      ['X-Brand-New', ''],
    ].flat(),
  );
});

test('of an answer the client sees neither the connection nor whose account it was', () => {
  expect(
    forwardableResponseHeaders({
      'content-type': 'text/event-stream',
      'request-id': 'req_1',
      'retry-after': '3',
      'anthropic-ratelimit-requests-limit': '4000',
      'x-should-retry': 'true',
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      'content-length': '10',
      'content-encoding': 'gzip',
      'set-cookie': ['__cf_bm=x'],
      'anthropic-organization-id': 'org',
      'anthropic-workspace-id': 'wrk',
      'x-request-id': 'theirs',
      'cf-ray': '1',
      via: '1.1 google',
      server: 'cloudflare',
      'alt-svc': 'h3',
      nel: '{}',
      'report-to': '{}',
    }),
  ).toEqual({
    'content-type': 'text/event-stream',
    'request-id': 'req_1',
    'retry-after': '3',
    'anthropic-ratelimit-requests-limit': '4000',
    'x-should-retry': 'true',
  });
});

test.each([
  ['', ''],
  ['?', ''],
  ['?beta=true', '?beta=true'],
  ['?key=cr_1', ''],
  ['?beta=true&key=cr_1', '?beta=true'],
  ['?key=cr_1&alt=sse&key=cr_2', '?alt=sse'],
  ['?%6bey=cr_1&a=%20b', '?a=%20b'],
  ['?monkey=1&keys=2&a=key', '?monkey=1&keys=2&a=key'],
  ['?bad=%zz&key=1', '?bad=%zz'],
  ['beta=true', '?beta=true'],
])('query %s goes on as %s', (query, expected) => {
  expect(withoutKeyQuery(query)).toBe(expected);
});

test.each([
  ['https://api.anthropic.com', 'https://api.anthropic.com', ''],
  ['https://api.anthropic.com/', 'https://api.anthropic.com', ''],
  ['https://api.anthropic.com/v1', 'https://api.anthropic.com', ''],
  ['https://api.anthropic.com/v1/', 'https://api.anthropic.com', ''],
  ['https://host.example:8443/anthropic/v1/messages', 'https://host.example:8443', '/anthropic'],
  ['http://127.0.0.1:9/as/one//', 'http://127.0.0.1:9', '/as/one'],
  ['https://host.example/v1/chat/completions', 'https://host.example', ''],
  ['https://host.example/x/v1/responses/', 'https://host.example', '/x'],
  ['https://host.example/v10', 'https://host.example', '/v10'],
  ['https://host.example/v1/proxy', 'https://host.example', '/v1/proxy'],
  ['https://host.example/v1/v1', 'https://host.example', '/v1'],
])('base URL %s is %s and %s', (baseUrl, origin, basePath) => {
  expect(addressOf(baseUrl)).toEqual({ origin, basePath });
});

test.each([
  'ftp://host.example',
  'host.example',
  'https://user:pass@host.example',
  'https://host.example/?a=1',
  'https://host.example/#x',
  '',
  5,
])('base URL %s is refused', (baseUrl) => {
  expect(baseUrlSchema('https://api.anthropic.com').safeParse(baseUrl).success).toBe(false);
});

test('without a base URL the built-in one holds', () => {
  expect(baseUrlSchema('https://api.anthropic.com').parse(undefined)).toBe('https://api.anthropic.com');
});

test.each([
  ['first member', '{"model":"a","max_tokens":1}', '{"model":"NEW","max_tokens":1}'],
  [
    'white space kept',
    '{\n  "max_tokens" : 1 ,\n  "model" :\t"a"\n}',
    '{\n  "max_tokens" : 1 ,\n  "model" :\t"NEW"\n}',
  ],
  [
    'nested ones left alone',
    '{"a":{"model":"x"},"b":[{"model":"y"}],"model":"a"}',
    '{"a":{"model":"x"},"b":[{"model":"y"}],"model":"NEW"}',
  ],
  [
    'text that looks like one',
    '{"x":"\\"model\\":\\"z\\"","model":"a"}',
    '{"x":"\\"model\\":\\"z\\"","model":"NEW"}',
  ],
  [
    'a value named model',
    '{"x":"model","y":["model"],"model":"a"}',
    '{"x":"model","y":["model"],"model":"NEW"}',
  ],
  ['braces in strings', '{"x":"}{][","model":"a"}', '{"x":"}{][","model":"NEW"}'],
  [
    'strings that end in backslashes',
    '{"x":"\\\\","y":"\\\\\\"","model":"a"}',
    '{"x":"\\\\","y":"\\\\\\"","model":"NEW"}',
  ],
  ['the last of several', '{"model":"a","model":"b"}', '{"model":"a","model":"NEW"}'],
  ['a name with escapes', '{"mod\\u0065l":"a"}', '{"mod\\u0065l":"NEW"}'],
  ['a value with escapes', '{"model":"a\\"b","z":1}', '{"model":"NEW","z":1}'],
  ['other letters', '{"x":"漢字é","model":"a"}', '{"x":"漢字é","model":"NEW"}'],
  ['none at all', '{"x":1}', '{"x":1}'],
])('the model is put in place: %s', (_name, body, expected) => {
  const replaced = replaceModel(Buffer.from(body), 'NEW').toString();
  expect(replaced).toBe(expected);
  expect(() => JSON.parse(replaced) as unknown).not.toThrow();
});

test('a model name with quotes stays one string', () => {
  const body = replaceModel(Buffer.from('{"model":"a","x":1}'), 'we"ird\\');
  expect(JSON.parse(body.toString())).toEqual({ model: 'we"ird\\', x: 1 });
});

test.each([
  [{ 'retry-after': '30' }, 30_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '86400' }, 86_400_000],
  [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
  [{ 'retry-after': 'Sat, 21 Nov 2026 05:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 04:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('retry-after %j is %s ms', (headers, expected) => {
  expect(retryAfterMs(headers, Date.parse('2026-11-21T05:00:00Z'))).toBe(expected);
});

const unified = 'anthropic-ratelimit-unified';

test('windows of a login: all that are named, whatever their names', () => {
  expect(
    unifiedWindows({
      [`${unified}-status`]: 'allowed',
      [`${unified}-reset`]: '1795251600',
      [`${unified}-representative-claim`]: 'five_hour',
      [`${unified}-5h-status`]: 'allowed',
      [`${unified}-5h-utilization`]: '0.42',
      [`${unified}-5h-reset`]: '1795251600',
      [`${unified}-7d_opus-utilization`]: '1.07',
      [`${unified}-overage-status`]: 'rejected',
      [`${unified}-overage-disabled-reason`]: 'org_level_disabled',
      'content-type': 'application/json',
    }),
  ).toEqual([
    { name: '5h', utilization: 0.42, resetsAtMs: 1_795_251_600_000 },
    { name: '7d_opus', utilization: 1.07, resetsAtMs: null },
  ]);
  expect(unifiedWindows({})).toEqual([]);
});

test('windows of a key: the share used, from limit and remaining', () => {
  expect(
    keyWindows({
      'anthropic-ratelimit-requests-limit': '4000',
      'anthropic-ratelimit-requests-remaining': '1000',
      'anthropic-ratelimit-requests-reset': '2026-11-21T05:00:01Z',
      'anthropic-ratelimit-input-tokens-limit': '2000000',
      'anthropic-ratelimit-priority-output-tokens-limit': '0',
      'anthropic-ratelimit-priority-output-tokens-remaining': '0',
    }),
  ).toEqual([
    { name: 'requests', utilization: 0.75, resetsAtMs: Date.parse('2026-11-21T05:00:01Z') },
    { name: 'input-tokens', utilization: null, resetsAtMs: null },
    { name: 'priority-output-tokens', utilization: null, resetsAtMs: null },
  ]);
});

test('the login rests until the latest of the windows that refused', () => {
  const both = {
    [`${unified}-reset`]: '100',
    [`${unified}-5h-status`]: 'rejected',
    [`${unified}-5h-reset`]: '200',
    [`${unified}-7d-status`]: 'rejected',
    [`${unified}-7d-reset`]: '300',
    [`${unified}-overage-status`]: 'rejected',
    [`${unified}-overage-reset`]: '900',
  };
  expect(unifiedResetMs(both)).toBe(300_000);
  expect(unifiedResetMs({ ...both, [`${unified}-7d-status`]: 'allowed' })).toBe(200_000);
  expect(unifiedResetMs({ [`${unified}-reset`]: '100' })).toBe(100_000);
  expect(unifiedResetMs({ [`${unified}-overage-reset`]: '900' })).toBe(900_000);
  expect(unifiedResetMs({})).toBeNull();
});

test('a claim holds for one family only where it names that family', () => {
  const claim = (text: string) => ({ [`${unified}-representative-claim`]: text });
  expect(isClaimOnFamily(claim('seven_day_opus'), 'opus')).toBe(true);
  expect(isClaimOnFamily(claim('seven_day_opus'), 'sonnet')).toBe(false);
  expect(isClaimOnFamily(claim('five_hour'), 'opus')).toBe(false);
  expect(isClaimOnFamily({}, 'opus')).toBe(false);
});

test.each([
  ['prompt is too long: 203456 tokens > 200000 maximum', true],
  ['input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000', true],
  ['Input is too long for requested model.', true],
  ['The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).', true],
  ['Your input exceeds the context window of this model.', true],
  ['messages.0: the client wrote "prompt is too long"', false],
])('a conversation that no longer fits has the code that clients look for: %s', (message, isTooLong) => {
  const { code } = judge('invalid_request', 'client', 'never', message);
  expect(code).toBe(isTooLong ? 'context_length_exceeded' : undefined);
});
