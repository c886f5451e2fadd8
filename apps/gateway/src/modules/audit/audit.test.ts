// What an administrator did is written down twice, with before and after and never a secret.
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type AdminApi, startAdminApi } from '../../../test/admin-api.ts';
import { createEvents, type AuditEvent } from '../../platform/events.ts';
import { createAudit } from './audit.ts';
import { describeChange } from './describe-change.ts';

let admin: AdminApi;
beforeAll(async () => {
  admin = await startAdminApi();
});
afterAll(() => admin.stop());
afterEach(() => admin.reset());

type Line = Record<string, unknown> & { msg: string };

/** Logs that keep their lines. */
function listeningLog() {
  const lines = { audit: [] as Line[], auth: [] as Line[], security: [] as Line[] };
  const logger = (name: keyof typeof lines) =>
    pino(
      { base: null, timestamp: false },
      { write: (text) => void lines[name].push(JSON.parse(text) as Line) },
    );
  return { lines, log: { audit: logger('audit'), auth: logger('auth'), security: logger('security') } };
}

function start() {
  const events = createEvents((error) => {
    throw error;
  });
  const { lines, log } = listeningLog();
  return { events, lines, audit: createAudit({ events, log, redis: admin.redis, clock: admin.clock }) };
}

const act: AuditEvent = {
  actor: { id: 'u1', username: 'ada' },
  action: 'key.update',
  target: { type: 'key', id: 'k1', name: 'team' },
  before: { name: 'old', enabled: true, secretHash: 'aaaa' },
  after: { name: 'team', enabled: true, secretHash: 'bbbb' },
  requestId: 'req_1',
  ip: '203.0.113.1',
};
const written = {
  at: '2026-03-01T10:00:00.000Z',
  actor: act.actor,
  action: 'key.update',
  target: act.target,
  changes: [
    { path: 'name', before: 'old', after: 'team' },
    { path: 'secretHash', before: '[secret]', after: '[secret]' },
  ],
  requestId: 'req_1',
  ip: '203.0.113.1',
};

test('an act is in the log and in the trail, the latest last', async () => {
  const { events, lines, audit } = start();
  events.emit('audit', act);
  events.emit('audit', { ...act, action: 'key.delete', before: undefined, after: undefined });
  await audit.close();
  expect(lines.audit).toMatchObject([
    { ...written, msg: 'key.update' },
    { action: 'key.delete', changes: [] },
  ]);
  const trail = await admin.redis.commands.xrange(admin.redis.keyspace.auditLog, '-', '+');
  const entries = trail.map(([, [, text]]) => JSON.parse(text ?? '') as typeof written);
  expect(entries[0]).toEqual(written);
  expect(entries.map(({ action }) => action)).toEqual(['key.update', 'key.delete']);
});

test('the trail is bounded', async () => {
  const { events, audit } = start();
  for (let index = 0; index < 10_500; index += 1) events.emit('audit', act);
  await audit.close();
  const length = await admin.redis.commands.xlen(admin.redis.keyspace.auditLog);
  expect(length).toBeGreaterThanOrEqual(10_000);
  expect(length).toBeLessThan(10_300);
});

test('sign-ins go to the auth log, threats to the security log, failed sign-ins to both', async () => {
  const { events, lines, audit } = start();
  events.emit('security', { kind: 'login.succeeded', detail: { username: 'ada' } });
  events.emit('security', { kind: 'login.failed', detail: { username: 'eve' } });
  events.emit('security', { kind: 'relay.key_refused', detail: { ip: '203.0.113.9' } });
  await audit.close();
  expect(lines.auth.map(({ msg }) => msg)).toEqual(['login.succeeded', 'login.failed']);
  expect(lines.security).toMatchObject([
    { msg: 'login.failed', username: 'eve' },
    { msg: 'relay.key_refused', ip: '203.0.113.9' },
  ]);
  events.emit('audit', act);
  expect(lines.audit).toEqual([]);
});

test('changes are told field by field, however deep; lists as a whole', () => {
  const before = { models: { mode: 'deny', list: ['a'] }, tags: ['x'], priority: 50 };
  const after = { models: { mode: 'deny', list: ['a', 'b'] }, tags: ['x'], weight: 2 };
  expect(describeChange(before, after)).toEqual([
    { path: 'models.list', before: ['a'], after: ['a', 'b'] },
    { path: 'priority', before: 50 },
    { path: 'weight', after: 2 },
  ]);
});

test('no secret is written, wherever it sits', () => {
  const settings = {
    baseUrl: 'https://x.example',
    apiKey: 'sk-1',
    proxy: { host: 'p', password: 'pw-1' },
    maxTokens: 5,
  };
  const after = { credential: { accessToken: 'at-1', list: ['c-1'] }, settings, list: [{ token: 't-1' }] };
  const told = JSON.stringify([describeChange(undefined, after), describeChange({}, after)]);
  for (const secret of ['sk-1', 'pw-1', 'at-1', 'c-1', 't-1']) expect(told).not.toContain(secret);
  expect(told).toContain('https://x.example');
  expect(told).toContain('"maxTokens":5');
});
