import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import type { FailedResponse, UpstreamFailure } from '../provider.ts';
import { classifyAnthropic } from './classify-anthropic.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');
const unified = 'anthropic-ratelimit-unified';

function error(type: string, message: string, code?: string): string {
  return JSON.stringify({
    type: 'error',
    error: { type, message, ...(code === undefined ? {} : { details: { error_code: code } }) },
    request_id: 'req_1',
  });
}

function status(code: number, body: string, headers: Record<string, string> = {}): UpstreamFailure {
  return classifyAnthropic({ type: 'status', status: code, headers, body }, someFacts, nowMs);
}

const client: Partial<UpstreamFailure> = { fault: 'client', coolDownMs: null, accountState: null };
const service: Partial<UpstreamFailure> = { fault: 'service', coolDownMs: null, accountState: null };

test.each<[name: string, failure: UpstreamFailure, expected: Partial<UpstreamFailure>]>([
  [
    '400',
    status(400, error('invalid_request_error', 'messages.0: bad')),
    { reason: 'invalid_request', retry: 'never', message: 'messages.0: bad', ...client },
  ],
  [
    '401',
    status(401, error('authentication_error', 'invalid x-api-key')),
    {
      reason: 'credential_rejected',
      fault: 'account',
      retry: 'other',
      accountState: 'needs-login',
      coolDownMs: null,
    },
  ],
  [
    '402',
    status(402, error('billing_error', 'no credit')),
    { reason: 'billing', fault: 'account', retry: 'other', accountState: 'blocked' },
  ],
  [
    '403',
    status(403, error('permission_error', 'not allowed to use that model')),
    { reason: 'permission_denied', retry: 'other', ...client },
  ],
  [
    '403, organisation disabled',
    status(403, error('permission_error', 'This organization has been disabled.')),
    { reason: 'permission_denied', fault: 'account', retry: 'other', accountState: 'blocked' },
  ],
  [
    '403, login revoked',
    status(403, error('permission_error', 'OAuth token has been revoked. Please obtain a new token.')),
    { reason: 'credential_rejected', fault: 'account', retry: 'other', accountState: 'needs-login' },
  ],
  [
    '403, a page',
    status(403, '<html>Attention Required! | Cloudflare</html>'),
    { reason: 'server_error', retry: 'other', ...service },
  ],
  [
    '404',
    status(404, error('not_found_error', 'model: claude-x')),
    { reason: 'not_found', retry: 'other', ...client },
  ],
  ['404, a page', status(404, '<html>404</html>'), { reason: 'not_found', fault: 'account', retry: 'other' }],
  ['405', status(405, ''), { reason: 'invalid_request', retry: 'never', ...client }],
  ['408', status(408, ''), { reason: 'timeout', retry: 'same', ...service }],
  ['409', status(409, error('conflict_error', 'x')), { reason: 'conflict', retry: 'never', ...client }],
  ['413', status(413, error('request_too_large', 'x')), { reason: 'too_large', retry: 'never', ...client }],
  [
    '413, a page of the edge',
    status(413, '<html>413 Payload Too Large</html>'),
    { reason: 'too_large', retry: 'never', ...client },
  ],
  [
    '500',
    status(500, error('api_error', 'Internal server error')),
    { reason: 'server_error', retry: 'same', ...service },
  ],
  ['502', status(502, '<html>502</html>'), { reason: 'server_error', retry: 'other', ...service }],
  ['503', status(503, ''), { reason: 'server_error', retry: 'other', ...service }],
  [
    '522',
    status(522, '<html>Connection timed out</html>'),
    { reason: 'server_error', retry: 'other', ...service },
  ],
  ['504', status(504, error('timeout_error', 'x')), { reason: 'timeout', retry: 'never', ...service }],
  [
    '529',
    status(529, error('overloaded_error', 'Overloaded')),
    {
      reason: 'overloaded',
      fault: 'service',
      retry: 'other',
      coolDownMs: 5000,
      coolDownScope: 'family',
      accountState: null,
    },
  ],
  [
    '529 with a long retry-after',
    status(529, '', { 'retry-after': '600' }),
    { reason: 'overloaded', fault: 'service', coolDownMs: 15_000 },
  ],
  ['a redirect', status(302, ''), { reason: 'server_error', fault: 'service' }],
])('%s', (_name, failure, expected) => {
  expect(failure).toMatchObject(expected);
});

test.each<[name: string, headers: Record<string, string>, coolDownMs: number, scope: string]>([
  ['retry-after', { 'retry-after': '7200' }, 7_200_000, 'account'],
  [
    'retry-after beats resets',
    {
      'retry-after': '10',
      [`${unified}-5h-status`]: 'rejected',
      [`${unified}-5h-reset`]: String(nowMs / 1000 + 500),
    },
    10_000,
    'account',
  ],
  [
    'the latest of the windows that refused',
    {
      [`${unified}-5h-status`]: 'rejected',
      [`${unified}-5h-reset`]: String(nowMs / 1000 + 500),
      [`${unified}-7d-status`]: 'rejected',
      [`${unified}-7d-reset`]: String(nowMs / 1000 + 9000),
    },
    9_000_000,
    'account',
  ],
  [
    'a reset that is past says nothing',
    { [`${unified}-reset`]: String(nowMs / 1000 - 5) },
    60_000,
    'account',
  ],
  ['nothing known', {}, 60_000, 'account'],
  [
    'a claim on this family',
    { 'retry-after': '9', [`${unified}-representative-claim`]: 'seven_day_opus' },
    9000,
    'family',
  ],
  [
    'a claim on all',
    { 'retry-after': '9', [`${unified}-representative-claim`]: 'seven_day' },
    9000,
    'account',
  ],
])('429 rests by %s', (_name, headers, coolDownMs, coolDownScope) => {
  expect(status(429, error('rate_limit_error', 'slow down'), headers)).toMatchObject({
    reason: 'rate_limited',
    fault: 'account',
    retry: 'other',
    accountState: null,
    coolDownMs,
    coolDownScope,
  });
});

test('a spend cap does not clear in minutes', () => {
  expect(status(429, error('rate_limit_error', 'cap', 'enforced_spend_limit_reached'))).toMatchObject({
    reason: 'billing',
    fault: 'account',
    retry: 'other',
    coolDownMs: 3_600_000,
  });
});

test('a subscription that may not send long prompts is not resting because of it', () => {
  expect(
    status(429, error('rate_limit_error', 'Extra usage is required for long context requests.')),
  ).toMatchObject({
    retry: 'other',
    coolDownMs: null,
    fault: 'client',
  });
});

test.each([
  [
    'Your credit balance is too low to access the Anthropic API.',
    { accountState: 'blocked', coolDownMs: null },
  ],
  [
    'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
    { accountState: null, coolDownMs: Date.parse('2026-12-01T00:00:00Z') - nowMs },
  ],
  ['You have reached your specified workspace usage limits.', { accountState: null, coolDownMs: 3_600_000 }],
  ['This workspace has reached its monthly spend limit.', { accountState: null, coolDownMs: 3_600_000 }],
])('spent money worded as a bad request is the account’s: %s', (message, expected) => {
  expect(status(400, error('invalid_request_error', message))).toMatchObject({
    reason: 'billing',
    fault: 'account',
    retry: 'other',
    ...expected,
  });
});

test.each([
  'Unexpected value(s) `spend limit` for the `anthropic-beta` header.',
  'Unexpected value(s) `your credit balance is too low` for the `anthropic-beta` header.',
  'messages.0.content: You have reached your specified API usage limits',
  'tools.0.name: your spend limit',
])('what a client wrote cannot put an account to rest: %s', (message) => {
  expect(status(400, error('invalid_request_error', message))).toMatchObject({ ...client, retry: 'never' });
  expect(
    status(403, error('permission_error', `model x: ${message}. This organization has been disabled`)),
  ).toMatchObject(client);
});

test.each<[name: string, failure: UpstreamFailure, retry: string]>([
  [
    'true gives a refusal one more try',
    status(400, error('invalid_request_error', 'x'), { 'x-should-retry': 'true' }),
    'same',
  ],
  ['true on a conflict', status(409, '', { 'x-should-retry': 'true' }), 'same'],
  ['true leaves another account the better choice', status(429, '', { 'x-should-retry': 'true' }), 'other'],
  ['false ends tries of a failing service', status(500, '', { 'x-should-retry': 'false' }), 'never'],
  ['false on an overload', status(529, '', { 'x-should-retry': 'false' }), 'never'],
  [
    'false speaks of this account only where the account is at fault',
    status(429, '', { 'x-should-retry': 'false' }),
    'other',
  ],
  ['false with a dead credential', status(401, '', { 'x-should-retry': 'false' }), 'other'],
])('x-should-retry: %s', (_name, failure, retry) => {
  expect(failure.retry).toBe(retry);
});

test.each([
  ['overloaded_error', 'overloaded'],
  ['rate_limit_error', 'rate_limited'],
  ['api_error', 'server_error'],
  ['authentication_error', 'credential_rejected'],
  ['billing_error', 'billing'],
  ['invalid_request_error', 'invalid_request'],
  ['timeout_error', 'timeout'],
  ['brand_new_error', 'server_error'],
])('an error event %s is judged like its status', (type, reason) => {
  const failure: FailedResponse = { type: 'error-event', headers: {}, body: error(type, 'words') };
  expect(classifyAnthropic(failure, someFacts, nowMs)).toMatchObject({ reason, message: 'words' });
});

test.each([
  ['{"error":"bad gateway key"}', 'bad gateway key'],
  ['{"error":{"message":"in another shape","code":"x"}}', 'in another shape'],
  ['{"message":"bare"}', 'bare'],
  ['[1]', 'HTTP 500 without an error this kind understands'],
  ['<html>', 'HTTP 500 without an error this kind understands'],
  ['', 'HTTP 500 without an error this kind understands'],
  ['{"error":{"message":7}}', 'HTTP 500 without an error this kind understands'],
])('the operator reads what a body of %s says', (body, message) => {
  expect(status(500, body).message).toBe(message);
});

test('a missing count_tokens is no fault of anybody', () => {
  const failure = classifyAnthropic(
    { type: 'status', status: 404, headers: {}, body: '<html>404</html>' },
    { ...someFacts, operation: 'count_tokens' },
    nowMs,
  );
  expect(failure).toMatchObject({ reason: 'not_found', ...client });
});

test.each<[failure: FailedResponse, expected: Partial<UpstreamFailure>]>([
  [
    { type: 'unreachable', code: 'ECONNREFUSED', message: 'connect refused' },
    { reason: 'unreachable', fault: 'network', retry: 'other' },
  ],
  [
    { type: 'cut', message: 'other side closed' },
    { reason: 'cut', fault: 'network', retry: 'same' },
  ],
  [
    { type: 'timeout', stage: 'connect', timeoutMs: 5000 },
    { reason: 'timeout', fault: 'network', retry: 'other', message: 'no connection within 5000 ms' },
  ],
  [
    { type: 'timeout', stage: 'first-event', timeoutMs: 5 },
    { reason: 'timeout', fault: 'network', retry: 'other' },
  ],
  [
    { type: 'timeout', stage: 'idle', timeoutMs: 5 },
    { reason: 'timeout', fault: 'network', retry: 'other' },
  ],
  [
    { type: 'timeout', stage: 'total', timeoutMs: 5 },
    { reason: 'timeout', fault: 'network', retry: 'never' },
  ],
])('%j', (failure, expected) => {
  expect(classifyAnthropic(failure, someFacts, nowMs)).toMatchObject({ ...expected, coolDownMs: null });
});
