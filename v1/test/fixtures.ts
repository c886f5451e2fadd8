// Reads the recordings of a real v1 database in `fixtures/`; every credential in them is invented.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

function readText(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}

const recordLine = z.object({ key: z.string(), value: z.unknown() });

/** Key name to value: a hash as an object, a string as text, a set as a list. */
export const records = new Map(
  readText('records.jsonl')
    .trim()
    .split('\n')
    .map((line) => {
      const { key, value } = recordLine.parse(JSON.parse(line));
      return [key, value];
    }),
);

/** `type name`, one key of every shape that a used v1 leaves in Redis. */
export const keyNames = readText('key-names.txt')
  .trim()
  .split('\n')
  .map((line) => line.slice(line.indexOf(' ') + 1));

export const initFile: unknown = JSON.parse(readText('init.json'));

const expectedSchema = z.object({
  encryptionKey: z.string(),
  apiKeys: z.record(z.string(), z.object({ id: z.string(), plaintext: z.string(), sha256: z.string() })),
  accounts: z.record(
    z.string(),
    z.object({ redisKey: z.string(), plaintext: z.record(z.string(), z.unknown()) }),
  ),
});
export const expected = expectedSchema.parse(JSON.parse(readText('expected.json')));

export function apiKeyOf(name: string): unknown {
  return records.get(`apikey:${expected.apiKeys[name]?.id ?? ''}`);
}
