import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { recordingsOf } from '../../../test/recordings.ts';
import type { RequestFacts } from '../../protocols/protocol.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';
import { classifyOpenAi } from './classify-openai.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');
const facts: RequestFacts = {
  ...someFacts,
  dialect: 'openai-chat',
  model: 'gpt-6-luna',
  family: 'gpt-6-luna',
};

function error(code: string | null, message: string, type = 'invalid_request_error'): string {
  return JSON.stringify({ error: { message, type, param: null, code } });
}

function status(code: number, body: string, headers: Record<string, string> = {}): UpstreamFailure {
  return classifyOpenAi({ type: 'status', status: code, headers, body }, facts, nowMs);
}

function event(body: string, headers: Record<string, string> = {}): UpstreamFailure {
  return classifyOpenAi({ type: 'error-event', headers, body }, facts, nowMs);
}

const client: Partial<UpstreamFailure> = { fault: 'client', coolDownMs: null, accountState: null };
const service: Partial<UpstreamFailure> = { fault: 'service', coolDownMs: null, accountState: null };

test.each<[name: string, failure: UpstreamFailure, expected: Partial<UpstreamFailure>]>([
  [
    '400',
    status(400, error('unsupported_value', 'temperature must be 1')),
    { reason: 'invalid_request', retry: 'never', message: 'temperature must be 1', ...client },
  ],
  [
    '400, the prompt is too long',
    status(400, error('context_length_exceeded', 'Your input exceeds the context window')),
    { reason: 'invalid_request', retry: 'never', ...client },
  ],
  [
    '400, what a plan lacks',
    status(
      400,
      '{"detail":"The \'gpt-6-luna\' model is not supported when using Codex with a ChatGPT account."}',
    ),
    { reason: 'not_found', retry: 'other', deniesModel: true, ...client },
  ],
  [
    '400, a filter of Azure',
    status(
      400,
      JSON.stringify({
        error: {
          code: 'content_filter',
          message: 'The response was filtered',
          type: null,
          param: 'prompt',
          status: 400,
          innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} },
        },
      }),
    ),
    { reason: 'invalid_request', retry: 'never', message: 'The response was filtered', ...client },
  ],
  [
    '401',
    status(401, error('invalid_api_key', 'Incorrect API key provided')),
    { reason: 'credential_rejected', fault: 'account', retry: 'other', accountState: 'needs-login' },
  ],
  [
    '401, the account is closed',
    status(401, error('account_deactivated', 'deactivated')),
    { reason: 'permission_denied', fault: 'account', retry: 'other', accountState: 'blocked' },
  ],
  [
    '402',
    status(402, error('invalid_request_error', 'Insufficient Balance', 'unknown_error')),
    { reason: 'billing', fault: 'account', retry: 'other', accountState: 'blocked' },
  ],
  [
    '403, a model',
    status(403, error('model_not_found', 'Project `p` does not have access to model `gpt-6-luna`')),
    { reason: 'not_found', retry: 'other', deniesModel: true, ...client },
  ],
  [
    '403, a model without a code',
    status(403, error(null, 'You may not use gpt-6-luna')),
    { reason: 'permission_denied', retry: 'other', deniesModel: true, ...client },
  ],
  [
    '403, something else',
    status(403, error(null, 'You have no right to these files')),
    { reason: 'permission_denied', retry: 'other', ...client },
  ],
  [
    '403, the region',
    status(403, error('unsupported_country_region_territory', 'Country not supported')),
    {
      reason: 'permission_denied',
      fault: 'account',
      retry: 'other',
      accountState: null,
      coolDownMs: 600_000,
      coolDownScope: 'account',
    },
  ],
  ['403, a page', status(403, '<html>'), { reason: 'server_error', retry: 'other', ...service }],
  [
    '404, no such model',
    status(404, error('model_not_found', 'The model does not exist')),
    { reason: 'not_found', retry: 'other', deniesModel: true, ...client },
  ],
  [
    '404, no such deployment',
    status(404, '{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}'),
    { reason: 'not_found', retry: 'other', deniesModel: true, ...client },
  ],
  ['404, something else', status(404, error(null, 'Not found.')), { reason: 'not_found', ...client }],
  ['404, a page', status(404, '<html>404'), { reason: 'not_found', fault: 'account', retry: 'other' }],
  ['408', status(408, ''), { reason: 'timeout', retry: 'same', ...service }],
  ['409', status(409, error(null, 'x')), { reason: 'conflict', retry: 'never', ...client }],
  ['413', status(413, error(null, 'x')), { reason: 'too_large', retry: 'never', ...client }],
  ['422', status(422, '{"detail":[{"loc":["body"]}]}'), { reason: 'invalid_request', ...client }],
  ['500', status(500, error('server_error', 'x')), { reason: 'server_error', retry: 'same', ...service }],
  ['502, a page', status(502, '<html>'), { reason: 'server_error', retry: 'other', ...service }],
  ['503', status(503, ''), { reason: 'server_error', retry: 'other', ...service }],
  ['504', status(504, ''), { reason: 'timeout', retry: 'never', ...service }],
  [
    '503, busy',
    status(503, error('server_overloaded', 'busy', 'server_error')),
    { reason: 'overloaded', fault: 'service', retry: 'other', coolDownMs: 5000, coolDownScope: 'family' },
  ],
  [
    '503, busy in words only',
    status(503, error(null, 'The engine is currently overloaded, please try again later.')),
    { reason: 'overloaded', fault: 'service', coolDownMs: 5000 },
  ],
  [
    '429, busy and not a limit',
    status(429, error(null, 'The engine is currently overloaded, please try again later'), {
      'retry-after': '60',
    }),
    { reason: 'overloaded', fault: 'service', coolDownMs: 15_000 },
  ],
  [
    '429, Azure has no room',
    status(429, '{"error":{"code":"NoCapacity","message":"x"}}'),
    { reason: 'overloaded' },
  ],
])('%s', (_name, failure, expected) => {
  expect(failure).toMatchObject(expected);
  expect(failure.deniesModel).toBe(expected.deniesModel);
});

test.each(['insufficient_quota', 'organization_spend_limit_exceeded', 'billing_hard_limit_reached'])(
  'spent money (%s) blocks the account, whatever status it comes with',
  (code) => {
    for (const failure of [429, 403, 400].map((number) => status(number, error(code, 'no money')))) {
      expect(failure).toMatchObject({
        reason: 'billing',
        fault: 'account',
        retry: 'other',
        accountState: 'blocked',
        coolDownMs: null,
      });
    }
    // Where there is no code, the type says it.
    expect(status(429, error(null, 'no money', 'insufficient_quota')).accountState).toBe('blocked');
  },
);

const limited = 'Rate limit reached for gpt-6-luna on tokens per min (TPM): Limit 30000, Used 29000.';

test.each<[name: string, headers: Record<string, string>, message: string, coolDownMs: number]>([
  ['retry-after', { 'retry-after': '30' }, limited, 30_000],
  ['retry-after-ms, which is exact', { 'retry-after-ms': '1500', 'retry-after': '2' }, limited, 1500],
  ['a sentence', {}, `${limited} Please try again in 8.2s. Visit the site.`, 8200],
  ['a sentence with milliseconds', {}, `${limited} Please try again in 6ms.`, 6],
  ['a sentence with two units', {}, `${limited} Please try again in 1h2m30s.`, 3_750_000],
  ['a sentence of Azure', {}, 'Requests have exceeded. Please retry after 26 seconds.', 26_000],
  [
    'the sentence, which knows this request, before the reset of the whole window',
    { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m0s' },
    `${limited} Please try again in 8.2s.`,
    8200,
  ],
  [
    'the latest reset of the windows that are used up',
    {
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '90ms',
      'x-ratelimit-limit-tokens': '10',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m30s',
      'x-ratelimit-limit-other': '10',
      'x-ratelimit-remaining-other': '9',
      'x-ratelimit-reset-other': '1h',
    },
    limited,
    90_000,
  ],
  ['nothing known', {}, limited, 60_000],
])('a limit rests the model of the account by %s', (_name, headers, message, coolDownMs) => {
  expect(status(429, error('rate_limit_exceeded', message, 'tokens'), headers)).toMatchObject({
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    accountState: null,
    coolDownMs,
    coolDownScope: 'family',
  });
});

test('a request larger than the limit of a minute rests nobody', () => {
  const failure = status(
    429,
    error('rate_limit_exceeded', 'Request too large for gpt-6-luna: Limit 30000, Requested 50000.', 'tokens'),
  );
  expect(failure).toMatchObject({ reason: 'rate_limited', retry: 'other', ...client });
});

test.each<[name: string, fields: object, headers: Record<string, string>, coolDownMs: number]>([
  ['its seconds', { resets_in_seconds: 90, resets_at: nowMs / 1000 + 5 }, {}, 90_000],
  ['its time', { resets_at: nowMs / 1000 + 7200 }, {}, 7_200_000],
  [
    'the headers',
    {},
    {
      'x-codex-primary-used-percent': '40',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-after-seconds': '600',
      'x-codex-secondary-used-percent': '100',
      'x-codex-secondary-window-minutes': '10080',
      'x-codex-secondary-reset-after-seconds': '86400',
    },
    86_400_000,
  ],
  ['nothing known', {}, {}, 3_600_000],
])('the limit of a plan rests the whole account by %s', (_name, fields, headers, coolDownMs) => {
  const body = JSON.stringify({
    error: {
      type: 'usage_limit_reached',
      message: 'The usage limit has been reached',
      plan_type: 'pro',
      ...fields,
    },
  });
  const expected = {
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    accountState: null,
    coolDownMs,
    coolDownScope: 'account',
  };
  expect(status(429, body, headers)).toMatchObject(expected);
  expect(event(body, headers)).toMatchObject(expected);
});

test('the failed stream of the recording is a limit that says in its text when it ends', () => {
  const [recording] = recordingsOf('openai-responses-failed');
  const data = recording?.bytes.toString().match(/^data: (.*"type":"response\.failed".*)$/m)?.[1] ?? '';
  expect(event(data)).toMatchObject({
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    coolDownMs: 8200,
    coolDownScope: 'family',
  });
});

test.each<[body: string, reason: string, message: string]>([
  ['{"error":{"message":"a","type":"server_error","code":"server_error"}}', 'server_error', 'a'],
  [
    '{"type":"error","code":"server_error","message":"b","param":null,"sequence_number":3}',
    'server_error',
    'b',
  ],
  ['{"type":"error","code":"rate_limit_exceeded","message":"c"}', 'rate_limited', 'c'],
  ['{"type":"response.failed","response":{"error":{"code":"slow_down","message":"d"}}}', 'overloaded', 'd'],
  [
    '{"type":"response.failed","response":{"error":{"code":"invalid_prompt","message":"e"}}}',
    'invalid_request',
    'e',
  ],
  ['{"error":{"message":"f","type":"insufficient_quota","code":"insufficient_quota"}}', 'billing', 'f'],
  ['{"error":{"message":"g","code":429}}', 'rate_limited', 'g'],
  ['{"error":{"message":"h","code":"503"}}', 'server_error', 'h'],
  ['[{"error":{"message":"i","code":400}}]', 'invalid_request', 'i'],
  ['{"error":{"message":"j","type":"invalid_request_error","code":"brand_new"}}', 'invalid_request', 'j'],
  ['{"error":"k"}', 'server_error', 'k'],
  ['{"detail":"l"}', 'server_error', 'l'],
  ['{"statusCode":500,"message":"m"}', 'server_error', 'm'],
  ['null', 'server_error', 'HTTP 500 without an error this kind understands'],
  ['', 'server_error', 'HTTP 500 without an error this kind understands'],
  ['{"error":{"code":"constructor","message":"n"}}', 'server_error', 'n'],
])('an error in an answer with status 200: %s', (body, reason, message) => {
  expect(event(body)).toMatchObject({ reason, message });
});

test.each([
  'Unexpected value: Please try again in 9h.',
  'messages.0: slow down',
  'messages.0: Request too large for gpt-6-luna',
])('what a client wrote cannot rest an account: %s', (message) => {
  expect(status(400, error('invalid_value', message))).toMatchObject({ retry: 'never', ...client });
});

test('the vendor’s own word on trying again holds', () => {
  const header = (value: string) => ({ 'x-should-retry': value });
  expect(status(409, '', header('true')).retry).toBe('same');
  expect(status(500, '', header('false')).retry).toBe('never');
  // Of another account the vendor knows nothing.
  expect(status(429, error('rate_limit_exceeded', 'x'), header('false')).retry).toBe('other');
});

test('no answer is judged as for every kind', () => {
  const failure: FailedResponse = { type: 'cut', message: 'other side closed' };
  expect(classifyOpenAi(failure, facts, nowMs)).toMatchObject({
    reason: 'cut',
    fault: 'network',
    retry: 'same',
  });
});
