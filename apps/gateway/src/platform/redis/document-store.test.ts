// What admins rely on when they edit the same thing, and replicas when they hold copies of it.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { openRedis, type RedisConnections } from './connections.ts';
import { DocumentStore, InvalidDocument } from './document-store.ts';
import { Replica } from './replica.ts';

const schema = z.object({ id: z.string(), version: z.int(), name: z.string(), email: z.string().nullable() });
type Thing = z.output<typeof schema>;

const NAMES = 't:names';
let server: TestRedis;
let redis: RedisConnections;
let store: DocumentStore<Thing>;
const replicas: Replica<Thing>[] = [];

beforeAll(async () => {
  server = await startTestRedis();
});
beforeEach(async () => {
  redis = open();
  store = storeOn(redis);
  await redis.whenUp(5000);
});
afterEach(async () => {
  for (const replica of replicas.splice(0)) replica.stop();
  await redis.close();
  await server.flush();
});
afterAll(async () => {
  await server.stop();
});

function open(): RedisConnections {
  const single = { type: 'single', host: '127.0.0.1', port: server.port } as const;
  return openRedis({ server: single, username: null, password: null, db: 0, tls: false, keyPrefix: 't:' });
}

function storeOn(connections: RedisConnections): DocumentStore<Thing> {
  return new DocumentStore(connections, {
    noun: 'thing',
    schema,
    claims: ({ name, email }) => [
      { hash: NAMES, field: name },
      ...(email === null ? [] : [{ hash: 't:emails', field: email }]),
    ],
    gate: ({ id, version }) => ({
      key: `t:gate:${id}`,
      fields: { version: String(version), state: 'active' },
    }),
  });
}

function thing(id: string, over: Partial<Thing> = {}): Thing {
  return { id, version: 1, name: `name of ${id}`, email: null, ...over };
}

test('of several edits of one version one is saved', async () => {
  expect(await store.save(thing('a'), 0)).toBe('saved');
  expect(await store.save(thing('a'), 0)).toBe('stale');
  const edits = ['x', 'y', 'z'].map((name) => store.save(thing('a', { version: 2, name }), 1));
  expect((await Promise.all(edits)).toSorted()).toEqual(['saved', 'stale', 'stale']);
  expect((await store.get('a'))?.version).toBe(2);
  expect(await store.save(thing('gone', { version: 5 }), 4)).toBe('stale');
  await expect(store.save(thing('a', { version: 2 }), 2)).rejects.toThrow('next version');
});

test('a unique name is taken by one, given back on rename and removal, and never half', async () => {
  await store.save(thing('a', { name: 'one', email: 'e' }), 0);
  expect(await store.save(thing('b', { name: 'two', email: 'e' }), 0)).toBe('taken');
  expect(await store.findByClaim(NAMES, 'two')).toBeNull();
  expect(await store.save(thing('a', { version: 2, name: 'two' }), 1)).toBe('saved');
  expect(await store.findByClaim(NAMES, 'two')).toBe('a');
  expect(await store.findByClaim(NAMES, 'one')).toBeNull();
  expect(await store.findByClaim('t:emails', 'e')).toBeNull();
  expect(await store.save(thing('b', { name: 'one', email: 'e' }), 0)).toBe('saved');
  const stale = thing('a', { version: 1 });
  expect(await store.remove(stale)).toBe('stale');
  expect(await store.remove(thing('a', { version: 2, name: 'two' }))).toBe('removed');
  expect(await store.findByClaim(NAMES, 'two')).toBeNull();
  expect(await store.get('a')).toBeNull();
  expect(await store.getMany(['a', 'b'])).toEqual([null, thing('b', { name: 'one', email: 'e' })]);
});

test('the gate is written with the document, keeps what others put there, and goes with it', async () => {
  await store.save(thing('a'), 0);
  await redis.commands.hsetnx('t:gate:a', 'activatedAtMs', '7');
  await store.save(thing('a', { version: 2 }), 1);
  expect(await redis.commands.hgetall('t:gate:a')).toEqual({
    version: '2',
    state: 'active',
    activatedAtMs: '7',
  });
  await store.remove(thing('a', { version: 2 }));
  expect(await redis.commands.exists('t:gate:a')).toBe(0);
});

test('changes come in their order, each document once, in pieces', async () => {
  for (const id of ['a', 'b', 'c']) await store.save(thing(id), 0);
  const first = await store.changesSince(0, 2);
  expect(first).toMatchObject({ ids: ['a', 'b'], complete: false });
  const second = await store.changesSince(first.sequence, 2);
  expect(second).toMatchObject({ ids: ['c'], complete: true });
  await store.save(thing('a', { version: 2 }), 1);
  await store.remove(thing('b'));
  expect((await store.changesSince(second.sequence)).ids).toEqual(['a', 'b']);
  expect((await store.changesSince(0)).ids).toEqual(['c', 'a', 'b']);
});

test('a stored document that does not fit is refused by name', async () => {
  await store.save(thing('a'), 0);
  await redis.commands.set(
    redis.keyspace.document('thing', 'a'),
    '{"id":"a","version":1,"name":3,"email":null}',
  );
  await expect(store.get('a')).rejects.toThrow(/Stored thing a is not valid: name:/);
});

test('a replica follows what is saved and removed through any other connection', async () => {
  const other = open();
  const elsewhere = storeOn(other);
  await elsewhere.save(thing('a'), 0);
  const seen: string[] = [];
  const replica = new Replica(store, {
    onChange: (id, document) => seen.push(`${id} ${document?.version ?? 'gone'}`),
  });
  replicas.push(replica);
  await replica.start();
  expect(replica.all().map(({ id }) => id)).toEqual(['a']);
  await elsewhere.save(thing('a', { version: 2 }), 1);
  await elsewhere.save(thing('b'), 0);
  // By notice alone.
  await expect.poll(() => [replica.get('a')?.version, replica.get('b')?.version]).toEqual([2, 1]);
  await elsewhere.remove(thing('b'));
  await replica.refresh();
  expect(replica.get('b')).toBeUndefined();
  expect(seen).toEqual(expect.arrayContaining(['a 1', 'a 2', 'b 1', 'b gone']));
  await other.close();
});

test('refresh is exact under concurrent looks, and the list stays the same array until something changes', async () => {
  const replica = new Replica(store);
  replicas.push(replica);
  await replica.start();
  for (let version = 1; version <= 20; version += 1) {
    void replica.refresh();
    await store.save(thing('a', { version }), version - 1);
    await Promise.all([replica.refresh(), replica.refresh()]);
    expect(replica.get('a')?.version).toBe(version);
  }
  await replica.refresh();
  const list = replica.all();
  await replica.refresh();
  expect(replica.all()).toBe(list);
});

test('a replica skips a broken document and says so, without losing the others', async () => {
  for (const id of ['a', 'b', 'c']) await store.save(thing(id), 0);
  await redis.commands.set(redis.keyspace.document('thing', 'b'), '{}');
  const errors: unknown[] = [];
  const replica = new Replica(store, { onError: (error) => errors.push(error) });
  replicas.push(replica);
  await replica.start();
  expect(replica.all().map(({ id }) => id)).toEqual(['a', 'c']);
  expect(errors).toEqual([expect.any(InvalidDocument)]);
});

test('after a loss of connection a replica reads everything afresh', async () => {
  await store.save(thing('a'), 0);
  await store.save(thing('b', { version: 1 }), 0);
  const replica = new Replica(store);
  replicas.push(replica);
  await replica.start();
  // As after a failover that lost the last writes.
  await server.kill();
  await server.restart();
  await redis.whenUp(5000);
  const direct = server.client();
  await direct.set(
    redis.keyspace.document('thing', 'b'),
    JSON.stringify(thing('b', { version: 1, name: 'older' })),
  );
  await direct.zadd(redis.keyspace.documentChanges('thing'), 1, 'b');
  await expect
    .poll(
      async () => {
        await replica.refresh().catch(() => {});
        return replica.all().map(({ id, name }) => `${id} ${name}`);
      },
      { timeout: 5000 },
    )
    .toEqual(['b older']);
});
