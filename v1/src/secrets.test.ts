import { expect, test } from 'vitest';
import { expected, records } from '../test/fixtures.ts';
import {
  bedrockAccountRecord,
  bedrockAwsCredentials,
  bedrockBearerToken,
  encryptedFields,
} from './accounts/index.ts';
import { readKeyName } from './key-names.ts';
import { SecretReader, type SecretService } from './secrets.ts';

const reader = new SecretReader(expected.encryptionKey);
const opened = (value: string) => ({ state: 'opened', value });

const examples: [SecretService, string][] = [
  [
    'claude',
    'd073340734cb65448bab1b9e6677b574:0f83d9809a1784c7894e927ad3867b2264a885832130337136e81736a1c551d9',
  ],
  [
    'claude-console',
    '65e219c47a5f018e0a9e86e79d0a7745:24f65fab64f5b132f736eac7f8fbd94bc16a727e0fc0bb0e95e80761439eec5d',
  ],
  [
    'ccr',
    '9e53ba8d2f350ded458c1d8963c90f7f:f7fd4148e4ab46f52d808eb5db8995476eedf531af144459c4926cd43c77fcaa',
  ],
  [
    'gemini',
    '95721860eddf56119413829ce5e5e6d8:a34781b0eee367712ccd9da0b1430e9dc56609426bd89b03a53862e05ddb09bc',
  ],
  [
    'gemini-api',
    '121d74b890fc41d390464781f3b8d87d:fe608d971c6c4d09a0a5451fe7350eed06a9b01734b9dc01c3bb642d9b4fa64e',
  ],
  [
    'openai',
    '959b1ccf908d36b57c8d2efe7dc6db07:24986abeb5914c2f1570a88c797b5e2de0efcc701f4c196696db6688c9272a12',
  ],
  [
    'openai-responses',
    '53d454402b7280f8246a3d19ef9c2e46:24ff678f983b09246a81a6759a0d68bed418ce379e8a8aff44e9c4d10da52bb1',
  ],
  [
    'azure-openai',
    'a1ee0bc3ba4ba43db101896b3f309906:06e213271b21b5d238ce716f131f32eebb97027b0d315f9a0a37a20b72b96f9d',
  ],
];

test.each(examples)('%s secrets open with the key of that service only', (service, stored) => {
  expect(reader.open(service, stored)).toEqual(opened('sk-ant-test-secret'));
  const other = service === 'claude' ? 'ccr' : 'claude';
  expect(reader.open(other, stored)).not.toEqual(opened('sk-ant-test-secret'));
});

test('the oldest Claude form has no initialisation vector', () => {
  const stored = '88c88d535de1a05413ab253d171e39184b4ba481c31ff098d2f059decd383c62';
  expect(reader.open('claude', stored)).toEqual(opened('sk-ant-test-secret'));
  expect(reader.open('ccr', stored)).toEqual({ state: 'not-encrypted', value: stored });
});

test('nothing, clear text and a wrong key are told apart', () => {
  expect(reader.open('claude', '')).toEqual({ state: 'empty' });
  expect(reader.open('openai', 'sk-in-clear')).toEqual({ state: 'not-encrypted', value: 'sk-in-clear' });
  const wrong = new SecretReader('another key of thirty-two letters');
  for (const [service, stored] of examples)
    expect(wrong.open(service, stored)).toEqual({ state: 'wrong-key' });
});

test('an Azure salt of the operator replaces the built-in one', () => {
  const [, stored = ''] = examples.find(([service]) => service === 'azure-openai') ?? [];
  const custom = new SecretReader(expected.encryptionKey, { azureOpenaiSalt: 'azure-salt-of-our-own' });
  expect(custom.open('azure-openai', stored)).not.toEqual(opened('sk-ant-test-secret'));
  const builtIn = { azureOpenaiSalt: 'azure-openai-account-default-salt' };
  expect(new SecretReader(expected.encryptionKey, builtIn).open('azure-openai', stored)).toEqual(
    opened('sk-ant-test-secret'),
  );
});

test('every encrypted field of every recorded account opens', () => {
  let fields = 0;
  for (const { redisKey, plaintext } of Object.values(expected.accounts)) {
    const name = readKeyName(redisKey);
    if (name?.record !== 'account' || name.kind === 'bedrock') continue;
    const record = records.get(redisKey) as Record<string, string>;
    for (const field of encryptedFields[name.kind]) {
      const value = plaintext[field] ?? '';
      expect(reader.open(name.kind, record[field] ?? '')).toEqual(
        value === '' ? { state: 'empty' } : { state: 'opened', value },
      );
      fields += 1;
    }
  }
  expect(fields).toBe(26);
});

test('Bedrock credentials open to their JSON', () => {
  const open = (name: string, field: 'awsCredentials' | 'bearerToken') => {
    const json = records.get(expected.accounts[name]?.redisKey ?? '');
    const sealed = bedrockAccountRecord.parse(JSON.parse(json as string))[field];
    const secret = sealed && 'encrypted' in sealed ? reader.openBedrock(sealed) : null;
    return secret?.state === 'opened' ? (JSON.parse(secret.value) as unknown) : secret;
  };
  expect(bedrockAwsCredentials.parse(open('bedrock_access_key', 'awsCredentials'))).toEqual(
    expected.accounts['bedrock_access_key']?.plaintext['awsCredentials'],
  );
  expect(bedrockBearerToken.parse(open('bedrock_bearer', 'bearerToken'))).toEqual({
    token: 'fixture-bedrock-bearer',
  });
});
