import { type Key, keyCreateBody } from '@crs/shared';
import { expect, test } from 'vitest';
import { changedFields, emptyValues, toBody, valuesOf } from './key-values';

const figures = {
  requests: 0,
  attempts: 0,
  errors: 0,
  input: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  output: 0,
  costNanoUsd: 0,
  chargedNanoUsd: 0,
};
const key: Key = {
  id: 'k1',
  name: 'Review bot',
  description: 'Reviews',
  tags: ['bot'],
  enabled: true,
  permissions: ['claude'],
  models: { mode: 'allow', list: ['claude-*'] },
  clients: ['claude_code'],
  ipAllow: ['10.0.0.0/8'],
  concurrency: 5,
  windows: [
    { every: 'hour', count: 5, usd: 0.000000001, models: ['claude-opus-*'] },
    { every: 'minute', count: 1, requests: 60, tokens: 100_000 },
  ],
  budgets: [
    { every: 'week', usd: 12.5 },
    { every: 'total', usd: 100, models: ['claude-*'] },
  ],
  budgetMode: 'strict',
  weeklyReset: { day: 5, hour: 18 },
  rates: { claude: 1.25 },
  queue: { size: 3, waitSeconds: 20 },
  userId: null,
  binds: [{ groupId: 'g1' }, { kind: 'claude', accountId: 'a1' }],
  bindFallback: true,
  expiration: { afterFirstUse: { hours: 12 } },
  debug: true,
  capture: { request: true, response: false },
  hint: 'cr_ab…ef',
  status: 'active',
  expiresAt: null,
  activatedAt: null,
  createdAt: '2026-07-01T00:00:00Z',
  updatedAt: '2026-07-01T00:00:00Z',
  deletedAt: null,
  deletedBy: null,
  previousSecret: null,
  lastUsedAt: null,
  version: 3,
  usage: { today: figures, total: figures },
  limits: [],
};

test('a key comes out of the form as it went in, and nothing of it counts as changed', () => {
  const body = toBody(valuesOf(key));
  expect(key).toMatchObject(body);
  const missing = Object.keys(keyCreateBody.shape).filter((name) => !(name in body));
  expect(missing).toEqual(['userId']);
  expect(changedFields(valuesOf(key), valuesOf(key))).toEqual({});
});

test('only what was changed is sent', () => {
  const before = valuesOf(key);
  const after = { ...before, name: 'Bot', expiration: { ...before.expiration, mode: 'never' as const } };
  expect(changedFields(before, after)).toEqual({ name: 'Bot', expiration: null });
});

test('all services together are all, also those to come', () => {
  expect(toBody(emptyValues).permissions).toBe('all');
  expect(toBody({ ...emptyValues, permissions: ['gemini'] }).permissions).toEqual(['gemini']);
});

test('the contract takes what an untouched form with a name makes', () => {
  expect(keyCreateBody.safeParse(toBody({ ...emptyValues, name: 'A' })).success).toBe(true);
});

test('an expiration that is not complete is left to the rules of the form', () => {
  const { expiration } = emptyValues;
  const bodyOf = (part: Partial<typeof expiration>) =>
    toBody({ ...emptyValues, expiration: { ...expiration, ...part } }).expiration;
  expect(bodyOf({ mode: 'at' })).toBeUndefined();
  expect(bodyOf({ mode: 'afterFirstUse', afterFirstUse: '1.5' })).toBeUndefined();
  expect(bodyOf({ mode: 'afterFirstUse', afterFirstUse: ' 7 ' })).toEqual({ afterFirstUse: { days: 7 } });
});

test('a limit that is no number is refused by the contract, an empty one is none', () => {
  expect(toBody({ ...emptyValues, concurrency: ' ' }).concurrency).toBe(0);
  expect(keyCreateBody.safeParse(toBody({ ...emptyValues, name: 'A', concurrency: 'x' })).success).toBe(
    false,
  );
});
