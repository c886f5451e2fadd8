import type { Account, AccountKind } from '@crs/shared';
import { accountCreateBody, accountUpdateBody } from '@crs/shared';
import { expect, test } from 'vitest';
import { bodyOf, copiedValues, settingsVariant, shapeOf, unreadable, valuesOf } from './account-values';

const kind: AccountKind = {
  kind: 'example',
  label: 'Example',
  service: 'claude',
  dialects: ['anthropic'],
  defaultClients: ['claude_code'],
  termsNote: null,
  login: null,
  settingsSchema: {
    type: 'object',
    properties: {
      baseUrl: { type: 'string', format: 'uri', default: 'https://api.example.com' },
      extra: { type: 'object', properties: {} },
    },
    required: ['baseUrl'],
  },
  credentialSchema: {
    oneOf: [
      { title: 'apiKey', properties: { apiKey: { type: 'string' } }, required: ['apiKey'] },
      { title: 'token', properties: { token: { type: 'string' } }, required: ['token'] },
    ],
  },
};
const shape = shapeOf(kind);
const first = { settings: 0, credential: 0 };

const stored = {
  name: 'main',
  description: '',
  settings: { baseUrl: 'https://other.example.com' },
  priority: 5,
  weight: 2,
  maxConcurrency: 3,
  models: { allow: ['claude-*'], map: { a: 'b' } },
  clients: [],
  enabled: false,
  shared: false,
  groupIds: ['g1'],
  dailyUsd: 2.5,
  expiresAt: '2030-01-31T12:00:00.000Z',
  pausedUntil: '2029-01-31T12:00:00.000Z',
  serviceHours: [{ days: ['mon'], from: '09:00', to: '24:00' }],
  proxy: { type: 'socks5', host: 'proxy.example', port: 1080, username: 'lab', hasPassword: true },
} as unknown as Account;

test('a new account starts with the defaults of its kind and becomes a body the contract takes', () => {
  const values = valuesOf(kind, shape, null, first);
  expect(values).toMatchObject({
    priority: '50',
    weight: '1',
    maxConcurrency: '0',
    clients: ['claude_code'],
  });
  const body = bodyOf({ ...values, name: ' main ', credential: { apiKey: 'k' } }, shape, first, null);
  expect(accountCreateBody.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    name: 'main',
    settings: { baseUrl: 'https://api.example.com' },
    credential: { apiKey: 'k' },
    expiresAt: null,
    shared: true,
    groupIds: [],
    dailyUsd: null,
  });
});

test('an edit sends back what is stored, and the credential only when one is typed', () => {
  const variants = { settings: settingsVariant(shape, stored), credential: 0 };
  const values = valuesOf(kind, shape, stored, variants);
  const { credential, ...body } = bodyOf(values, shape, variants, stored);
  expect(credential).toBeUndefined();
  const { hasPassword: _hasPassword, ...proxy } = stored.proxy ?? { hasPassword: false };
  // What is not typed again stays; what the kind has and the account has not is taken away.
  expect(body).toEqual({ ...stored, proxy, settings: { ...stored.settings, extra: null } });
  expect(accountUpdateBody.safeParse(body).success).toBe(true);
  const typed = bodyOf({ ...values, credential: { apiKey: 'new' } }, shape, variants, stored);
  expect(typed.credential).toEqual({ apiKey: 'new' });
});

test('a copy has everything but the name, the pause and the secrets', () => {
  const values = copiedValues(kind, shape, stored, first, 'main (copy)');
  expect(values).toMatchObject({ priority: '5', groupIds: ['g1'], pausedUntil: '' });
  const { hasPassword: _hasPassword, ...proxy } = stored.proxy ?? { hasPassword: false };
  const body = bodyOf({ ...values, credential: { apiKey: 'its own' } }, shape, first, null);
  expect(body).toMatchObject({ name: 'main (copy)', pausedUntil: null, proxy: { ...proxy, password: null } });
  expect(accountCreateBody.safeParse(body).success).toBe(true);
});

test('a credential typed for another variant belongs to that one', () => {
  const variants = { settings: 0, credential: 1 };
  const values = valuesOf(kind, shape, stored, variants);
  const body = bodyOf({ ...values, credential: { token: 't' } }, shape, variants, stored);
  expect(body.credential).toEqual({ token: 't' });
});

test('an empty number is refused by the contract and never sent as zero', () => {
  const values = valuesOf(kind, shape, stored, first);
  const result = accountUpdateBody.safeParse(bodyOf({ ...values, priority: '' }, shape, first, stored));
  expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['priority']);
});

test('rows of the model map that are empty are dropped, half-filled ones are refused', () => {
  const values = valuesOf(kind, shape, stored, first);
  const map = (rows: { from: string; to: string }[]) =>
    bodyOf({ ...values, models: { allow: [], map: rows } }, shape, first, stored);
  expect(
    map([
      { from: '', to: '' },
      { from: ' a ', to: ' b ' },
    ]).models.map,
  ).toEqual({ a: 'b' });
  expect(accountUpdateBody.safeParse(map([{ from: 'a', to: '' }])).success).toBe(false);
});

test('JSON that cannot be read is named by its field', () => {
  const values = valuesOf(kind, shape, null, first);
  expect(unreadable({ ...values, settings: { ...values.settings, extra: '{' } }, shape, first)).toEqual([
    'settings.extra',
  ]);
});
