import { expect, test } from 'vitest';
import { apiKeyOf, expected, records } from '../test/fixtures.ts';
import { apiKeyRecord, hashApiKey } from './api-key.ts';
import { bindingsOf } from './bindings.ts';

const { full, fixed_plaintext: fixedPlaintext } = expected.apiKeys;

test('every recorded secret hashes to what v1 stored', () => {
  const names = Object.keys(expected.apiKeys);
  expect(names).toHaveLength(6);
  for (const name of names) {
    const { plaintext, sha256 } = expected.apiKeys[name] ?? { plaintext: '', sha256: '' };
    expect(hashApiKey(plaintext, expected.encryptionKey)).toBe(sha256);
    expect(apiKeyRecord.parse(apiKeyOf(name)).apiKey).toBe(sha256);
  }
  expect(hashApiKey(fixedPlaintext?.plaintext ?? '', expected.encryptionKey)).toBe(
    '8c541d189ae163517d43fc6d0702f06e4def03ebf1fadaa65cceff1037447b42',
  );
  expect(hashApiKey(full?.plaintext ?? '', `${expected.encryptionKey}x`)).not.toBe(full?.sha256);
});

test('a key with every limit reads as v1 meant it', () => {
  expect(apiKeyRecord.parse(apiKeyOf('full'))).toMatchObject({
    name: 'full-limits',
    tokenLimit: 1_000_000,
    concurrencyLimit: 5,
    rateLimitWindow: 60,
    rateLimitRequests: 100,
    rateLimitCost: '2.5',
    dailyCostLimit: '10',
    totalCostLimit: '200',
    weeklyOpusCostLimit: '50',
    weeklyResetDay: 3,
    weeklyResetHour: 9,
    serviceRates: { claude: 1.5, codex: 0.8 },
    isActive: true,
    permissions: ['claude', 'openai'],
    restrictedModels: ['claude-opus-4-1-20250805'],
    allowedClients: ['claude_code', 'codex_cli'],
    tags: ['team-a', 'prod'],
    enableOpenAIResponsesCodexAdaptation: false,
    openaiResponsesPayloadRules: [{ path: 'reasoning.effort', valueType: 'string', value: 'high' }],
    expirationMode: 'fixed',
    expiresAt: '2027-12-31T16:00:00.000Z',
    userId: null,
  });
});

test('a key that starts with its first use and a deleted one keep their state', () => {
  expect(apiKeyRecord.parse(apiKeyOf('activation'))).toMatchObject({
    expirationMode: 'activation',
    activationUnit: 'hours',
    activationDays: 12,
  });
  const deleted = apiKeyRecord.parse(apiKeyOf('deleted'));
  expect(deleted).toMatchObject({ isDeleted: true, isActive: false, deletedByType: 'admin' });
  expect(deleted.deletedAt).toMatch(/^2026-11-21T/u);
});

test('a prefix on a bound id names the kind or a group', () => {
  expect(bindingsOf(apiKeyRecord.parse(apiKeyOf('full')))).toEqual([
    { type: 'account', kind: 'claude', id: '5b4fb465-1779-4a24-8224-95f9508dc271' },
    { type: 'account', kind: 'gemini-api', id: 'ae546c23-9a97-4b6b-bb2b-21160dc110e3' },
    { type: 'account', kind: 'openai-responses', id: '8a8a212b-6d07-4957-8864-e5df459c6ea6' },
    { type: 'account', kind: 'bedrock', id: '689219de-e605-4ced-a5da-af8853e201e6' },
  ]);
  const groups = bindingsOf(apiKeyRecord.parse(apiKeyOf('group')));
  expect(groups).toContainEqual({
    type: 'group',
    kind: 'claude',
    id: 'a167e135-9fdd-4a48-adc0-474c30218a55',
  });
  for (const { id } of groups.filter(({ type }) => type === 'group')) {
    expect(records.has(`account_group:${id}`)).toBe(true);
  }
});

const minimal = { id: '0cc94fbb-cdd3-40d9-80be-5346b94deac1', apiKey: 'a'.repeat(64) };

test.each([
  ['', 'all'],
  ['[]', 'all'],
  ['all', 'all'],
  ['["all"]', 'all'],
  ['claude', ['claude']],
  ['claude, gemini', ['claude', 'gemini']],
  ['["droid"]', ['droid']],
])('permissions written as %j mean %j', (stored, meaning) => {
  expect(apiKeyRecord.parse({ ...minimal, permissions: stored }).permissions).toEqual(meaning);
});

test('what cannot be read is refused by name and never taken for "all"', () => {
  for (const permissions of ['[1]', '[', '["claude"']) {
    const result = apiKeyRecord.safeParse({ ...minimal, permissions });
    expect(result.error?.issues.map(({ path }) => path)).toEqual([['permissions']]);
  }
  const result = apiKeyRecord.safeParse({ ...minimal, concurrencyLimit: 'many', isActive: 'yes', tags: '{' });
  expect(result.error?.issues.map(({ path }) => path[0]).toSorted()).toEqual([
    'concurrencyLimit',
    'isActive',
    'tags',
  ]);
});

test('fields that an older v1 did not write have the meaning it gave them', () => {
  expect(apiKeyRecord.parse(minimal)).toMatchObject({
    isActive: false,
    permissions: 'all',
    weeklyResetDay: 1,
    activationUnit: 'days',
    expiresAt: null,
    enableOpenAIResponsesCodexAdaptation: true,
    totalCostLimit: '0',
  });
});
