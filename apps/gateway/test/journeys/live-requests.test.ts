// Requests as they end, told to whoever watches: over replicas, filtered, resumed from the ledger, at the reader's pace.
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RequestNews, requestNewsSchema } from '@crs/shared';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ADMIN_PASSWORD, startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';

interface Seen {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

interface Reader {
  readonly status: number;
  readonly events: Seen[];
  readonly news: () => RequestNews[];
  readonly ids: () => string[];
  readonly isClosed: () => boolean;
  readonly incoming: IncomingMessage;
  leave(): void;
}

let gateway: TestGateway;
let replica: Awaited<ReturnType<TestGateway['replica']>>;
let token = '';
let first: { secret: string; id: string };
let second: { secret: string; id: string };
const readers: Reader[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  replica = await gateway.replica();
  await addAccount(gateway);
  first = await addKey(gateway, { name: 'first' });
  second = await addKey(gateway, { name: 'second' });
  token = await signIn();
});
afterAll(async () => {
  await gateway.close();
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.leave();
});

async function signIn(): Promise<string> {
  const answer = await gateway.admin.auth.adminLogin({
    body: { username: 'admin', password: ADMIN_PASSWORD },
  });
  return answer.token;
}

function watch(url: string, query = '', headers: Record<string, string> = {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const outgoing = get(
      `${url}/api/v2/requests/live${query}`,
      { headers: { authorization: `Bearer ${token}`, ...headers } },
      (incoming) => {
        const events: Seen[] = [];
        let rest = '';
        let isClosed = false;
        incoming.setEncoding('utf8');
        incoming.on('data', (text: string) => {
          const pieces = (rest + text).split('\n\n');
          rest = pieces.pop() ?? '';
          for (const piece of pieces) {
            const read = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(piece)?.[1] ?? '';
            events.push({ id: read('id'), event: read('event'), data: JSON.parse(read('data') || 'null') });
          }
        });
        incoming.on('close', () => {
          isClosed = true;
        });
        incoming.on('error', () => undefined);
        const news = (): RequestNews[] =>
          events.filter(({ event }) => event === 'requests').map(({ data }) => requestNewsSchema.parse(data));
        const reader: Reader = {
          status: incoming.statusCode ?? 0,
          events,
          news,
          ids: () => news().flatMap(({ items }) => items.map(({ id }) => id)),
          isClosed: () => isClosed,
          incoming,
          leave: () => void outgoing.destroy(),
        };
        readers.push(reader);
        resolve(reader);
      },
    );
    outgoing.on('error', reject);
  });
}

async function ready(reader: Reader): Promise<void> {
  expect(reader.status).toBe(200);
  await expect.poll(() => reader.events[0]?.event, { timeout: 10_000 }).toBe('ready');
  // The lease stands when somebody listens; the first event is sent after it.
}

async function relay(url: string, secret: string): Promise<string> {
  const answer = await send(url, secret, { body: message('hi') });
  expect(answer.status).toBe(200);
  return String(answer.headers['x-request-id']);
}

const patient = { timeout: 15_000 };

test('rows of every replica come to every watcher, with what the filters name', async () => {
  const all = await watch(gateway.url);
  const filtered = await watch(replica.url, `?keyId=${second.id}&status=2xx`);
  await ready(all);
  await ready(filtered);
  const ids = [await relay(gateway.url, first.secret), await relay(replica.url, second.secret)];
  await expect.poll(() => all.ids().toSorted(), patient).toEqual(ids.toSorted());
  await expect.poll(() => filtered.ids(), patient).toEqual([ids[1]]);
  expect(all.news().flatMap(({ items }) => items)[0]).toMatchObject({
    status: 200,
    outcome: 'ok',
    attempts: 1,
  });
  expect(all.news().every(({ skipped }) => skipped === 0)).toBe(true);
});

test('nobody watches: nothing is told, and no request asks Redis for more', async () => {
  const { redis } = gateway.gateway.services;
  await expect
    .poll(() => gateway.gateway.services.live.watchers + replica.gateway.services.live.watchers, patient)
    .toBe(0);
  await redis.background.del(redis.keyspace.requestListeners);
  await relay(gateway.url, first.secret);
  await gateway.settled();
  await redis.background.config('RESETSTAT');
  for (let count = 0; count < 5; count += 1) await relay(gateway.url, first.secret);
  await gateway.settled();
  expect(await redis.background.info('commandstats')).not.toContain('cmdstat_publish');
  const subscribed = (await redis.background.call(
    'PUBSUB',
    'NUMSUB',
    redis.keyspace.requestNews,
  )) as unknown[];
  expect(subscribed[1]).toBe(0);
});

test('who comes back goes on after the last event he saw, each row once', async () => {
  const before = await watch(gateway.url);
  await ready(before);
  const seen = await relay(gateway.url, first.secret);
  await expect.poll(() => before.ids(), patient).toEqual([seen]);
  const lastEventId = before.events.findLast(({ event }) => event === 'requests')?.id ?? '';
  before.leave();
  await expect.poll(() => gateway.gateway.services.live.watchers, patient).toBe(0);
  const missed = [await relay(gateway.url, first.secret), await relay(replica.url, second.secret)];
  await gateway.settled();
  await replica.gateway.services.journal.drain(5000);

  const back = await watch(replica.url, '', { 'last-event-id': lastEventId });
  await ready(back);
  await expect.poll(() => back.ids().toSorted(), patient).toEqual(missed.toSorted());
  const later = await relay(gateway.url, first.secret);
  await expect.poll(() => back.ids().at(-1), patient).toBe(later);
  expect(new Set(back.ids()).size).toBe(back.ids().length);

  const byQuery = await watch(gateway.url, `?lastEventId=${lastEventId}&keyId=${second.id}`);
  await expect.poll(() => byQuery.ids(), patient).toEqual([missed[1]]);
});

test('what ends while a gateway does not hear the news is read from the ledger', async () => {
  const reader = await watch(gateway.url);
  await ready(reader);
  const ids = [await relay(replica.url, first.secret)];
  await expect.poll(() => reader.ids(), patient).toEqual(ids);
  const client = gateway.redis.client();
  for (let round = 0; round < 3; round += 1) {
    await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    ids.push(await relay(replica.url, first.secret));
    await replica.gateway.services.journal.drain(5000);
  }
  await expect.poll(() => reader.ids().toSorted(), patient).toEqual(ids.toSorted());
});

test('a reader who does not read gets the newest rows and the number of the others, not all of them', async () => {
  const { live } = gateway.gateway.services;
  const slow = live.watch({});
  const drops: string[] = [];
  const pieces = slow({
    signal: new AbortController().signal,
    lastEventId: null,
    isStillAllowed: () => Promise.resolve(true),
    drop: () => void drops.push('dropped'),
  })[Symbol.asyncIterator]();
  expect((await pieces.next()).value).toContain('event: ready');
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => relay(gateway.url, first.secret)));
  }
  await gateway.settled();
  await sleep(200);
  const value: unknown = (await pieces.next()).value;
  const { items, skipped } = requestNewsSchema.parse(
    JSON.parse(/^data: (.*)$/m.exec(String(value))?.[1] ?? ''),
  );
  expect(items.length).toBeLessThanOrEqual(100);
  expect(items.length + skipped).toBe(600);
  await pieces.return?.();
});

test('a stream ends with a word when its session does', async () => {
  const own = await signIn();
  const reader = await watch(gateway.url, '', { authorization: `Bearer ${own}` });
  await ready(reader);
  const answer = await fetch(`${gateway.url}/api/v2/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${own}` },
  });
  expect(answer.ok).toBe(true);
  await expect
    .poll(
      async () => {
        await relay(gateway.url, first.secret);
        return reader.events.at(-1);
      },
      { timeout: 20_000, interval: 500 },
    )
    .toMatchObject({ event: 'end', data: { reason: 'session-ended' } });
  await expect.poll(() => reader.isClosed(), patient).toBe(true);
});

test('without a session there is no stream', async () => {
  const reader = await watch(gateway.url, '', { authorization: 'Bearer nothing' });
  expect(reader.status).toBe(401);
});

test('a gateway that ends tells its watchers, and does not wait for them', async () => {
  const other = await gateway.replica();
  const reader = await watch(other.url);
  await ready(reader);
  await other.close();
  await expect
    .poll(() => reader.events.at(-1), patient)
    .toMatchObject({
      event: 'end',
      data: { reason: 'shutting-down' },
    });
});

test('a reader may begin some seconds back, and is told where more than a day would be missing', async () => {
  const id = await relay(gateway.url, first.secret);
  await gateway.settled();
  const recent = await watch(gateway.url, `?lastEventId=${Date.now() - 5000}-0&keyId=${first.id}`);
  await expect.poll(() => recent.ids(), patient).toContain(id);
  expect(recent.news().every(({ skipped }) => skipped === 0)).toBe(true);
  const old = await watch(gateway.url, '?lastEventId=1000-0');
  await expect.poll(() => old.news().some(({ skipped }) => skipped > 0), patient).toBe(true);
});
