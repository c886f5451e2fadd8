import { expect, test } from 'vitest';
import { readReason } from './account-reasons';

test.each([
  ['3 failures in a row, the last: it broke', { name: 'streak', value: '3', quote: 'it broke' }],
  ['half of the latest requests failed, the last: a: b', { name: 'half', value: '', quote: 'a: b' }],
  [
    'One request at a time tries it after 4 failures, until one is answered',
    { name: 'probation', value: '4', quote: null },
  ],
  ['its daily quota of USD 2.5 is used up', { name: 'daily', value: '2.5', quote: null }],
  ["The vendor's quota window 5h is used up", { name: 'window', value: '5h', quote: null }],
  [
    'Paused until 2026-01-01T00:00:00.000Z',
    { name: 'paused', value: '2026-01-01T00:00:00.000Z', quote: null },
  ],
  [
    'Outside its hours until 2026-01-01T00:00:00.000Z',
    { name: 'offHours', value: '2026-01-01T00:00:00.000Z', quote: null },
  ],
  [
    'refused claude-opus-9: no such model: claude-opus-9',
    { name: 'modelRefused', value: 'claude-opus-9', quote: 'no such model: claude-opus-9' },
  ],
  ['Switched off by an administrator', { name: 'off', value: '', quote: null }],
  ['Expired at 2026-01-01T00:00:00Z', { name: 'expired', value: '2026-01-01T00:00:00Z', quote: null }],
  ['The account was deleted', { name: 'deleted', value: '', quote: null }],
  ['one request is trying whether it is back', { name: 'probed', value: '', quote: null }],
  [
    'The vendor wants a new login: There is no refresh token: sign in again.',
    { name: 'notRenewable', value: '', quote: null },
  ],
  [
    'The vendor wants a new login: There is no refresh token to renew the login with.',
    { name: 'notRenewable', value: '', quote: null },
  ],
  [
    'The vendor wants a new login: A setup token cannot be renewed: sign in again.',
    { name: 'notRenewable', value: '', quote: null },
  ],
  [
    'The vendor wants a new login: The vendor did not renew the login: invalid_grant (HTTP 400)',
    { name: 'newLogin', value: '', quote: 'invalid_grant (HTTP 400)' },
  ],
  [
    'Its settings do not fit this kind of account any more; save them again',
    { name: 'settingsUnfit', value: '', quote: null },
  ],
  [
    'Its credential does not fit this kind of account any more; give it again',
    { name: 'credentialUnfit', value: '', quote: null },
  ],
  ['Its credential cannot be read; give it again', { name: 'credentialUnread', value: '', quote: null }],
  [
    'Its credential cannot be opened: it is damaged',
    { name: 'credentialUnread', value: '', quote: 'it is damaged' },
  ],
  [
    'The password of its proxy cannot be opened: wrong key',
    { name: 'proxyUnread', value: '', quote: 'wrong key' },
  ],
  ['overloaded_error', { name: null, value: '', quote: 'overloaded_error' }],
])('%s', (reason, expected) => {
  expect(readReason(reason)).toEqual(expected);
});
