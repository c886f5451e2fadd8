import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { newRequestId } from '../../platform/ids.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import {
  type Admission,
  type Claim,
  createLimits,
  type LimitedKey,
  type Limits,
  type Reservation,
  type SettledRow,
} from './index.ts';
import type { LimitPolicy } from './meters.ts';

const USD = 1_000_000_000;
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-10T12:00:00Z');

let server: TestRedis;
let replicas: Replica[] = [];
let nowMs = START_MS;
let users: Record<string, LimitPolicy> = {};

interface Replica {
  readonly redis: RedisConnections;
  readonly limits: Limits;
}

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server.stop();
});
afterEach(async () => {
  for (const { limits } of replicas) limits.close();
  for (const redis of new Set(replicas.map((one) => one.redis))) await redis.close();
  replicas = [];
  nowMs = START_MS;
  users = {};
  await server.flush();
});

async function replica(leaseMs?: number): Promise<Replica> {
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  const limits = createLimits(redis, {
    calendar: createCalendar({ type: 'zone', name: 'Europe/Berlin' }),
    clock: { now: () => nowMs },
    limitsOfUser: (id) => users[id] ?? null,
    onProblem: () => undefined,
    ...(leaseMs === undefined ? {} : { leaseMs }),
  });
  const opened = { redis, limits };
  replicas.push(opened);
  return opened;
}

async function gate(
  redis: RedisConnections,
  fields: Record<string, string> = {},
  { id, userId }: Pick<LimitedKey, 'id' | 'userId'> = key,
): Promise<void> {
  await redis.background.hset(redis.keyspace.keyGate(userId ?? id, id), {
    version: '1',
    state: 'active',
    ...fields,
  });
}

const noLimits: LimitPolicy = {
  concurrency: 0,
  windows: [],
  budgets: [],
  weeklyReset: { day: 1, hour: 0 },
};
const key: LimitedKey = { id: 'k', version: 1, userId: null, queue: null, ...noLimits };

function claim(parts: Partial<Claim> = {}): Claim {
  return {
    requestId: newRequestId(nowMs),
    atMs: nowMs,
    model: 'claude-sonnet-5-5',
    mode: 'strict',
    reserve: { usd: 0, tokens: 0 },
    facts: () => '{}',
    ...parts,
  };
}

/** The rows of a request that has ended: one attempt and the request itself. */
function ended(
  { requestId, atMs }: Claim,
  admission: Admission,
  parts: Partial<SettledRow> = {},
): SettledRow[] {
  if (admission.type !== 'reserved') throw new Error(`not admitted: ${JSON.stringify(admission)}`);
  const shared = {
    requestId,
    keyId: 'k',
    userId: null,
    atMs,
    isNew: true,
    counters: admission.reservation.counters,
    ...parts,
  };
  const { chargedNanoUsd = 0, tokens = 0, requests = 1 } = parts;
  return [
    { ...shared, type: 'attempt', id: `${requestId}.1`, chargedNanoUsd, tokens, requests: 0 },
    { ...shared, type: 'request', id: requestId, chargedNanoUsd: 0, tokens: 0, requests },
  ];
}

test.each([
  [{ state: 'disabled' }, 'disabled'],
  [{ state: 'deleted' }, 'deleted'],
  [{ expiresAtMs: String(Date.now() - 1) }, 'expired'],
  [{ afterFirstUseMs: '1000', activatedAtMs: String(Date.now() - 2000) }, 'expired'],
])('a key whose gate says %j is refused as %s', async (fields, reason) => {
  const { redis, limits } = await replica();
  await gate(redis, fields);
  expect(await limits.admit(key, claim())).toEqual({ type: 'refused', reason });
});

test('a purged key is refused, and a changed one is stale', async () => {
  const { redis, limits } = await replica();
  expect(await limits.admit(key, claim())).toEqual({ type: 'refused', reason: 'missing' });
  await gate(redis, { version: '2' });
  expect(await limits.admit(key, claim())).toEqual({ type: 'stale' });
});

test('the first use activates a key that lives from its first use, once', async () => {
  const { redis, limits } = await replica();
  await gate(redis, { afterFirstUseMs: '60000' });
  await limits.admit(key, claim());
  const first = await redis.background.hget(redis.keyspace.keyGate('k', 'k'), 'activatedAtMs');
  expect(Math.abs(Number(first) - Date.now())).toBeLessThan(5000);
  await sleep(5);
  await limits.admit(key, claim());
  expect(await redis.background.hget(redis.keyspace.keyGate('k', 'k'), 'activatedAtMs')).toBe(first);
});

test('the account of the session is read in the same call', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const session = redis.keyspace.sticky('k', 'k', 's');
  await redis.background.set(session, 'a');
  expect(await limits.admit(key, claim(), session)).toMatchObject({ sessionAccountId: 'a' });
  expect(await limits.admit(key, null, session)).toMatchObject({ sessionAccountId: 'a' });
  expect(await limits.admit(key, claim())).toMatchObject({ sessionAccountId: null });
});

test('of 60 calls from three replicas at a key with room for 7 exactly 7 are admitted, and room comes back', async () => {
  const three = [await replica(), await replica(), await replica()];
  const [first] = three;
  if (first === undefined) throw new Error('no replica');
  await gate(first.redis);
  const seven = { ...key, concurrency: 7 };
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => (three[index % 3] ?? first).limits.admit(seven, claim())),
  );
  const reserved = answers.flatMap((answer) => (answer.type === 'reserved' ? [answer.reservation] : []));
  expect(reserved).toHaveLength(7);
  expect(answers.find(({ type }) => type === 'limit')).toMatchObject({
    refusal: { limit: 'concurrency', owner: 'key', max: 7, used: 7 },
  });
  expect(await first.limits.states([seven, key])).toMatchObject([
    [{ limit: 'concurrency', max: 7, used: 7 }],
    [],
  ]);
  for (const reservation of reserved) {
    reservation.release();
    reservation.release();
  }
  await expect.poll(() => first.limits.states([seven])).toMatchObject([[{ used: 0 }]]);
});

test('a lease is prolonged while its request runs, and runs out when its process is gone', async () => {
  const alive = await replica(300);
  await gate(alive.redis);
  const one = { ...key, concurrency: 1 };
  expect((await alive.limits.admit(one, claim())).type).toBe('reserved');
  await sleep(700);
  expect((await alive.limits.admit(one, claim())).type).toBe('limit');
  // The process ends: nobody prolongs any more.
  alive.limits.close();
  await sleep(400);
  expect((await alive.limits.admit(one, claim())).type).toBe('reserved');
});

test.each([
  ['budget', { budgets: [{ every: 'day', usd: 0.5 }] }],
  ['usd', { windows: [{ every: 'hour', count: 1, usd: 0.5 }] }],
  ['tokens', { windows: [{ every: 'day', count: 2, tokens: 5000 }] }],
  ['requests', { windows: [{ every: 'minute', count: 5, requests: 50 }] }],
] as const)(
  'of 500 calls from three replicas at a limit of %s with room for 50 exactly 50 are admitted',
  async (limit, policy) => {
    const three = [await replica(), await replica(), await replica()];
    const [first] = three;
    if (first === undefined) throw new Error('no replica');
    await gate(first.redis);
    const limited: LimitedKey = { ...key, ...structuredClone<object>(policy) };
    const claims = Array.from({ length: 500 }, () => claim({ reserve: { usd: USD / 100, tokens: 100 } }));
    const answers: Awaited<ReturnType<Limits['admit']>>[] = [];
    // A hundred at a time: on a busy machine more would wait longer for Redis than a request may.
    for (let from = 0; from < claims.length; from += 100) {
      const wave = claims.slice(from, from + 100);
      const asked = wave.map((one, index) => (three[index % 3] ?? first).limits.admit(limited, one));
      answers.push(...(await Promise.all(asked)));
    }
    const admitted = claims.filter((_, index) => answers[index]?.type === 'reserved');
    expect(admitted).toHaveLength(50);
    const full = limit === 'tokens' ? 5000 : limit === 'requests' ? 50 : USD / 2;
    expect(answers.find(({ type }) => type === 'limit')).toMatchObject({
      refusal: { limit, max: full, used: 0, held: full },
    });

    // Every second one costs half of what it reserved, the others nothing: no request, no money.
    const rows = claims.flatMap((one, index) => {
      const answer = answers[index];
      if (answer?.type !== 'reserved') return [];
      const place = admitted.indexOf(one);
      return place % 2 === 0
        ? ended(one, answer, { chargedNanoUsd: USD / 200, tokens: 50 })
        : ended(one, answer, { requests: 0 });
    });
    await first.limits.settle(rows);
    // The ledger does not learn anything new from a repeated delivery.
    const repeated = rows.map((row) => ({ ...row, isNew: false }));
    await Promise.all(three.map(({ limits }) => limits.settle(repeated)));
    const used = limit === 'requests' ? 25 : full / 4;
    expect(await first.limits.states([limited])).toMatchObject([[{ limit, used, held: 0 }]]);
  },
);

test('rows of one request settle once, however often they are delivered', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = { ...key, budgets: [{ every: 'total', usd: 1 }] };
  const one = claim({ reserve: { usd: 100, tokens: 0 } });
  const rows = ended(one, await limits.admit(limited, one), { chargedNanoUsd: 60 });
  const [attempt] = rows;
  if (attempt === undefined) throw new Error('no row');
  await limits.settle([attempt]);
  await limits.settle([attempt]);
  expect(await limits.states([limited])).toMatchObject([[{ used: 60, held: 40 }]]);
  await limits.settle(rows);
  expect(await limits.states([limited])).toMatchObject([[{ used: 60, held: 0 }]]);
  await limits.settle(rows.map((row) => ({ ...row, isNew: false })));
  expect(await limits.states([limited])).toMatchObject([[{ used: 60, held: 0 }]]);
});

test.each(['there', 'lost by a failover'])(
  'rows that are settled twice as new, because the driver sent their call again, count once; their hold is %s',
  async (hold) => {
    const { redis, limits } = await replica();
    await gate(redis);
    const budget: LimitedKey = { ...key, budgets: [{ every: 'total', usd: 5 }] };
    const asked = claim({ reserve: { usd: USD, tokens: 10 } });
    const rows = ended(asked, await limits.admit(budget, asked), { chargedNanoUsd: USD / 4 });
    if (hold !== 'there') await redis.background.hdel(redis.keyspace.limitHolds('k'), asked.requestId);
    const calls: (string | number | Buffer)[][] = [];
    const sendCommand = redis.background.sendCommand.bind(redis.background);
    redis.background.sendCommand = (command, stream) => {
      if (command.name === 'evalsha') calls.push([...command.args] as string[]);
      return sendCommand(command, stream);
    };
    await limits.settle(rows);
    redis.background.sendCommand = sendCommand;
    const [call = []] = calls;
    for (let again = 0; again < 2; again += 1) await redis.background.call('evalsha', call);
    expect(await limits.states([budget])).toMatchObject([[{ limit: 'budget', used: USD / 4 }]]);
    const memory = await redis.background.pttl(String(call[2]));
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThanOrEqual(60_000);
  },
);

test('a row that is delivered twice in one batch counts once', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const budget: LimitedKey = { ...key, budgets: [{ every: 'total', usd: 5 }] };
  const asked = claim({ reserve: { usd: USD, tokens: 10 } });
  const rows = ended(asked, await limits.admit(budget, asked), { chargedNanoUsd: USD / 4 });
  await limits.settle([...rows, ...rows.map((row) => ({ ...row, isNew: false }))]);
  expect(await limits.states([budget])).toMatchObject([[{ limit: 'budget', used: USD / 4, held: 0 }]]);
});

test('after an outage nothing is given up until everybody had the time to deliver', async () => {
  const { redis } = await replica();
  await gate(redis);
  const options = {
    calendar: createCalendar({ type: 'zone', name: 'Europe/Berlin' }),
    clock: { now: () => nowMs },
    leaseMs: 30,
    graceMs: 400,
    onProblem: () => undefined,
  };
  const [dying, looking] = [createLimits(redis, options), createLimits(redis, options)];
  replicas.push({ redis, limits: looking });
  const asked = claim();
  await dying.admit(key, asked);
  dying.close();
  await sleep(500);
  expect(await looking.lostHolds()).toMatchObject([{ requestId: asked.requestId }]);
  const ready = new Promise((resolve) => redis.commands.once('ready', resolve));
  await redis.background.call('CLIENT', 'KILL', 'TYPE', 'normal');
  await ready;
  expect(await looking.lostHolds()).toEqual([]);
  await sleep(500);
  expect(await looking.lostHolds()).toHaveLength(1);
});

test('a budget that is set later knows what was spent before, in its own periods', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const one = claim();
  await limits.settle(ended(one, await limits.admit(key, one), { chargedNanoUsd: USD }));
  const budgets = (['day', 'week', 'month', 'total'] as const).map((every) => ({ every, usd: 1 }));
  const limited = { ...key, budgets };
  const [states] = await limits.states([limited]);
  expect(states?.map(({ used, resetsAt }) => [used, resetsAt])).toEqual([
    [USD, '2026-11-10T23:00:00.000Z'],
    [USD, '2026-11-15T23:00:00.000Z'],
    [USD, '2026-11-30T23:00:00.000Z'],
    [USD, null],
  ]);
  nowMs += 24 * 60 * MINUTE_MS;
  expect((await limits.states([limited])).flat().map(({ used }) => used)).toEqual([0, USD, USD, USD]);
  const spent = await limits.admit(limited, claim({ reserve: { usd: 1, tokens: 1 } }));
  expect(spent).toMatchObject({ refusal: { limit: 'budget', every: 'week', used: USD, held: 0 } });
});

test('a window slides: what it saw leaves it a sixtieth at a time', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = { ...key, windows: [{ every: 'minute', count: 1, requests: 3 }] };
  const use = async (): Promise<Admission> => {
    const one = claim();
    const answer = await limits.admit(limited, one);
    if (answer.type === 'reserved') await limits.settle(ended(one, answer));
    return answer;
  };
  await use();
  nowMs += 20_000;
  await use();
  await use();
  const refused = await use();
  expect(refused).toMatchObject({
    refusal: { limit: 'requests', every: 'minute', count: 1, max: 3, used: 3, held: 0 },
  });
  // The first one leaves when its bucket has: a minute after its second is over.
  expect(refused.type === 'limit' && refused.refusal.resetsAtMs).toBe(START_MS + 61_000);
  nowMs = START_MS + 60_999;
  expect((await use()).type).toBe('limit');
  nowMs = START_MS + 61_000;
  expect((await use()).type).toBe('reserved');
  expect((await use()).type).toBe('limit');
  nowMs = START_MS + 81_000;
  expect((await limits.states([limited])).flat()).toMatchObject([{ used: 1 }]);
  nowMs = START_MS + 10 * MINUTE_MS;
  expect((await limits.states([limited])).flat()).toMatchObject([{ used: 0, resetsAt: null }]);
  for (let call = 0; call < 3; call += 1) expect((await use()).type).toBe('reserved');
  expect((await use()).type).toBe('limit');
});

test('limits for some models count only those', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = {
    ...key,
    windows: [{ every: 'day', count: 1, requests: 1, models: ['claude-opus-*'] }],
    budgets: [{ every: 'week', usd: 1, models: ['claude-opus-*', 'gpt-*'] }],
  };
  const opus = { model: 'claude-opus-5-5', reserve: { usd: 10, tokens: 1 } };
  expect((await limits.admit(limited, claim(opus))).type).toBe('reserved');
  expect(await limits.admit(limited, claim(opus))).toMatchObject({
    refusal: { limit: 'requests', models: ['claude-opus-*'] },
  });
  for (let call = 0; call < 3; call += 1) {
    expect((await limits.admit(limited, claim({ reserve: { usd: 10, tokens: 1 } }))).type).toBe('reserved');
  }
  expect((await limits.states([limited])).flat()).toMatchObject([
    { limit: 'budget', every: 'week', held: 10, models: ['claude-opus-*', 'gpt-*'] },
    { limit: 'requests', every: 'day', held: 1 },
  ]);
});

test("a user's limits hold for all of his keys together, and are given back when a key's own refuses", async () => {
  const { redis, limits } = await replica();
  users = { u: { ...noLimits, concurrency: 3, budgets: [{ every: 'month', usd: 1 }] } };
  const one: LimitedKey = { ...key, id: 'one', userId: 'u' };
  const other: LimitedKey = { ...one, id: 'other', budgets: [{ every: 'day', usd: 0.1 }] };
  await gate(redis, {}, one);
  await gate(redis, {}, other);
  const big = { reserve: { usd: USD / 2, tokens: 0 } };
  expect(await limits.admit(other, claim(big))).toMatchObject({ refusal: { owner: 'key', every: 'day' } });
  const first = claim(big);
  const admitted = await limits.admit(one, first);
  expect(admitted.type).toBe('reserved');
  expect((await limits.admit(one, claim(big))).type).toBe('reserved');
  const small = { reserve: { usd: 1, tokens: 0 } };
  expect(await limits.admit(other, claim(small))).toMatchObject({
    refusal: { limit: 'budget', owner: 'user', max: USD, held: USD },
  });
  await limits.settle(ended(first, admitted, { keyId: 'one', userId: 'u', chargedNanoUsd: USD / 4 }));
  expect((await limits.admit(other, claim(small))).type).toBe('reserved');
  expect((await limits.admit(other, claim(small))).type).toBe('reserved');
  expect(await limits.admit(one, claim(small))).toMatchObject({
    refusal: { limit: 'concurrency', owner: 'user', max: 3, used: 3 },
  });
  expect(await limits.states([one])).toMatchObject([
    [
      { limit: 'concurrency', owner: 'user', used: 3 },
      { limit: 'budget', owner: 'user', every: 'month', used: USD / 4, held: USD / 2 + 2 },
    ],
  ]);
});

test('another attempt reserves what the first has cost, where there is room', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = { ...key, budgets: [{ every: 'day', usd: 0.000001 }] };
  const answer = await limits.admit(limited, claim({ reserve: { usd: 600, tokens: 0 } }));
  if (answer.type !== 'reserved') throw new Error('not admitted');
  expect(await answer.reservation.topUp({ usd: 400, tokens: 0 })).toBeNull();
  expect(await answer.reservation.topUp({ usd: 1, tokens: 0 })).toMatchObject({ used: 0, held: 1000 });
  expect(await limits.states([limited])).toMatchObject([[{ held: 1000 }]]);
});

test('expected amounts larger than a whole limit do not keep every request out', async () => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = { ...key, budgets: [{ every: 'day', usd: 0.000001 }] };
  const large = { reserve: { usd: 5000, tokens: 0 } };
  expect((await limits.admit(limited, claim({ ...large, mode: 'strict' }))).type).toBe('limit');
  expect((await limits.admit(limited, claim({ ...large, mode: 'expected' }))).type).toBe('reserved');
  expect((await limits.admit(limited, claim({ ...large, mode: 'expected' }))).type).toBe('limit');
});

test('an account admits as many as it allows over all replicas', async () => {
  const one = await replica();
  const other = await replica();
  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? one : other).limits.enterAccount('a', 3, `t${index}`),
    ),
  );
  const places = taken.filter((place): place is Reservation => place !== null);
  expect(places).toHaveLength(3);
  places[0]?.release();
  await expect.poll(() => one.limits.enterAccount('a', 3, 'later')).not.toBeNull();
});

test('an admission with four limits is one command, and neither KEYS nor SCAN is ever sent', async ({
  annotate,
}) => {
  const { redis, limits } = await replica();
  await gate(redis);
  const limited: LimitedKey = {
    ...key,
    concurrency: 1000,
    windows: [{ every: 'minute', count: 1, requests: 1000, tokens: 10_000_000 }],
    budgets: [{ every: 'month', usd: 100 }],
  };
  await limits.admit(limited, claim());
  await redis.background.config('RESETSTAT');
  const rows: SettledRow[] = [];
  for (let index = 0; index < 300; index += 1) {
    const one = claim({ reserve: { usd: 1000, tokens: 100 } });
    rows.push(...ended(one, await limits.admit(limited, one), { chargedNanoUsd: 500, tokens: 50 }));
  }
  const stats = await redis.background.info('commandstats');
  const [, calls, perCall] = /cmdstat_evalsha:calls=(\d+),usec=\d+,usec_per_call=([\d.]+)/u.exec(stats) ?? [];
  expect(calls).toBe('300');
  expect(stats).not.toMatch(/cmdstat_(keys|scan)/u);
  await redis.background.config('RESETSTAT');
  await limits.settle(rows);
  const settled = /cmdstat_evalsha:calls=\d+,usec=(\d+)/u.exec(await redis.background.info('commandstats'));
  const perRequest = Number(settled?.[1]) / 300;
  const figures = `Redis: ${perCall} us an admission, ${perRequest.toFixed(1)} us a settlement`;
  await annotate(figures);
  expect(Number(perCall) + perRequest, figures).toBeLessThan(250);
});
