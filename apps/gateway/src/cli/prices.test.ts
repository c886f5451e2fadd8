// What an operator relies on when prices are looked at or renewed: nothing unchecked comes into force.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { loadPack, Pricing } from '../modules/pricing/index.ts';
import { systemClock } from '../platform/clock.ts';
import { openRedis, type RedisConnections } from '../platform/redis/index.ts';
import { runCli } from './program.ts';

const bundled = loadPack();
let server: TestRedis;
let dir: string;
let config: Config;
let redis: RedisConnections;
let newer: string;

beforeAll(async () => {
  server = await startTestRedis();
  dir = mkdtempSync(`${tmpdir()}/crs-prices-`);
  config = loadConfig({ REDIS_URL: server.url }, dir);
  redis = openRedis(config.redis);
  newer = join(dir, 'newer.json');
  const text = bundled.text.replace('"generated": "2026-11-21"', '"generated": "2026-12-01"');
  writeFileSync(
    newer,
    text.replace('"id":"claude-opus-5-5","provider":"anthropic","api":"chat","input":4', (row) => `${row}.5`),
  );
});
beforeEach(() => server.flush());
afterAll(async () => {
  await redis.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

async function crs(args: string[], answer: string | null = null) {
  let [out, err, asked] = ['', '', ''];
  const code = await runCli(args, {
    loadConfig: () => config,
    out: (text) => (out += text),
    err: (text) => (err += text),
    ask:
      answer === null
        ? null
        : async (question) => {
            asked += question;
            return answer;
          },
  });
  return { code, out, err, asked };
}

async function inForce(): Promise<string> {
  const { out } = await crs(['prices', 'show', '--json']);
  return (JSON.parse(out) as { pack: { date: string } }).pack.date;
}

test('a newer pack is shown with what it changes, asked for, put into force and on the audit trail', async () => {
  const { code, out, asked } = await crs(['prices', 'update', newer], 'y');
  expect(asked).toContain('0 models added, 0 removed, 1 changed');
  expect(asked).toContain('~ anthropic/claude-opus-5-5: input 4 -> 4.5');
  expect(out).toMatch(/^2026-12-01-[0-9a-f]{8} is in force/);
  expect(code).toBe(0);
  expect(await inForce()).toBe('2026-12-01');
  const trail = JSON.stringify(await redis.commands.hgetall(redis.keyspace.auditEntries));
  expect(trail).toContain('pricing.update');
  expect(trail).toContain('2026-12-01');
});

test('a no, a dry run, or nobody to ask changes nothing', async () => {
  expect(await crs(['prices', 'update', newer], 'n')).toMatchObject({
    code: 1,
    out: 'Nothing was changed.\n',
  });
  const dry = await crs(['prices', 'update', newer, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.out).toContain('input 4 -> 4.5');
  expect(await crs(['prices', 'update', newer])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--yes') as unknown,
  });
  expect(await crs(['prices', 'update', newer, '--json'], 'y')).toMatchObject({ code: 1, asked: '' });
  expect(await inForce()).toBe('2026-11-21');
});

test('with --yes and --json one document says what happened; a second time nothing does', async () => {
  const first = await crs(['prices', 'update', newer, '--yes', '--json']);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.out)).toMatchObject({
    from: bundled.id,
    date: '2026-12-01',
    applied: true,
    added: [],
    changed: [{ model: 'anthropic/claude-opus-5-5', changes: ['input 4 -> 4.5'] }],
  });
  const second = await crs(['prices', 'update', newer, '--yes', '--json']);
  expect(JSON.parse(second.out)).toMatchObject({ applied: false });
});

test.each([
  ['{', /no JSON/],
  ['{}', /schema_version/],
  [bundled.text.replace('"input":4,', '"input":4.0000001,'), /models\.\d+\.input: must be USD per million/],
  [
    bundled.text.replace('"generated": "2026-11-21"', '"generated": "2026-01-01"'),
    /newer one, of 2026-11-21/,
  ],
])('a file that must not come into force is refused with the place: %#', async (text, message) => {
  const file = join(dir, 'broken.json');
  writeFileSync(file, text);
  const { code, err } = await crs(['prices', 'update', file, '--yes']);
  expect(code).toBe(1);
  expect(err).toMatch(message);
  expect(await inForce()).toBe('2026-11-21');
});

test('a file that is not there is named', async () => {
  expect(await crs(['prices', 'update', '/nowhere.json', '--yes'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('/nowhere.json cannot be read') as unknown,
  });
});

test('all prices are a table, one model is shown over time, an unknown one is exit 1', async () => {
  const all = await crs(['prices', 'show']);
  expect(all.out).toMatch(/^MODEL +INPUT +OUTPUT/m);
  expect(all.out).toMatch(/^anthropic\/claude-opus-5-5 +4 +20 +5 +8 +0\.2$/m);
  expect(all.out).toMatch(/^anthropic\/claude-haiku-5-5 .*\n {2}above 100000 +0\.5 +2\.5/m);
  const pricing = new Pricing({
    redis,
    clock: systemClock,
    bundled,
    onError: (error) => expect.unreachable(String(error)),
  });
  await pricing.start();
  await pricing.update({ overrides: [{ model: 'claude-sonnet-5-5', usdPerMTok: { input: 1.25 } }] }, 'root');
  await pricing.stop();
  const one = await crs(['prices', 'show', 'anthropic/claude-sonnet-5-5']);
  expect(one.code).toBe(0);
  expect(one.out).toContain('from 2026-10-07T00:00:00.000Z (list)');
  expect(one.out).toMatch(/\(override by root\)\n {4}input 1\.25, output/);
  expect((await crs(['prices', 'show', 'nothing'])).code).toBe(1);
});
