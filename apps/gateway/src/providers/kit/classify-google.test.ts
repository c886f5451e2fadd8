import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import type { UpstreamFailure } from '../provider.ts';
import { classifyGoogle } from './classify-google.ts';

const facts = { ...someFacts, model: 'gemini-3.8-flash' };
const RPC = 'type.googleapis.com/google.rpc';

function error(code: number, message: string, details: object[] = [], statusName = ''): string {
  return JSON.stringify({ error: { code, message, status: statusName, details } });
}

function status(code: number, body: string, headers: Record<string, string> = {}): UpstreamFailure {
  return classifyGoogle({ type: 'status', status: code, headers, body }, facts, 0);
}

const reason = (name: string): object => ({
  '@type': `${RPC}.ErrorInfo`,
  reason: name,
  domain: 'googleapis.com',
});
const retry = (delay: string): object => ({ '@type': `${RPC}.RetryInfo`, retryDelay: delay });
const quota = (quotaId: string, quotaDimensions?: object): object => ({
  '@type': `${RPC}.QuotaFailure`,
  violations: [{ quotaId, ...(quotaDimensions === undefined ? {} : { quotaDimensions }) }],
});
const perModel = { model: 'gemini-3.8-flash', location: 'global' };

test.each<[name: string, failure: UpstreamFailure, expected: Partial<UpstreamFailure>]>([
  [
    '400',
    status(400, error(400, 'Invalid value')),
    { reason: 'invalid_request', fault: 'client', retry: 'never' },
  ],
  [
    '400, a key that is none',
    status(400, error(400, 'API key not valid.', [reason('API_KEY_INVALID')])),
    { reason: 'credential_rejected', fault: 'account', accountState: 'needs-login' },
  ],
  [
    '400, from a place Google does not serve',
    status(400, error(400, 'User location is not supported for the API use.')),
    {
      reason: 'permission_denied',
      fault: 'account',
      retry: 'other',
      accountState: null,
      coolDownMs: 3_600_000,
    },
  ],
  [
    '400, a client that quotes those words',
    status(400, error(400, 'contents: "User location is not supported"')),
    { reason: 'invalid_request', fault: 'client' },
  ],
  [
    '400, a country without free tier',
    status(400, error(400, 'Gemini API free tier is not available in your country.')),
    { reason: 'billing', accountState: 'blocked' },
  ],
  ['401', status(401, error(401, 'x')), { reason: 'credential_rejected', accountState: 'needs-login' }],
  [
    '403, a project that is suspended',
    status(
      403,
      error(403, 'Permission denied: Consumer has been suspended.', [reason('CONSUMER_SUSPENDED')]),
    ),
    { reason: 'permission_denied', fault: 'account', accountState: 'blocked' },
  ],
  [
    '403, about the model',
    status(403, error(403, 'No access to gemini-3.8-flash')),
    { reason: 'permission_denied', fault: 'client', retry: 'other', deniesModel: true },
  ],
  ['403, a page', status(403, '<html>'), { reason: 'server_error', fault: 'service', retry: 'other' }],
  [
    '404, about the model',
    status(404, error(404, 'models/gemini-9 is not found for API version v1beta')),
    { reason: 'not_found', fault: 'client', retry: 'other', deniesModel: true },
  ],
  ['404, a page', status(404, '<html>'), { reason: 'not_found', fault: 'account' }],
  [
    '429 of a model’s minute',
    status(
      429,
      error(429, 'x', [quota('GenerateRequestsPerMinutePerProjectPerModel', perModel), retry('46s')]),
    ),
    { reason: 'rate_limited', fault: 'account', coolDownMs: 46_000, coolDownScope: 'family' },
  ],
  [
    '429 of the project’s day',
    status(429, error(429, 'x', [quota('GenerateRequestsPerDayPerProject'), retry('12.5s')])),
    { coolDownMs: 3_600_000, coolDownScope: 'account' },
  ],
  [
    '429 with a day to wait',
    status(429, error(429, 'x', [quota('RequestsPerDay'), retry('40000s')])),
    { coolDownMs: 40_000_000 },
  ],
  [
    '429 of a quota of nothing',
    status(429, error(429, 'Quota exceeded for metric: x, limit: 0, model: gemini-3.1-pro')),
    { coolDownMs: 3_600_000, coolDownScope: 'family', deniesModel: true },
  ],
  [
    '429 without a word',
    status(429, ''),
    { reason: 'rate_limited', coolDownMs: 60_000, coolDownScope: 'account' },
  ],
  [
    '429 with a header',
    status(429, error(429, 'x', [retry('9s')]), { 'retry-after': '3' }),
    { coolDownMs: 3000 },
  ],
  [
    '429 where Google has no room',
    status(429, error(429, 'x', [reason('MODEL_CAPACITY_EXHAUSTED'), retry('90s')])),
    { reason: 'overloaded', fault: 'service', coolDownMs: 15_000, accountState: null },
  ],
  ['500', status(500, error(500, 'x')), { reason: 'server_error', retry: 'same' }],
  ['503', status(503, error(503, 'x')), { reason: 'overloaded', fault: 'service', coolDownMs: 5000 }],
  ['503, a page', status(503, '<html>'), { reason: 'server_error', fault: 'service', coolDownMs: null }],
  ['504', status(504, error(504, 'x')), { reason: 'timeout', retry: 'never' }],
  [
    'an array around the error',
    status(429, `[${error(429, 'words', [retry('2s')])}]`),
    { message: 'words', coolDownMs: 2000 },
  ],
])('%s', (_name, failure, expected) => {
  expect(failure).toMatchObject(expected);
});

test.each([
  [error(503, 'x', [], 'UNAVAILABLE'), 'overloaded'],
  [JSON.stringify({ error: { message: 'x', status: 'RESOURCE_EXHAUSTED' } }), 'rate_limited'],
  [JSON.stringify({ error: { message: 'x', status: 'SOMETHING_NEW' } }), 'server_error'],
  ['', 'server_error'],
])('an error event %s is judged like its status', (body, expected) => {
  expect(classifyGoogle({ type: 'error-event', headers: {}, body }, facts, 0).reason).toBe(expected);
});
