import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DEMO_DIR_PREFIX } from '../directory.ts';
import { requireThrowAway } from './throw-away.ts';

const made: string[] = [];

afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
});

/** As the launcher leaves one whose Redis listens on port 6400. */
function dataDir(prefix = DEMO_DIR_PREFIX): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  made.push(dir);
  mkdirSync(join(dir, 'redis'));
  writeFileSync(join(dir, 'redis.json'), JSON.stringify({ port: 6400, password: 'secret' }));
  return dir;
}

const redisIn = (dir: string) => ({ call: async () => ['dir', dir] });

test('the demo’s own empty Redis may be filled', async () => {
  const dir = dataDir();
  const asked = { redis: redisIn(join(dir, 'redis')), port: 6400, dataDir: dir, hasRows: false };
  await expect(requireThrowAway(asked)).resolves.toBeUndefined();
});

test('no other one may be', async () => {
  const dir = dataDir();
  const asked = { redis: redisIn(join(dir, 'redis')), port: 6400, dataDir: dir, hasRows: false };
  await expect(requireThrowAway({ ...asked, hasRows: true })).rejects.toThrow('already');
  await expect(requireThrowAway({ ...asked, port: 6379 })).rejects.toThrow('not the Redis');
  await expect(requireThrowAway({ ...asked, redis: redisIn(tmpdir()) })).rejects.toThrow('elsewhere');
  const real = dataDir('relay-data-');
  const lasting = { ...asked, dataDir: real, redis: redisIn(join(real, 'redis')) };
  await expect(requireThrowAway(lasting)).rejects.toThrow('not the data directory of a demo');
});
