// The ledger against a real Redis: written once, counted once, whoever delivers it twice or dies in the middle.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { newRequestId } from '../../platform/ids.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { createUsage, type LedgerEntry, type Usage } from './index.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { projectionField, projectionsOf, periodName, type Resolution } from './periods.ts';
import { relayed, requestRecord } from './records.fixture.ts';
import { planRoll } from './roll.ts';
import { additionOf, decodeAddition } from './roll-entry.ts';
import { Roller } from './roller.ts';
import { addSums, emptySums, packSums, type Sums } from './sums.ts';

const NOW_MS = Date.UTC(2026, 2, 10, 15, 30);
const DAY_MS = 86_400_000;
const calendar = createCalendar({ type: 'offset', offsetMinutes: 330 });
const clock = { now: () => NOW_MS };

let server: TestRedis;
let redis: RedisConnections;
let usage: Usage;
const problems: string[] = [];
const onProblem = (message: string): void => void problems.push(message);

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
beforeEach(async () => {
  await server.flush();
  problems.length = 0;
  usage = createUsage({ redis, calendar, clock, retentionDays: () => 30, onProblem });
});

function rollerOf(repository: LedgerRepository, batchEntries: number): Roller {
  return new Roller({ repository, keyspace: redis.keyspace, calendar, clock, onProblem, batchEntries });
}

/** Repeatable, so that a failure can be looked at again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomEntries(count: number, random: (below: number) => number): LedgerEntry[] {
  const outcomes = ['ok', 'ok', 'ok', 'failed', 'client_left', 'crashed', 'refused'] as const;
  return Array.from({ length: count }, () => {
    const outcome = outcomes[random(outcomes.length)] ?? 'ok';
    const attempts = Array.from({ length: outcome === 'refused' ? 0 : 1 + random(3) }, () => ({
      accountId: `account-${random(6)}`,
      kind: random(2) === 0 ? 'claude' : 'claude-console',
      outcome: random(4) === 0 ? ('failed' as const) : ('ok' as const),
      usage: {
        input: random(100_000),
        cacheWrite5m: random(1000),
        cacheWrite1h: random(1000),
        cacheRead: random(200_000),
        output: random(60_000),
      },
      // Large enough that sums pass 2^46, where a float of 32 bits or a rounding script would show.
      costNanoUsd: random(2 ** 31) * 16 + random(16),
      chargedNanoUsd: random(2 ** 31),
      cacheSavingsNanoUsd: random(2 ** 31) - 2 ** 30,
      status: [200, 429, 404, 529, 0][random(5)] ?? 200,
    }));
    return relayed(
      {
        atMs: NOW_MS - random(3 * DAY_MS),
        keyId: `key-${random(9)}`,
        userId: random(2) === 0 ? null : `user-${random(3)}`,
        model: `claude-model-${random(4)}`,
        outcome,
        status: [200, 429, 404, 529, 0][random(5)] ?? 200,
        durationMs: random(600_000),
        firstEventMs: random(5) === 0 ? null : random(20_000),
      },
      attempts,
    ).entries;
  }).flat();
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): T[] {
  return items
    .map((item) => ({ item, at: random(2 ** 30) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** The same sums by the plainest means: one entry after the other into a map of Redis key and field. */
function plainSums(entries: readonly LedgerEntry[]): Map<string, Map<string, Sums>> {
  const hashes = new Map<string, Map<string, Sums>>();
  const add = (key: string, field: string, sums: Sums): void => {
    const fields = hashes.get(key) ?? new Map<string, Sums>();
    const total = fields.get(field) ?? emptySums();
    addSums(total, sums);
    hashes.set(key, fields.set(field, total));
  };
  for (const entry of entries) {
    const addition = additionOf(entry);
    if (addition === null) continue;
    const { atMs, cell, sums } = addition;
    for (const resolution of ['hour', 'day'] satisfies Resolution[]) {
      for (const projection of projectionsOf[resolution]) {
        const name = periodName(resolution, atMs, calendar);
        add(redis.keyspace.figures(resolution, name, projection), projectionField(cell, projection), sums);
      }
    }
    const total = { ...sums, durations: null, firstEvents: null };
    add(redis.keyspace.figuresTotal('all'), '', total);
    add(redis.keyspace.figuresTotal('key'), cell.keyId, total);
    add(redis.keyspace.figuresTotal('user'), cell.userId ?? '', total);
    add(redis.keyspace.figuresTotal('account'), cell.accountId ?? '', total);
  }
  return hashes;
}

async function expectExactly(hashes: Map<string, Map<string, Sums>>): Promise<void> {
  for (const [key, fields] of hashes) {
    const expected = Object.fromEntries([...fields].map(([field, sums]) => [field, packSums(sums)]));
    expect(await redis.background.hgetall(key), key).toEqual(expected);
  }
}

describe('the ledger', () => {
  test('thousands of records delivered twice, rolled by two at once of which one keeps dying, add up everywhere', async () => {
    const random = randomFrom(20_260_310);
    const entries = randomEntries(1500, random);
    const deliveries = shuffled([...entries, ...entries], random);
    const dying = rollerOf(new DyingRepository(redis, () => 30), 3);
    const steady = rollerOf(new LedgerRepository(redis, () => 30), 2);
    let at = 0;
    while (at < deliveries.length) {
      const size = 1 + random(100);
      await usage.ledger.append(deliveries.slice(at, at + size));
      at += size;
      await Promise.allSettled([dying.step(), steady.step(), dying.step()]);
    }
    await steady.caughtUp();

    const expected = plainSums(entries);
    expect(expected.size).toBeGreaterThan(400);
    await expectExactly(expected);
    const stream = await new LedgerRepository(redis, () => 30).readAfter('0-0', deliveries.length);
    const told = stream.flatMap(({ lines }) => lines.flatMap((line) => decodeAddition(line)?.sums ?? []));
    const counted = entries.filter((entry) => additionOf(entry) !== null);
    expect(told.reduce((sum, { requests, attempts }) => sum + requests + attempts, 0)).toBe(counted.length);
    const requests = entries.filter(({ type }) => type === 'request').length;
    expect(await redis.background.zcard(redis.keyspace.requestIndex)).toBe(requests);
    expect(problems).toEqual([]);
  });

  test('a batch applied twice from the same cursor counts once', async () => {
    const { entries } = relayed({ atMs: NOW_MS }, [{ costNanoUsd: 700 }]);
    await usage.ledger.append(entries);
    const repository = new LedgerRepository(redis, () => 30);
    const from = await repository.cursor();
    const batch = await repository.readAfter(from, 10);
    const rolled = batch.flatMap(({ lines }) => lines.flatMap((line) => decodeAddition(line) ?? []));
    const plan = planRoll(rolled, calendar, redis.keyspace);
    const step = { from, to: batch.at(-1)?.id ?? '', nowMs: NOW_MS };
    expect(await repository.apply(plan, step, onProblem)).toBe(true);
    expect(await repository.apply(plan, step, onProblem)).toBe(false);
    const [figures] = await usage.figures.figuresOf('key', ['key-1']);
    expect(figures?.total).toMatchObject({ requests: 1, attempts: 1, costNanoUsd: 700 });
  });

  test('a batch is one script call, and a record delivered again with other content changes nothing', async () => {
    const first = relayed({ atMs: NOW_MS }, [{ costNanoUsd: 5 }]);
    await usage.ledger.append(first.entries);
    await usage.ledger.append(
      first.entries.map(
        (entry): LedgerEntry =>
          entry.type === 'attempt'
            ? { type: 'attempt', record: { ...entry.record, costNanoUsd: 99 } }
            : entry,
      ),
    );
    await usage.roller.caughtUp();
    expect((await usage.figures.total()).costNanoUsd).toBe(5);
    const before = await scriptCalls();
    await usage.ledger.append(randomEntries(50, randomFrom(1)));
    expect((await scriptCalls()) - before).toBe(1);
  });

  test('figures of keys, accounts and users: today in the configured zone, and in all', async () => {
    // Half past midnight and half past eleven in the evening before, in a zone 5:30 ahead.
    const dayStartMs = calendar.dayStartMs(NOW_MS);
    const owner = { userId: 'user-1' };
    await usage.ledger.append([
      ...relayed({ atMs: dayStartMs - 1800_000, ...owner }, [{ costNanoUsd: 1 }]).entries,
      ...relayed({ atMs: dayStartMs + 1800_000, ...owner, outcome: 'failed' }, [
        { costNanoUsd: 10, outcome: 'failed' },
        { costNanoUsd: 100, outcome: 'failed', accountId: 'account-2' },
      ]).entries,
      { type: 'request', record: requestRecord({ atMs: dayStartMs, outcome: 'refused', accountId: null }) },
    ]);
    await usage.roller.caughtUp();
    const [key, unknown] = await usage.figures.figuresOf('key', ['key-1', 'never-used']);
    expect(key?.today).toMatchObject({ requests: 1, attempts: 2, errors: 1, costNanoUsd: 110 });
    expect(key?.total).toMatchObject({ requests: 2, attempts: 3, errors: 1, costNanoUsd: 111 });
    expect(unknown?.total).toMatchObject({ requests: 0, attempts: 0, costNanoUsd: 0 });
    const [first, second] = await usage.figures.figuresOf('account', ['account-1', 'account-2']);
    expect(first?.total).toMatchObject({ requests: 1, attempts: 2, errors: 1, costNanoUsd: 11 });
    expect(second?.total).toMatchObject({ requests: 1, attempts: 1, errors: 1, costNanoUsd: 100 });
    const [user] = await usage.figures.figuresOf('user', ['user-1']);
    expect(user?.total).toMatchObject({ requests: 2, costNanoUsd: 111 });
    expect(await usage.figures.figuresOf('user', [])).toEqual([]);
  });

  test('last use only moves forward, and a refused request is none', async () => {
    await usage.ledger.append(relayed({ atMs: NOW_MS - 1000 }).entries);
    await usage.roller.caughtUp();
    await usage.ledger.append([
      ...relayed({ atMs: NOW_MS - 5000 }).entries,
      { type: 'request', record: requestRecord({ atMs: NOW_MS, outcome: 'refused', accountId: null }) },
    ]);
    await usage.roller.caughtUp();
    expect(Number(await redis.background.zscore(redis.keyspace.keysLastUsed, 'key-1'))).toBe(NOW_MS - 1000);
    expect(Number(await redis.background.zscore(redis.keyspace.accountsLastUsed, 'account-1'))).toBe(
      NOW_MS - 1000,
    );
  });

  test('an entry that cannot be read is told, and those after it count', async () => {
    await redis.background.xadd(redis.keyspace.ledger, '*', 'e', '["z"]');
    await usage.ledger.append(relayed({ atMs: NOW_MS }).entries);
    await usage.roller.caughtUp();
    expect((await usage.figures.total()).requests).toBe(1);
    expect(problems.join()).toMatch(/cannot be read/);
  });

  test('a figure that reaches 2^53 is told and stays there; the others go on', async () => {
    const attempt = { costNanoUsd: Number.MAX_SAFE_INTEGER - 1, chargedNanoUsd: 1 };
    await usage.ledger.append([
      ...relayed({ atMs: NOW_MS }, [attempt]).entries,
      ...relayed({ atMs: NOW_MS, keyId: 'key-2' }, [{ costNanoUsd: 2, chargedNanoUsd: 1 }]).entries,
    ]);
    await usage.roller.caughtUp();
    expect(await usage.figures.total()).toMatchObject({
      requests: 2,
      costNanoUsd: Number.MAX_SAFE_INTEGER,
      chargedNanoUsd: 2,
    });
    const [key] = await usage.figures.figuresOf('key', ['key-2']);
    expect(key?.total.costNanoUsd).toBe(2);
  });
});

describe('what is kept', () => {
  test('requests go after the retention, days stay, and only rolled entries leave the stream', async () => {
    const old = newRequestId(NOW_MS - 31 * DAY_MS);
    await usage.ledger.append(relayed({ atMs: NOW_MS - 31 * DAY_MS, id: old }).entries);
    await usage.ledger.append(relayed({ atMs: NOW_MS }).entries);
    const lifeMs = await redis.background.pttl(redis.keyspace.requestRecord(old));
    expect(lifeMs).toBeGreaterThan(30 * DAY_MS);
    expect(lifeMs).toBeLessThanOrEqual(30 * DAY_MS + 3_600_000);
    await usage.roller.caughtUp();
    expect(await redis.background.zcard(redis.keyspace.requestIndex)).toBe(1);
    const oldDay = redis.keyspace.figures('day', calendar.dayKey(NOW_MS - 31 * DAY_MS), 'all');
    expect(await redis.background.ttl(oldDay)).toBe(-1);
    expect((await redis.background.hget(oldDay, ''))?.split(';')[0]).toBe('1,1,0,0,10,0,0,0,20,1000,1000');
  });

  test('an entry leaves the stream a day after it was rolled, never before it was', async () => {
    const entries = randomEntries(400, randomFrom(3));
    for (let at = 0; at < entries.length; at += 2) await usage.ledger.append(entries.slice(at, at + 2));
    const appended = await redis.background.xlen(redis.keyspace.ledger);
    // A clock two days on: everything rolled may go, what is not rolled yet may not.
    const late = new Roller({
      repository: new LedgerRepository(redis, () => 30),
      keyspace: redis.keyspace,
      calendar,
      clock: { now: () => Date.now() + 2 * DAY_MS },
      onProblem,
      batchEntries: 250,
    });
    await late.step();
    const left = await redis.background.xlen(redis.keyspace.ledger);
    expect(left).toBeLessThan(appended);
    expect(left).toBeGreaterThanOrEqual(appended - 250);
    await late.caughtUp();
    expect((await usage.figures.total()).attempts).toBe(
      entries.filter(({ type }) => type === 'attempt').length,
    );
  });
});

describe('the roller', () => {
  test('shows a row within a second of its append, and another replica takes over from one that stopped', async () => {
    const second = createUsage({ redis, calendar, clock, retentionDays: () => 30, onProblem });
    usage.roller.start();
    second.roller.start();
    usage.roller.start();
    try {
      await second.ledger.append(relayed({ atMs: NOW_MS }).entries);
      await expect.poll(async () => (await usage.figures.total()).requests, { timeout: 1000 }).toBe(1);
      await usage.roller.stop();
      await usage.ledger.append(relayed({ atMs: NOW_MS }).entries);
      await expect.poll(async () => (await usage.figures.total()).requests, { timeout: 1000 }).toBe(2);
    } finally {
      await usage.roller.stop();
      await second.roller.stop();
    }
    expect(await redis.background.exists(redis.keyspace.ledgerLease)).toBe(0);
  });

  test('ends within seconds though Redis hangs in the middle of a batch', async () => {
    await usage.ledger.append(relayed({ atMs: NOW_MS }).entries);
    server.freeze();
    try {
      const step = usage.roller.step().catch(() => 'failed');
      const startedAt = performance.now();
      await usage.roller.stop();
      expect(performance.now() - startedAt).toBeLessThan(2500);
      server.thaw();
      expect(await step).toBe('applied');
    } finally {
      server.thaw();
    }
  });

  test('tells once that it cannot roll, and goes on by itself', async () => {
    await redis.background.set(redis.keyspace.ledger, 'in the way');
    usage.roller.start();
    try {
      await expect.poll(() => problems.length, { timeout: 2000 }).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 900));
      expect(problems).toHaveLength(1);
      await redis.background.del(redis.keyspace.ledger);
      await usage.ledger.append(relayed({ atMs: NOW_MS }).entries);
      await expect.poll(async () => (await usage.figures.total()).requests, { timeout: 1500 }).toBe(1);
    } finally {
      await usage.roller.stop();
    }
  });
});

/** Dies every other time: before its batch is applied, or after, without ever learning that it was. */
class DyingRepository extends LedgerRepository {
  #calls = 0;

  override async apply(...args: Parameters<LedgerRepository['apply']>): Promise<boolean> {
    this.#calls += 1;
    if (this.#calls % 3 === 0) throw new Error('died before');
    const isApplied = await super.apply(...args);
    if (this.#calls % 3 === 1) throw new Error('died after');
    return isApplied;
  }
}

async function scriptCalls(): Promise<number> {
  const stats = await redis.background.info('commandstats');
  const callsOf = (command: string): number =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  return callsOf('evalsha') + callsOf('eval');
}
