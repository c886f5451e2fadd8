import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { RollingFile } from './rolling-file.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'crs-log-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function fileOf(name: string): string {
  const file = readdirSync(join(dir, 'logs')).find((entry) => entry.startsWith(`${name}.`));
  if (file === undefined) throw new Error(`no ${name} file`);
  return join(dir, 'logs', file);
}

test('with a folder each stream has its file, and errors of the application are in the error file as well', async () => {
  const out = join(dir, 'out');
  const log = createLog({ level: 'warn', dir: join(dir, 'logs') }, out);
  log.app.info('too quiet');
  log.app.warn({ port: 1 }, 'careful');
  log.app.error({ err: new Error('broken', { cause: new Error('cause') }) }, 'failed');
  log.audit.info({ action: 'key.create' }, 'audit');
  log.auth.info('auth');
  log.security.warn('security');
  log.error.error('elsewhere');
  await log.close();

  expect(linesOf(out).map(({ msg }) => msg)).toEqual(['careful', 'failed', 'elsewhere']);
  expect(linesOf(out)[0]).toMatchObject({
    level: 'warn',
    port: 1,
    time: expect.stringMatching(/Z$/) as unknown,
  });
  expect(linesOf(fileOf('audit'))).toMatchObject([{ name: 'audit', action: 'key.create' }]);
  expect(linesOf(fileOf('auth')).map(({ msg }) => msg)).toEqual(['auth']);
  expect(linesOf(fileOf('security')).map(({ msg }) => msg)).toEqual(['security']);
  expect(linesOf(fileOf('error'))).toMatchObject([
    { msg: 'failed', err: { message: 'broken', cause: { message: 'cause' } } },
    { msg: 'elsewhere' },
  ]);
  expect(statSync(fileOf('audit')).mode & 0o777).toBe(0o600);
});

test('without a folder everything goes to standard output', async () => {
  const out = join(dir, 'out');
  const log = createLog({ level: 'silent', dir: null }, out);
  log.app.error('silenced');
  log.audit.info('kept');
  log.security.info('kept too');
  await log.close();
  expect(linesOf(out).map(({ name, msg }) => [name, msg])).toEqual([
    ['audit', 'kept'],
    ['security', 'kept too'],
  ]);
});

const RELAY_KEY = `cr_${'5e'.repeat(32)}`;

test.each<[string, Record<string, unknown>]>([
  [
    'headers',
    { headers: { authorization: `Bearer ${RELAY_KEY}`, 'x-api-key': 'hidden-1', Cookie: 'hidden-2' } },
  ],
  ['a flat header list', { rawHeaders: ['X-Api-Key', 'hidden-3', 'accept', 'text/plain'] }],
  [
    'documents at any depth',
    { after: { settings: [{ credential: { apiKey: 'hidden-4' } }], password: 'hidden-5' } },
  ],
  [
    'names in any spelling',
    { access_token: 'hidden-6', secretHash: 'hidden-7', 'x-goog-api-key': 'hidden-8' },
  ],
  ['URLs', { url: '/v1/models?key=hidden-9&pageSize=2', redis: 'redis://user:hidden-10@host:6379/0' }],
  [
    'keys inside texts',
    { note: `got ${RELAY_KEY} and sk-ant-api03-hidden-11hidden-11 and Bearer hidden-12hidden` },
  ],
  [
    'errors of the driver',
    { err: Object.assign(new Error('WRONGPASS'), { command: { args: ['hidden-13'] } }) },
  ],
])('no secret is logged in %s', async (_name, fields) => {
  const out = join(dir, 'out');
  const log = createLog({ level: 'info', dir: null }, out);
  log.app.info(fields, `the message says ${RELAY_KEY}`);
  await log.close();
  const text = readFileSync(out, 'utf8');
  expect(text).not.toMatch(/hidden-\d|5e5e/);
  expect(text).toContain('[redacted]');
  expect(linesOf(out)).toHaveLength(1);
});

test('what is no secret stays, and the given object is not changed', async () => {
  const out = join(dir, 'out');
  const log = createLog({ level: 'info', dir: null }, out);
  const fields = {
    keyId: 'k',
    url: '/v1/messages?beta=true',
    usage: { tokens: 3 },
    password: 'x',
    list: [1, 'token'],
  };
  log.app.info(fields);
  await log.close();
  expect(linesOf(out)[0]).toMatchObject({ ...fields, password: '[redacted]' });
  expect(fields.password).toBe('x');
});

test('a file that cannot be opened is reported and ends nothing', async () => {
  const file = new RollingFile(join(dir, 'absent', 'audit'));
  const failed = new Promise((resolve) => file.once('error', resolve));
  file.write('line\n');
  expect(await failed).toBeInstanceOf(Error);
});

test('a line that is written in one go says what the logger would, keeps secrets out, and obeys the level', async () => {
  const out = join(dir, 'out');
  const log = createLog({ level: 'info', dir: null }, out);
  const fields = { requestId: 'req_1', model: 'sk-ant-0123456789abcdef0123', token: 'hidden', code: null };
  log.app.info(fields, 'relayed');
  log.line(fields, 'relayed');
  await log.close();
  log.line(fields, 'too late');
  const [one, other] = linesOf(out);
  expect({ ...other, time: '' }).toEqual({ ...one, time: '' });
  expect(JSON.stringify(other)).not.toMatch(/hidden|0123456789abcdef/);
  expect(linesOf(out)).toHaveLength(2);

  const quiet = createLog({ level: 'warn', dir: null }, join(dir, 'quiet'));
  quiet.line(fields, 'relayed');
  quiet.app.warn('seen');
  await quiet.close();
  expect(linesOf(join(dir, 'quiet')).map(({ msg }) => msg)).toEqual(['seen']);
});
