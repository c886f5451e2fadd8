// What an operator relies on at the command line: it does what it says, and says so by its exit code.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { createUsers, type Users } from '../modules/users/index.ts';
import { systemClock } from '../platform/clock.ts';
import { openRedis, type RedisConnections } from '../platform/redis/index.ts';
import { runCli } from './program.ts';

let server: TestRedis;
let dir: string;
let config: Config;
let redis: RedisConnections;
let users: Users;

beforeAll(async () => {
  server = await startTestRedis();
  dir = mkdtempSync(`${tmpdir()}/crs-cli-`);
  config = loadConfig({ REDIS_URL: server.url }, dir);
  redis = openRedis(config.redis);
  users = createUsers(redis, systemClock);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

async function crs(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    loadConfig: () => config,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

test('a new password is given, works, and must be changed; the old one is gone', async () => {
  await users.ensureAdmin({ username: 'admin', password: 'old password 1' });
  const { code, out } = await crs('admin', 'reset-password', '--json');
  expect(code).toBe(0);
  const answer = z
    .strictObject({ username: z.literal('admin'), password: z.string(), mustChangePassword: z.literal(true) })
    .parse(JSON.parse(out));
  const user = await users.findByName('admin');
  expect(user?.mustChangePassword).toBe(true);
  expect(await users.checkPassword(user, answer.password)).toBe(true);
  expect(await users.checkPassword(user, 'old password 1')).toBe(false);
});

test('the same in words for people', async () => {
  const { code, out } = await crs('admin', 'reset-password', '--username', 'admin');
  expect(code).toBe(0);
  expect(out).toMatch(/^User {6}admin\nPassword {2}\S{10,}\nIt must be changed/);
});

test('a user that is not there is exit 1, on stderr or as JSON', async () => {
  expect(await crs('admin', 'reset-password', '--username', 'nobody')).toEqual({
    code: 1,
    out: '',
    err: 'There is no user named nobody. Start the gateway once, or pass --username.\n',
  });
  const { code, out } = await crs('admin', 'reset-password', '--username', 'nobody', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ error: { message: expect.stringContaining('nobody') as unknown } });
});

test('a command that does not exist, or options it does not have, are exit 1', async () => {
  expect(await crs('admin', 'make-coffee')).toMatchObject({
    code: 1,
    err: expect.stringContaining('unknown') as unknown,
  });
  expect(await crs('admin', 'reset-password', '--force')).toMatchObject({ code: 1 });
});

test('version and help are exit 0', async () => {
  expect(await crs('--version')).toEqual({ code: 0, out: `${config.version}\n`, err: '' });
  const help = await crs('--help');
  expect(help.code).toBe(0);
  expect(help.out).toContain('admin');
});

test('a Redis that is not there is named', async () => {
  const gone = await startTestRedis();
  await gone.stop();
  const lost = {
    ...config,
    redis: { ...config.redis, server: { type: 'single', host: '127.0.0.1', port: gone.port } },
  } as const;
  let err = '';
  const code = await runCli(['admin', 'reset-password'], {
    loadConfig: () => lost,
    out: () => {},
    err: (text) => (err += text),
  });
  expect(code).toBe(1);
  expect(err).toMatch(/^Redis is not reachable \(.*ECONNREFUSED.*\)\. Check the REDIS_ settings\.\n$/);
});
