import { expect, test } from 'vitest';
import { expected, initFile, keyNames, records } from '../test/fixtures.ts';
import {
  accountRecords,
  bedrockAccountRecord,
  claudeOauth,
  geminiOauth,
  openaiOauth,
} from './accounts/index.ts';
import { readKeyName } from './key-names.ts';
import { adminFile, groupRecord, userRecord } from './people.ts';
import { SecretReader } from './secrets.ts';

const recordOf = (name: string): unknown => records.get(expected.accounts[name]?.redisKey ?? '');

test('the recorded accounts of all nine kinds are read', () => {
  const kinds = new Set<string>();
  for (const { redisKey } of Object.values(expected.accounts)) {
    const name = readKeyName(redisKey);
    if (name?.record !== 'account') throw new Error(`${redisKey} is not read as an account`);
    kinds.add(name.kind);
    const value = records.get(redisKey);
    const record =
      name.kind === 'bedrock'
        ? bedrockAccountRecord.parse(JSON.parse(value as string))
        : accountRecords[name.kind].parse(value);
    expect(record.id).toBe(name.id);
  }
  expect(kinds.size).toBe(9);
});

test('types hidden in text come out', () => {
  expect(accountRecords.claude.parse(recordOf('claude_oauth'))).toMatchObject({
    priority: 10,
    scopes: ['user:inference'],
    proxy: { type: 'socks5', host: '127.0.0.1', port: 1080, username: 'proxyuser', password: 'proxypass' },
    subscriptionExpiresAt: '2027-06-30T00:00:00.000Z',
    subscriptionInfo: null,
  });
  expect(accountRecords.claude.parse(recordOf('claude_legacy'))).toMatchObject({
    accountType: 'group',
    schedulable: false,
    expiresAt: null,
    proxy: null,
    rateLimitEndAt: '2026-11-21T06:23:19.000Z',
  });
  expect(accountRecords['claude-console'].parse(recordOf('claude_console'))).toMatchObject({
    supportedModels: { 'claude-opus-4-1-20250805': 'upstream-opus' },
    maxConcurrentTasks: 4,
    dailyQuota: '12.5',
    disableAutoProtection: true,
  });
  expect(accountRecords.gemini.parse(recordOf('gemini_oauth')).supportedModels).toEqual([
    'gemini-2.5-pro',
    'gemini-2.5-flash',
  ]);
  expect(accountRecords['azure-openai'].parse(recordOf('azure_openai')).supportedModels).toEqual([
    'gpt-5',
    'gpt-5-mini',
  ]);
});

test('the token documents inside OAuth accounts are read', () => {
  const reader = new SecretReader(expected.encryptionKey);
  const tokens = (service: 'claude' | 'gemini' | 'openai', stored: string): unknown => {
    const secret = reader.open(service, stored);
    return JSON.parse(secret.state === 'opened' ? secret.value : '');
  };
  const claude = accountRecords.claude.parse(recordOf('claude_oauth'));
  expect(claudeOauth.parse(tokens('claude', claude.claudeAiOauth))).toEqual({
    accessToken: 'sk-ant-oat01-fixture-access',
    refreshToken: 'sk-ant-ort01-fixture-refresh',
    expiresAt: claude.expiresAt,
    scopes: ['user:inference'],
  });
  const gemini = accountRecords.gemini.parse(recordOf('gemini_oauth'));
  expect(geminiOauth.parse(tokens('gemini', gemini.geminiOauth)).expiry_date).toBe(1_795_242_199_033);
  const openai = accountRecords.openai.parse(recordOf('openai_oauth'));
  expect(openaiOauth.parse(tokens('openai', openai.openaiOauth)).expires_in).toBe(864_000);
});

test('a list of models from before the map means each model itself', () => {
  const record = { ...(recordOf('ccr') as object), supportedModels: '["a","b"]' };
  expect(accountRecords.ccr.parse(record).supportedModels).toEqual({ a: 'a', b: 'b' });
});

test('users, groups and the first admin are read', () => {
  const parsed = [...records].flatMap(([key, value]) => {
    const name = readKeyName(key);
    if (name?.record === 'user') return [userRecord.parse(JSON.parse(value as string)).username];
    return name?.record === 'group' ? [groupRecord.parse(value).platform] : [];
  });
  expect(parsed.toSorted()).toEqual(['alice', 'bob', 'claude', 'openai']);
  expect(adminFile.parse(initFile).adminUsername).toBe('cr_admin_fixture');
});

test('no index, lock, session or card is taken for a record', () => {
  const recognised = keyNames.filter((key) => readKeyName(key) !== null);
  const foreign =
    /:index|:idx:|:empty$|hash_map|:tag|apikey:set|^shared_|session|quota_card|^usage:(global|model|keymodel|records|opus)|^username/u;
  expect(recognised.filter((key) => foreign.test(key))).toEqual([]);
  expect(recognised.length).toBeGreaterThan(30);
  expect(keyNames.length - recognised.length).toBeGreaterThan(90);
});

const id = '7a6376a5-7423-4ca9-ae7d-d442cbcca9c6';

test.each([
  [
    `usage:${id}:model:hourly:vendor:claude:x-v1:0:2026-11-21:13`,
    {
      record: 'usage',
      of: 'key',
      id,
      model: 'vendor:claude:x-v1:0',
      bucket: { period: 'hour', start: '2026-11-21:13' },
    },
  ],
  [`usage:${id}`, { record: 'usage', of: 'key', id, model: null, bucket: { period: 'all' } }],
  [
    `usage:${id}:model:alltime:gpt-5.1`,
    { record: 'usage', of: 'key', id, model: 'gpt-5.1', bucket: { period: 'all' } },
  ],
  [
    `account_usage:model:monthly:${id}:a:b:2026-11`,
    { record: 'usage', of: 'account', id, model: 'a:b', bucket: { period: 'month', start: '2026-11' } },
  ],
  [
    `usage:cost:real:daily:${id}:2026-11-21`,
    { record: 'cost', id, isRated: false, bucket: { period: 'day', start: '2026-11-21' } },
  ],
  [`usage:cost:total:${id}`, { record: 'cost', id, isRated: true, bucket: { period: 'all' } }],
  [`droid:account:${id}`, { record: 'droid-account', id }],
  [`account_group_members:${id}`, { record: 'group-members', id }],
])('%s', (key, meaning) => {
  expect(readKeyName(key)).toEqual(meaning);
});
