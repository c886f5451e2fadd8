import { expect, test } from 'vitest';
import { findSecret } from './authenticate.ts';

const relayKey = `cr_${'a'.repeat(64)}`;
const none = '';

test.each([
  [{ authorization: `Bearer ${relayKey}` }],
  [{ authorization: `bearer  ${relayKey}` }],
  [{ authorization: relayKey }],
  [{ 'x-api-key': relayKey }],
  [{ 'api-key': relayKey }],
  [{ 'x-goog-api-key': relayKey }],
  [{ 'x-api-key': `Bearer ${relayKey}` }],
])('%j holds the key', (headers) => {
  expect(findSecret(headers, none, 'cr_')).toBe(relayKey);
});

test('the query holds it too', () => {
  expect(findSecret({}, `?key=${relayKey}`, 'cr_')).toBe(relayKey);
});

test('of several the one that looks like a relay key counts', () => {
  const headers = { authorization: 'Bearer sk-ant-a-key-of-the-client', 'x-api-key': relayKey };
  expect(findSecret(headers, none, 'cr_')).toBe(relayKey);
});

test('a key without the prefix is tried where there is no other: an older installation may have had another', () => {
  expect(findSecret({ 'x-api-key': 'old-style-key-1234' }, none, 'cr_')).toBe('old-style-key-1234');
});

test.each([
  [{}],
  [{ authorization: 'Bearer ' }],
  [{ 'x-api-key': 'short' }],
  [{ 'x-api-key': 'x'.repeat(600) }],
])('%j holds none', (headers) => {
  expect(findSecret(headers, none, 'cr_')).toBeNull();
});
