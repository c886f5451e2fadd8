import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createEvents } from '../../platform/events.ts';
import { forwardNotices, openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { Keys } from './index.ts';
import { noUses, surroundings, type TestUses } from './keys.fixture.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-01T12:00:00.000Z');

interface TestReplica {
  keys: Keys;
  redis: RedisConnections;
  errors: unknown[];
}

let server: TestRedis;
let replicas: TestReplica[] = [];
let nowMs = START_MS;
let uses: TestUses = noUses();

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server.stop();
});
afterEach(async () => {
  for (const { keys, redis } of replicas) {
    keys.stop();
    await redis.close();
  }
  replicas = [];
  nowMs = START_MS;
  uses = noUses();
  await server.flush();
});

/** One gateway process: its own connections, caches and list. */
async function replica(): Promise<TestReplica> {
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  const errors: unknown[] = [];
  const events = createEvents((error) => errors.push(error));
  forwardNotices(redis.notices, events);
  const keys = new Keys({
    redis,
    events,
    clock: { now: () => nowMs },
    pepper: 'p'.repeat(32),
    keyPrefix: 'cr_',
    ...surroundings(uses),
    onError: (error) => errors.push(error),
  });
  const opened = { keys, redis, errors };
  replicas.push(opened);
  return opened;
}

const firstPage = { page: 1, pageSize: 20, sort: '-createdAt' };
const names = ({ views }: { views: { key: { name: string } }[] }): string[] =>
  views.map(({ key }) => key.name);

describe('secrets', () => {
  test('a secret is the prefix and 64 hex digits, found again by it, and stored nowhere', async () => {
    const { keys, redis } = await replica();
    const { key, secret } = await keys.create({ name: 'laptop' });
    expect(secret).toMatch(/^cr_[0-9a-f]{64}$/);
    expect(key.hint).toBe(`${secret.slice(0, 7)}…${secret.slice(-4)}`);
    expect(await keys.authenticate(secret)).toMatchObject({ key: { id: key.id, name: 'laptop' } });

    const document = await redis.background.get(redis.keyspace.document('key', key.id));
    const index = await redis.background.hgetall(redis.keyspace.keySecrets);
    const gate = await redis.background.hgetall(redis.keyspace.keyGate(key.id, key.id));
    expect(JSON.stringify([document, index, gate])).not.toContain(secret.slice(10, 60));
  });

  test('an unknown secret is nobody, however often it is tried', async () => {
    const { keys } = await replica();
    await keys.create({ name: 'laptop' });
    expect(await keys.authenticate(`cr_${'0'.repeat(64)}`)).toBeNull();
    expect(await keys.authenticate(`cr_${'0'.repeat(64)}`)).toBeNull();
  });

  test('a key that was found once needs no Redis to be found again', async () => {
    const { keys, redis } = await replica();
    const { secret } = await keys.create({ name: 'laptop' });
    await keys.authenticate(secret);
    await redis.close();
    expect(await keys.authenticate(secret)).toMatchObject({ key: { name: 'laptop' } });
  });
});

describe('revocation', () => {
  test('a change on one replica is what another answers next', async () => {
    const [here, there] = [await replica(), await replica()];
    const { key, secret } = await here.keys.create({ name: 'laptop' });
    expect(await there.keys.authenticate(secret)).toMatchObject({ key: { enabled: true } });
    await here.keys.update(key.id, { enabled: false });
    // The process that made the change does not wait for the notice.
    expect(await here.keys.authenticate(secret)).toMatchObject({ key: { enabled: false } });
    await expect.poll(async () => (await there.keys.authenticate(secret))?.key.enabled).toBe(false);
    await here.keys.remove(key.id, 'root');
    await expect
      .poll(async () => (await there.keys.authenticate(secret))?.key.deletedAt)
      .toBe('2026-03-01T12:00:00.000Z');
  });

  test('what was read while a change came in is not remembered', async () => {
    const { keys } = await replica();
    const { key, secret } = await keys.create({ name: 'laptop' });
    await Promise.all([keys.authenticate(secret), keys.update(key.id, { enabled: false })]);
    expect(await keys.authenticate(secret)).toMatchObject({ key: { enabled: false } });
  });

  test('reload reads what is stored, although no notice came', async () => {
    const { keys, redis } = await replica();
    const { key, secret } = await keys.create({ name: 'laptop' });
    const presented = await keys.authenticate(secret);
    if (presented === null) throw new Error('the key is known');
    const stored = redis.keyspace.document('key', key.id);
    await redis.background.set(stored, JSON.stringify({ ...key, name: 'desk', version: 2 }));
    expect(await keys.authenticate(secret)).toMatchObject({ key: { name: 'laptop' } });
    expect(await keys.reload(presented)).toMatchObject({ key: { name: 'desk' } });
    expect(await keys.authenticate(secret)).toMatchObject({ key: { name: 'desk' } });
  });

  test('the gate tells admission version, state and end; the first use it noted survives changes', async () => {
    const { keys, redis } = await replica();
    const { key } = await keys.create({ name: 'trial', expiration: { afterFirstUse: { hours: 2 } } });
    const gate = redis.keyspace.keyGate(key.id, key.id);
    const open = { version: '1', state: 'active', expiresAtMs: '', afterFirstUseMs: '7200000' };
    expect(await redis.background.hgetall(gate)).toEqual(open);

    await redis.background.hset(gate, { activatedAtMs: '1000' });
    await keys.update(key.id, { enabled: false });
    const disabled = { ...open, version: '2', state: 'disabled', activatedAtMs: '1000' };
    expect(await redis.background.hgetall(gate)).toEqual(disabled);

    await keys.update(key.id, { enabled: true, expiration: { at: '2026-04-01T02:00:00+02:00' } });
    expect(await redis.background.hgetall(gate)).toEqual({
      version: '3',
      state: 'active',
      expiresAtMs: String(Date.parse('2026-04-01T00:00:00Z')),
      afterFirstUseMs: '',
      activatedAtMs: '1000',
    });
    await keys.remove(key.id, 'root');
    expect(await redis.background.hget(gate, 'state')).toBe('deleted');
    await keys.purge(key.id);
    expect(await redis.background.exists(gate)).toBe(0);
  });
});

describe('changes', () => {
  test('only the fields given change, lists lose doubles, times become UTC', async () => {
    const { keys } = await replica();
    const { key } = await keys.create({ name: 'laptop', tags: ['b', 'a', 'b'], concurrency: 3 });
    expect(key).toMatchObject({ tags: ['b', 'a'], permissions: 'all', enabled: true, version: 1 });
    nowMs += 1000;
    const { before, after } = await keys.update(key.id, {
      description: 'on the desk',
      expiration: { at: '2026-12-24T18:00:00+01:00' },
    });
    expect(before).toEqual(key);
    expect(after).toEqual({
      ...key,
      description: 'on the desk',
      expiration: { at: '2026-12-24T17:00:00.000Z' },
      updatedAt: '2026-03-01T12:00:01.000Z',
      version: 2,
    });
  });

  test('a change based on an old version is refused, one without a version is not', async () => {
    const { keys } = await replica();
    const { key } = await keys.create({ name: 'laptop' });
    await keys.update(key.id, { name: 'desk', version: 1 });
    await expect(keys.update(key.id, { name: 'phone', version: 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await keys.update(key.id, { description: 'x' })).after).toMatchObject({
      name: 'desk',
      version: 3,
    });
  });

  test('changes of different fields at the same time all arrive', async () => {
    const [here, there] = [await replica(), await replica()];
    const { key } = await here.keys.create({ name: 'laptop' });
    await Promise.all([
      here.keys.update(key.id, { description: 'on the desk' }),
      there.keys.update(key.id, { tags: ['team'] }),
      here.keys.update(key.id, { concurrency: 7 }),
    ]);
    const { key: now } = await here.keys.get(key.id);
    expect(now).toMatchObject({ description: 'on the desk', tags: ['team'], concurrency: 7, version: 4 });
  });

  test('unknown keys are not found', async () => {
    const { keys } = await replica();
    await expect(keys.get('nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(keys.update('nobody', { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(keys.purge('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('trash', () => {
  test('a deleted key is remembered with who and when, and comes back with the same secret', async () => {
    const { keys } = await replica();
    const { key, secret } = await keys.create({ name: 'laptop' });
    await keys.remove(key.id, 'root');
    expect(names(await keys.list(firstPage))).toEqual([]);
    expect(names(await keys.list({ ...firstPage, status: 'deleted' }))).toEqual(['laptop']);
    const trash = await keys.listDeleted({ ...firstPage, sort: '-deletedAt' });
    expect(trash).toMatchObject({ total: 1, views: [{ key: { deletedBy: 'root' } }] });

    await keys.restore(key.id);
    expect(await keys.authenticate(secret)).toMatchObject({
      key: { id: key.id, deletedAt: null, deletedBy: null },
    });
    expect(names(await keys.list(firstPage))).toEqual(['laptop']);
    expect((await keys.listDeleted({ ...firstPage, sort: '-deletedAt' })).total).toBe(0);
  });

  test('what does not fit the state is refused', async () => {
    const { keys } = await replica();
    const { key } = await keys.create({ name: 'laptop' });
    const wrongState = { code: 'wrong_state' };
    await expect(keys.restore(key.id)).rejects.toMatchObject(wrongState);
    await expect(keys.purge(key.id)).rejects.toMatchObject(wrongState);
    await keys.remove(key.id, 'root');
    await expect(keys.remove(key.id, 'root')).rejects.toMatchObject(wrongState);
    await expect(keys.update(key.id, { name: 'x' })).rejects.toMatchObject(wrongState);
  });

  test('a purged key is gone, its secret too', async () => {
    const { keys } = await replica();
    const { key, secret } = await keys.create({ name: 'laptop' });
    await keys.authenticate(secret);
    await keys.remove(key.id, 'root');
    expect(await keys.purge(key.id)).toMatchObject({ name: 'laptop' });
    expect(await keys.authenticate(secret)).toBeNull();
    await expect(keys.get(key.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await keys.listDeleted({ ...firstPage, sort: '-deletedAt' })).total).toBe(0);
  });
});

describe('lists', () => {
  test('a key made, changed or deleted on another replica is in the next answer', async () => {
    const [here, there] = [await replica(), await replica()];
    expect((await there.keys.list(firstPage)).total).toBe(0);
    const { key } = await here.keys.create({ name: 'laptop' });
    expect(names(await there.keys.list(firstPage))).toEqual(['laptop']);
    await here.keys.update(key.id, { name: 'desk' });
    expect(names(await there.keys.list(firstPage))).toEqual(['desk']);
    await here.keys.remove(key.id, 'root');
    expect((await there.keys.list(firstPage)).total).toBe(0);
  });

  test('search looks at name, description, tags, hint and id, whatever the case', async () => {
    const { keys } = await replica();
    const { key, secret } = await keys.create({
      name: 'Laptop',
      description: 'Kitchen table',
      tags: ['Home'],
    });
    await keys.create({ name: 'server' });
    for (const search of ['LAP', 'kitchen', 'home', secret.slice(0, 7), key.id.toUpperCase()]) {
      expect(names(await keys.list({ ...firstPage, search }))).toEqual(['Laptop']);
    }
    expect((await keys.list({ ...firstPage, search: 'nothing' })).total).toBe(0);
  });

  test('filters narrow, sorts order, pages cut', async () => {
    const { keys } = await replica();
    for (const [index, name] of ['delta', 'alpha', 'Charlie', 'bravo'].entries()) {
      nowMs += 1000;
      await keys.create({ name, tags: index % 2 === 0 ? ['even'] : [], enabled: name !== 'alpha' });
    }
    expect(names(await keys.list(firstPage))).toEqual(['bravo', 'Charlie', 'alpha', 'delta']);
    expect(names(await keys.list({ ...firstPage, sort: 'name' }))).toEqual([
      'alpha',
      'bravo',
      'Charlie',
      'delta',
    ]);
    expect(names(await keys.list({ ...firstPage, tag: 'even' }))).toEqual(['Charlie', 'delta']);
    expect(names(await keys.list({ ...firstPage, enabled: false }))).toEqual(['alpha']);
    expect(names(await keys.list({ ...firstPage, status: 'active', sort: 'name' }))).toHaveLength(3);
    const second = await keys.list({ page: 2, pageSize: 3, sort: 'name' });
    expect(names(second)).toEqual(['delta']);
    expect(second.total).toBe(4);
    expect(await keys.tags()).toEqual([{ tag: 'even', keys: 2 }]);
  });

  test('status, end and last use follow what happens to a key, and can be sorted by', async () => {
    const { keys, redis } = await replica();
    const made: Record<string, string> = {};
    const ends = {
      never: null,
      soon: { at: new Date(START_MS + DAY_MS).toISOString() },
      trial: { afterFirstUse: { hours: 1 } },
    };
    for (const [name, expiration] of Object.entries(ends))
      made[name] = (await keys.create({ name, expiration })).key.id;
    const byStatus = async (status: 'active' | 'not-activated' | 'expired'): Promise<string[]> =>
      names(await keys.list({ ...firstPage, sort: 'name', status }));
    expect(await byStatus('not-activated')).toEqual(['trial']);
    expect(await byStatus('active')).toEqual(['never', 'soon']);

    // As admission's script and the books note a first use.
    const trial = made['trial'] ?? '';
    await redis.background.hset(redis.keyspace.keyGate(trial, trial), { activatedAtMs: START_MS });
    await redis.background.zadd(redis.keyspace.keysLastUsed, START_MS, trial);
    expect(await byStatus('active')).toEqual(['never', 'soon', 'trial']);
    const byEnd = await keys.list({ ...firstPage, sort: 'expiresAt' });
    expect(names(byEnd)).toEqual(['trial', 'soon', 'never']);
    expect(byEnd.views[0]).toMatchObject({ activatedAtMs: START_MS, lastUsedAtMs: START_MS });
    expect(names(await keys.list({ ...firstPage, sort: '-lastUsedAt' }))[0]).toBe('trial');
    expect(names(await keys.list({ ...firstPage, sort: 'status' }))).toHaveLength(3);

    nowMs += 3_600_000;
    expect(await byStatus('expired')).toEqual(['trial']);
    nowMs += DAY_MS;
    expect(await byStatus('expired')).toEqual(['soon', 'trial']);
  });

  test('an overview counts the keys, and names those that end soon', async () => {
    const { keys, redis } = await replica();
    const at = (ms: number) => ({ at: new Date(START_MS + ms).toISOString() });
    await keys.create({ name: 'never' });
    const late = await keys.create({ name: 'Late', expiration: at(2 * DAY_MS) });
    await keys.create({ name: 'later', expiration: at(9 * DAY_MS) });
    await keys.create({ name: 'over', expiration: at(-1) });
    await keys.create({ name: 'off', enabled: false, expiration: at(DAY_MS) });
    const trial = await keys.create({ name: 'trial', expiration: { afterFirstUse: { days: 1 } } });
    const thrown = await keys.create({ name: 'thrown' });
    await keys.remove(thrown.key.id, 'root');
    expect(await keys.overview(7 * DAY_MS)).toEqual({
      total: 6,
      active: 3,
      expiring: [{ id: late.key.id, name: 'Late', expiresAtMs: START_MS + 2 * DAY_MS }],
    });
    await redis.background.hset(redis.keyspace.keyGate(trial.key.id, trial.key.id), {
      activatedAtMs: START_MS,
    });
    const { active, expiring } = await keys.overview(7 * DAY_MS);
    expect({ active, names: expiring.map(({ name }) => name) }).toEqual({
      active: 4,
      names: ['trial', 'Late'],
    });
    expect(await keys.names([thrown.key.id, 'gone', late.key.id])).toEqual(['thrown', null, 'Late']);
  });

  test('a document that cannot be read is reported and hides no other', async () => {
    const { keys, redis, errors } = await replica();
    await keys.create({ name: 'good' });
    const { key } = await keys.create({ name: 'bad' });
    await redis.background.set(redis.keyspace.document('key', key.id), '{"id":"x","version":1}');
    expect(names(await keys.list(firstPage))).toEqual(['good']);
    expect(errors).toHaveLength(1);
  });
});

describe('binds', () => {
  const toAccount = { kind: 'claude', accountId: 'a1' };
  const namesBound = async ({ keys }: TestReplica, target: { accountId: string } | { groupId: string }) =>
    (await keys.boundTo([target]))[0];

  test('the keys bound to an account or a group are found by name, those in the trash are not', async () => {
    const [here, there] = [await replica(), await replica()];
    await here.keys.create({ name: 'both', binds: [toAccount, { groupId: 'g1' }] });
    const { key } = await here.keys.create({ name: 'account only', binds: [toAccount] });
    await here.keys.create({ name: 'free' });
    expect(await namesBound(there, { accountId: 'a1' })).toEqual(['account only', 'both']);
    expect(await namesBound(there, { groupId: 'g1' })).toEqual(['both']);
    const listed = async (bound: { accountId?: string; groupId?: string }) =>
      (await there.keys.list({ page: 1, pageSize: 20, sort: 'name', ...bound })).views.map(
        ({ key: { name } }) => name,
      );
    expect(await listed({ accountId: 'a1' })).toEqual(['account only', 'both']);
    expect(await listed({ accountId: 'a1', groupId: 'g1' })).toEqual(['both']);
    expect(await listed({ groupId: 'g2' })).toEqual([]);
    await here.keys.remove(key.id, 'admin');
    expect(await namesBound(there, { accountId: 'a1' })).toEqual(['both']);
    await here.keys.restore(key.id);
    await here.keys.update(key.id, { binds: [{ groupId: 'g1' }] });
    expect(await namesBound(there, { accountId: 'a1' })).toEqual(['both']);
    expect(await namesBound(there, { groupId: 'g1' })).toEqual(['account only', 'both']);
  });

  test('a bind to what is not there is refused, and named', async () => {
    const { keys } = await replica();
    const binds = [toAccount, { kind: 'claude', accountId: 'gone' }];
    const refusal = {
      code: 'validation_failed',
      errors: [{ path: 'binds.1', message: 'there is no account of kind claude with the id gone' }],
    };
    await expect(keys.create({ name: 'lost', binds })).rejects.toMatchObject(refusal);
    const { key } = await keys.create({ name: 'bound', binds: [toAccount], bindFallback: true });
    await expect(keys.update(key.id, { binds })).rejects.toMatchObject(refusal);
    expect((await keys.get(key.id)).key).toMatchObject({ binds: [toAccount], bindFallback: true });
  });
});
