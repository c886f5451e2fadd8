// What an administrator did is written down twice, with before and after and never a secret.
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AdminApi, startAdminApi } from '../../../test/admin-api.ts';
import { createEvents, type AuditEvent } from '../../platform/events.ts';
import { AuditRepository } from './audit.repository.ts';
import { auditHandlers } from './audit.routes.ts';
import { type Audit, createAudit } from './audit.ts';
import { describeChange } from './describe-change.ts';

let admin: AdminApi;
beforeAll(async () => {
  admin = await startAdminApi();
});
afterAll(() => admin.stop());
afterEach(async () => {
  admin.clock.nowMs = startMs;
  await admin.reset();
});

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
const startMs = Date.parse('2026-03-01T10:00:00Z');
const everything = { page: 1, pageSize: 20, sort: '-at' };
const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
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

test('an act is in the log and in the trail, the latest first', async () => {
  const { events, lines, audit } = start();
  events.emit('audit', act);
  events.emit('audit', { ...act, action: 'key.delete', before: undefined, after: undefined });
  await audit.close();
  expect(lines.audit).toMatchObject([
    { ...written, msg: 'key.update' },
    { action: 'key.delete', changes: [] },
  ]);
  const { items, total } = await audit.list(everything);
  expect(total).toBe(2);
  expect(items.map(({ action }) => action)).toEqual(['key.delete', 'key.update']);
  expect(items[1]).toEqual({ id: items[1]?.id, ...written });
});

describe('the trail', () => {
  /** A second after the other: three of one key by two users, one of a group, one of the gateway itself. */
  async function filled() {
    admin.clock.nowMs = startMs;
    const { events, audit } = start();
    const emit = (event: Partial<AuditEvent>): void => {
      events.emit('audit', { ...act, ...event });
      admin.clock.nowMs += 1000;
    };
    emit({});
    emit({ actor: { id: 'u2', username: 'bob' } });
    emit({ action: 'key.delete' });
    emit({ action: 'group.create', target: { type: 'group', id: 'g1', name: 'pool' } });
    emit({ actor: null, action: 'key.purge', target: { type: 'key', id: 'k2', name: null } });
    await audit.close();
    return audit;
  }

  test.each<[string, Partial<Parameters<Audit['list']>[0]>, string[]]>([
    ['a user', { actorId: 'u2' }, ['key.update']],
    ['an action', { action: 'key.delete' }, ['key.delete']],
    ['a type', { targetType: 'group' }, ['group.create']],
    ['a resource', { targetId: 'k1' }, ['key.delete', 'key.update', 'key.update']],
    ['a user and a type', { actorId: 'u1', targetType: 'key' }, ['key.delete', 'key.update']],
    ['text', { search: 'POOL' }, ['group.create']],
    ['text and a user', { search: 'bob', actorId: 'u1' }, []],
    ['a time', { from: '2026-03-01T10:00:01Z', to: '2026-03-01T10:00:03Z' }, ['key.delete', 'key.update']],
    ['the other order', { sort: 'at', pageSize: 2 }, ['key.update', 'key.update']],
    ['a later page', { page: 2, pageSize: 2 }, ['key.delete', 'key.update']],
    ['a page of matches', { targetType: 'key', action: 'key.update', page: 2, pageSize: 1 }, ['key.update']],
  ])('is searched by %s', async (_name, query, actions) => {
    const audit = await filled();
    const { items } = await audit.list({ ...everything, ...query });
    expect(items.map(({ action }) => action)).toEqual(actions);
  });

  test('knows the choices of its filters', async () => {
    expect(await (await filled()).facets()).toEqual({
      actions: ['group.create', 'key.delete', 'key.purge', 'key.update'],
      types: ['group', 'key'],
      actors: [
        { id: 'u1', username: 'ada' },
        { id: 'u2', username: 'bob' },
      ],
    });
  });

  test('forgets what is too old, with everything that leads there', async () => {
    const audit = await filled();
    const dropped = await audit.trim(Date.parse('2026-03-01T10:00:02Z'), new AbortController().signal);
    expect(dropped).toBe(2);
    expect((await audit.list(everything)).total).toBe(3);
    expect((await audit.list({ ...everything, actorId: 'u2' })).total).toBe(0);
    expect((await audit.list({ ...everything, action: 'key.update' })).total).toBe(0);
    expect(await admin.redis.commands.hlen(admin.redis.keyspace.auditEntries)).toBe(3);
  });

  test('is bounded, whatever its retention', async () => {
    await filled();
    const repository = new AuditRepository(admin.redis);
    expect(await repository.trim(0, 2, new AbortController().signal)).toBe(3);
    const left = await repository.ids('all', always, { newestFirst: true, offset: 0, limit: 9 });
    expect((await repository.entries(left)).map(({ action }) => action)).toEqual([
      'key.purge',
      'group.create',
    ]);
  });

  test('a range that ends before it begins is refused by name', async () => {
    const audit = await filled();
    const query = { ...everything, from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    await expect(audit.list(query)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test('as CSV it has a line a field, and no cell is a formula', async () => {
    const { events, audit } = start();
    events.emit('audit', {
      ...act,
      before: { name: '=1+1', tags: ['a'] },
      after: { name: '@x', tags: ['a', 'b'] },
    });
    await audit.close();
    const handlers = auditHandlers({ audit, clock: admin.clock });
    const file = await handlers.export({ query: {} } as never, undefined as never);
    let text = '';
    for await (const piece of file.pieces) text += String(piece);
    expect(file.name).toBe('audit-2026-03-01.csv');
    const lines = text.slice(1).trimEnd().split('\r\n');
    expect(lines[0]).toBe('time,user,action,type,id,name,field,before,after,address,request');
    expect(lines.slice(1)).toEqual([
      "2026-03-01T10:00:00.000Z,ada,key.update,key,k1,team,name,'=1+1,'@x,203.0.113.1,req_1",
      '2026-03-01T10:00:00.000Z,ada,key.update,key,k1,team,tags,"[""a""]","[""a"",""b""]",203.0.113.1,req_1',
    ]);
  });
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
