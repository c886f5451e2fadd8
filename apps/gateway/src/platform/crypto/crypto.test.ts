import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPassword, hashSecret, SecretBox, SecretBoxError, verifyPassword } from './index.ts';

const KEY = 'k'.repeat(32);

test('what is sealed opens under the same key, and never looks the same twice', () => {
  const box = new SecretBox(KEY);
  const sealed = box.seal('sk-ant-Ünïcode');
  expect(sealed).toMatch(/^v2\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  expect(new SecretBox(KEY).open(sealed)).toBe('sk-ant-Ünïcode');
  expect(box.seal('sk-ant-Ünïcode')).not.toBe(sealed);
  expect(box.open(box.seal(''))).toBe('');
});

test('another key is named as the reason', () => {
  const sealed = new SecretBox(KEY).seal('secret');
  expect(() => new SecretBox('o'.repeat(32)).open(sealed)).toThrow(/ENCRYPTION_KEY is key [0-9a-f]{8}/);
});

test.each([
  ['changed data', (parts: string[]) => [...parts.slice(0, 4), 'AAAA']],
  ['a short tag', (parts: string[]) => [...parts.slice(0, 3), 'AAAA', ...parts.slice(4)]],
  ['another version', (parts: string[]) => ['v1', ...parts.slice(1)]],
  ['a missing part', (parts: string[]) => parts.slice(0, 4)],
])('%s does not open', (_name, damage) => {
  const box = new SecretBox(KEY);
  const parts = box.seal('secret').split('.');
  expect(() => box.open(damage(parts).join('.'))).toThrow(SecretBoxError);
});

test('passwords are argon2id, and only the right one is right', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'correct horses')).toBe(false);
});

test('a relay key is hashed as v1 did', () => {
  const expected = createHash('sha256').update('cr_abcpepper').digest('hex');
  expect(hashSecret('cr_abc', 'pepper')).toBe(expected);
});
