// Prices go over a past range again: exact in every row, figure and counter, once, whatever is cut off on the way.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { timesRate } from '@crs/shared';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startTestRedis } from '../../../test/redis.ts';
import { runCli } from '../../cli/program.ts';
import { loadConfig } from '../../config/index.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { createEvents, type AuditEvent } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { createLimits, type Limits } from '../limits/index.ts';
import { loadPack, Pricing } from '../pricing/index.ts';
import { RequestsRepository } from '../requests/index.ts';
import {
  type AttemptRecord,
  countedRows,
  createUsage,
  type LedgerEntry,
  rowsToSettle,
  standardBasis,
} from '../usage/index.ts';
import { relayed } from '../usage/records.fixture.ts';
import { createRepricing, type Repricing } from './index.ts';

const MODEL = 'claude-opus-5-5';
const OTHER = 'claude-haiku-4-5';
const UNLISTED = 'claude-sonnet-99';
const HOUR_MS = 3_600_000;
const DAYS_KEPT = 30;
const ROWS = Number(process.env['SCALE_ROWS'] ?? 1000);
const COUNTERS = [
  'key|b:week:1:0',
  'key|w:day:7:usd',
  'key|w:hour:2:usd:claude-opus-*',
  'key|w:day:7:requests',
];

let acts: AuditEvent[];
const by = { id: 'user-1', username: 'admin', requestId: 'req_1', ip: '127.0.0.1' };

const server = await startTestRedis();
const config = loadConfig({ REDIS_URL: server.url }, '/nowhere');
const redis = openRedis({ ...config.redis, commandTimeoutMs: 3000 });
afterAll(async () => {
  await redis.close();
  await server.stop();
});

interface World {
  readonly repricing: Repricing;
  readonly pricing: Pricing;
  /** Rolls what the ledger has, and counts all of it again. */
  verify(): Promise<{ code: number; out: string }>;
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** Another process at the same work, that reaches Redis in its own way. */
  worker(connections: RedisConnections): Repricing;
  close(): Promise<void>;
}

let world: World;
afterEach(() => world.close());
beforeEach(async () => {
  await server.flush();
  world = await createWorld();
});

async function createWorld(): Promise<World> {
  const clock = { now: () => Date.now() };
  const calendar = createCalendar(config.timezone);
  const onProblem = (message: string, error: unknown): never => {
    throw new Error(message, { cause: error });
  };
  acts = [];
  const events = createEvents((error) => onProblem('listener', error));
  events.on('audit', (act) => acts.push(act));
  const pricing = new Pricing({
    redis,
    clock,
    bundled: loadPack(),
    onError: (error) => onProblem('prices', error),
  });
  await pricing.start();
  const usage = createUsage({ redis, calendar, clock, retentionDays: () => DAYS_KEPT, onProblem });
  const limitsOf = (connections: RedisConnections): Limits =>
    createLimits(connections, { calendar, clock, onProblem: (error) => onProblem('limits', error) });
  const limits = limitsOf(redis);
  const worker = (connections: RedisConnections): Repricing =>
    createRepricing({
      redis: connections,
      pricing,
      limits: connections === redis ? limits : limitsOf(connections),
      events,
      clock,
      retentionDays: () => DAYS_KEPT,
      oldestMs: () => clock.now() - DAYS_KEPT * 24 * HOUR_MS,
      keyNames: (ids) => Promise.resolve(ids.map((id) => `name of ${id}`)),
      onWritten: () => usage.roller.kick(),
      onProblem: () => undefined,
    });
  return {
    pricing,
    worker,
    repricing: worker(redis),
    close: async () => {
      limits.close();
      await pricing.stop();
    },
    append: async (entries) => {
      await limits.settle(countedRows(await usage.ledger.append(entries)));
      await usage.roller.caughtUp();
    },
    verify: async () => {
      let out = '';
      const print = (text: string): void => void (out += text);
      const code = await runCli(['ledger', 'verify'], { loadConfig: () => config, out: print, err: print });
      return { code, out };
    },
  };
}

/** Tokens of different kinds, prices per kind of the pack, rates of keys: as the relay writes rows. */
function pastRequests(count: number, nowMs: number): LedgerEntry[] {
  const book = world.pricing.current();
  return Array.from({ length: count }, (_, index) => {
    const atMs = nowMs - 5 * 60_000 - Math.floor((index * 50 * HOUR_MS) / count);
    const model = [MODEL, OTHER, UNLISTED][index % 3] ?? MODEL;
    const keyRate = index % 2 === 0 ? 1 : 1.37;
    const usage = {
      input: 1000 + index,
      cacheWrite5m: index,
      cacheWrite1h: 0,
      cacheRead: 17,
      output: 50 + index,
    };
    const paid = (): Partial<AttemptRecord> => {
      const { costNanoUsd, price } = book.cost({
        service: 'claude',
        model,
        servedModel: null,
        usage: { ...usage, webSearches: 0 },
        conditions: { serviceTier: null, speed: null, inferenceGeo: null },
        atMs,
      });
      const chargedNanoUsd = timesRate(costNanoUsd, keyRate, 1);
      // Every fifth is of a version that did not write the rates down.
      const basis = index % 5 === 0 ? null : standardBasis(keyRate, 1);
      return { usage, costNanoUsd, chargedNanoUsd, price, basis, counters: COUNTERS };
    };
    const failed: Partial<AttemptRecord> = {
      outcome: 'failed',
      status: 529,
      usage: { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 },
      costNanoUsd: 0,
      chargedNanoUsd: 0,
      counters: COUNTERS,
      price: { packId: '', row: null, isFallback: false, multipliers: [] },
    };
    const tried = index % 7 === 0 ? [failed, paid(), paid()] : [paid()];
    const key = index % 4;
    const userId = key === 3 ? 'user-7' : null;
    return relayed({ atMs, model, keyId: `key-${key}`, userId, counters: COUNTERS }, tried).entries;
  }).flat();
}

/** USD per million tokens of everything, from long ago. */
function flat(model: string, usd: number) {
  return {
    model,
    provider: 'anthropic' as const,
    from: '2020-01-01T00:00:00Z',
    usdPerMTok: { input: usd, output: usd, cacheWrite5m: usd, cacheWrite1h: usd, cacheRead: usd },
  };
}

const attemptsOf = (entries: readonly LedgerEntry[]): AttemptRecord[] =>
  entries.flatMap((entry) => (entry.type === 'attempt' ? [entry.record] : []));

function tokensOf({ usage }: AttemptRecord): number {
  return Object.values(usage).reduce((total, count) => total + count, 0);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

async function storedAttempts(entries: readonly LedgerEntry[]): Promise<AttemptRecord[]> {
  const ids = entries.flatMap(({ type, record }) => (type === 'request' ? [record.id] : []));
  const stored = await new RequestsRepository(redis).stored(ids);
  for (const { request, attempts } of stored) {
    expect(request.costNanoUsd).toBe(sum(attempts, ({ costNanoUsd }) => costNanoUsd));
    expect(request.chargedNanoUsd).toBe(sum(attempts, ({ chargedNanoUsd }) => chargedNanoUsd));
  }
  return stored.flatMap(({ attempts }) => attempts);
}

async function setPrices(): Promise<void> {
  await world.pricing.update({ overrides: [flat(MODEL, 7), flat(UNLISTED, 2)] }, 'admin');
}

function range(nowMs: number) {
  return {
    from: new Date(nowMs - 72 * HOUR_MS).toISOString(),
    to: new Date(nowMs).toISOString(),
    prices: 'current' as const,
  };
}

/** Connections of a process that dies at its n-th command: half of the time Redis has done it, and nobody hears of it. */
function dyingAfter(commands: number, isDone: boolean): RedisConnections {
  let left = commands;
  const mortal = new Proxy(redis.background, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        left -= 1;
        if (left > 0) return Reflect.apply(value, target, args);
        if (left === 0 && isDone) Reflect.apply(value, target, args);
        throw new Error('this process is dead');
      };
    },
  });
  return {
    ...redis,
    keyspace: redis.keyspace,
    background: mortal,
    commands: mortal,
    onReconnect: () => () => {},
  };
}

test('a preview says to the nano-dollar what the run then changes; everything still agrees with the ledger', async () => {
  const nowMs = Date.now();
  const entries = pastRequests(120, nowMs);
  await world.append(entries);
  await setPrices();
  const before = attemptsOf(entries);
  const preview = await world.repricing.preview(range(nowMs));
  const changing = before.filter(({ model, price }) => model !== OTHER && price.row !== null);
  // Counted by hand: every token of these models costs the same now.
  const expectedOf = (attempt: AttemptRecord): number =>
    tokensOf(attempt) * (attempt.model === MODEL ? 7000 : 2000);
  expect(preview.totals).toMatchObject({
    attempts: changing.length,
    oldCostNanoUsd: sum(changing, ({ costNanoUsd }) => costNanoUsd),
    newCostNanoUsd: sum(changing, expectedOf),
    oldChargedNanoUsd: sum(changing, ({ chargedNanoUsd }) => chargedNanoUsd),
    becamePriced: changing.filter(({ model }) => model === UNLISTED).length,
  });
  expect(preview).toMatchObject({
    checked: 120,
    stillWithoutPrice: 0,
    chargedByReservation: 0,
  });
  expect(preview.byModel.map(({ model }) => model).toSorted()).toEqual([MODEL, UNLISTED].toSorted());
  expect(sum(preview.byKey, ({ newCostNanoUsd }) => newCostNanoUsd)).toBe(preview.totals.newCostNanoUsd);
  expect(preview.byKey[0]?.keyName).toBe(`name of ${preview.byKey[0]?.keyId}`);
  // Nothing was written.
  expect(await storedAttempts(entries)).toEqual(before);

  await world.repricing.start(preview.fingerprint, by);
  await expect.poll(async () => (await world.repricing.run())?.status).toBe('done');
  const run = await world.repricing.run();
  expect(run?.totals).toEqual(preview.totals);
  expect(acts).toMatchObject([{ action: 'pricing.reprice_end', actor: { username: 'admin' } }]);

  const rows = new Map((await storedAttempts(entries)).map((row) => [row.id, row]));
  expect(before.filter((old) => !changing.includes(old)).map(({ id }) => rows.get(id))).toEqual(
    before.filter((old) => !changing.includes(old)),
  );
  for (const old of changing) {
    const { costNanoUsd, chargedNanoUsd, price, basis } = old;
    const row = rows.get(old.id);
    expect(row).toMatchObject({
      costNanoUsd: expectedOf(old),
      price: { packId: preview.scope.priceListId, isFallback: false },
      original: { costNanoUsd, chargedNanoUsd, price },
    });
    // The rate of then, where the row says it; else the ratio that it shows.
    const charged =
      basis === null
        ? (chargedNanoUsd / costNanoUsd) * expectedOf(old)
        : timesRate(expectedOf(old), basis.keyRate, 1);
    expect(Math.abs((row?.chargedNanoUsd ?? 0) - charged)).toBeLessThan(
      basis === null ? 1 : Number.MIN_VALUE,
    );
  }
  expect(await world.verify()).toMatchObject({ code: 0 });
  expect((await world.repricing.preview(range(nowMs))).totals.requests).toBe(0);

  // And back.
  const back = await world.repricing.preview({ ...range(nowMs), prices: 'original' });
  expect(back.totals).toMatchObject({
    newCostNanoUsd: preview.totals.oldCostNanoUsd,
    oldChargedNanoUsd: preview.totals.newChargedNanoUsd,
  });
  await world.repricing.start(back.fingerprint, by);
  await expect.poll(async () => (await world.repricing.run())?.status).toBe('done');
  expect(await storedAttempts(entries)).toEqual(before);
  expect(await world.verify()).toMatchObject({ code: 0 });
});

test('processes die at every command of a run: others go on, and not a nano-dollar counts twice', async () => {
  const nowMs = Date.now();
  const entries = pastRequests(450, nowMs);
  await world.append(entries);
  await setPrices();
  const preview = await world.repricing.preview(range(nowMs));
  const starter = world.worker(redis);
  await starter.stop();
  await starter.start(preview.fingerprint, by);
  let deaths = 0;
  for (let turn = 0; (await world.repricing.run())?.status === 'running'; turn += 1) {
    // Its lease runs out.
    await redis.background.del(redis.keyspace.repriceLease);
    // A step opens a hundred requests, writes them, and then tells the limits: lives end all over it.
    const life = turn % 2 === 0 ? 2 + (turn % 13) : 100 + (turn % 17);
    const mortal = world.worker(dyingAfter(life, turn % 4 < 2));
    await mortal.work().catch(() => {
      deaths += 1;
    });
    expect(turn).toBeLessThan(300);
  }
  expect(deaths).toBeGreaterThan(5);
  expect(await world.repricing.run()).toMatchObject({ status: 'done', totals: preview.totals });
  expect(await world.verify()).toMatchObject({ code: 0 });
  const rows = await storedAttempts(entries);
  expect(sum(rows, ({ costNanoUsd }) => costNanoUsd)).toBe(
    sum(attemptsOf(entries), ({ costNanoUsd }) => costNanoUsd) -
      preview.totals.oldCostNanoUsd +
      preview.totals.newCostNanoUsd,
  );
});

test('two that both believe to be the one at work get in nobody’s way', async () => {
  const nowMs = Date.now();
  const entries = pastRequests(450, nowMs);
  await world.append(entries);
  await setPrices();
  const preview = await world.repricing.preview(range(nowMs));
  const starter = world.worker(redis);
  await starter.stop();
  await starter.start(preview.fingerprint, by);
  const others = ['lease-1', 'lease-2', 'lease-3'].map((repriceLease) =>
    world.worker({
      ...redis,
      keyspace: { ...redis.keyspace, repriceLease },
      onReconnect: () => () => {},
    }),
  );
  await Promise.all(others.map((other) => other.work()));
  expect(await world.repricing.run()).toMatchObject({ status: 'done', totals: preview.totals });
  expect(acts).toHaveLength(1);
  expect(await world.verify()).toMatchObject({ code: 0 });
});

test('a run that is cancelled has changed whole steps, and the next one does the rest', async () => {
  const nowMs = Date.now();
  await world.append(pastRequests(450, nowMs));
  await setPrices();
  const first = await world.repricing.preview(range(nowMs));
  const starter = world.worker(redis);
  await starter.stop();
  await starter.start(first.fingerprint, by);
  await expect(world.repricing.preview(range(nowMs))).rejects.toMatchObject({ code: 'wrong_state' });
  // Two steps of it.
  await world
    .worker(dyingAfter(150, true))
    .work()
    .catch(() => undefined);
  await redis.background.del(redis.keyspace.repriceLease);
  expect(await world.repricing.cancel()).toMatchObject({ isCancelling: true });
  await expect.poll(async () => (await world.repricing.run())?.status).toBe('cancelled');
  expect(await world.verify()).toMatchObject({ code: 0 });
  const done = (await world.repricing.run())?.totals;
  expect(done?.requests).toBeGreaterThan(0);
  await expect(world.repricing.start(first.fingerprint, by)).rejects.toMatchObject({ code: 'conflict' });
  const rest = await world.repricing.preview(range(nowMs));
  expect(rest.totals.requests).toBe(first.totals.requests - (done?.requests ?? 0));
  expect(rest.totals.newCostNanoUsd + (done?.newCostNanoUsd ?? 0)).toBe(first.totals.newCostNanoUsd);
});

test('filters narrow it; what has not ended is left out; a preview holds only for its prices', async () => {
  const nowMs = Date.now();
  await world.append(pastRequests(60, nowMs));
  await setPrices();
  const all = await world.repricing.preview(range(nowMs));
  const one = await world.repricing.preview({ ...range(nowMs), models: [UNLISTED], keyIds: ['key-1'] });
  expect(one.byModel.map(({ model }) => model)).toEqual([UNLISTED]);
  expect(one.byKey.map(({ keyId }) => keyId)).toEqual(['key-1']);
  expect(one.totals.requests).toBeLessThan(all.totals.requests);
  const none = await world.repricing.preview({ ...range(nowMs), accountIds: ['account-9'] });
  expect(none.totals.requests).toBe(0);
  await expect(world.repricing.start('0'.repeat(32), by)).rejects.toMatchObject({ code: 'conflict' });
  await world.pricing.update({ overrides: [flat(MODEL, 8)] }, 'admin');
  await expect(world.repricing.start(all.fingerprint, by)).rejects.toMatchObject({ code: 'conflict' });
  expect(await world.repricing.run()).toBeNull();
});

test('a request of the range that ends after the preview is no part of the run', async () => {
  const nowMs = Date.now();
  await world.append(pastRequests(9, nowMs));
  await setPrices();
  const preview = await world.repricing.preview(range(nowMs));
  const late = relayed({ atMs: nowMs - HOUR_MS, durationMs: HOUR_MS + 60_000, model: MODEL, keyId: 'key-1' });
  await world.append(late.entries);
  await world.repricing.start(preview.fingerprint, by);
  await expect.poll(async () => (await world.repricing.run())?.status).toBe('done');
  expect((await world.repricing.run())?.totals).toEqual(preview.totals);
  expect(await storedAttempts(late.entries)).toEqual(late.attempts);
});

test('the command line shows the difference, asks, and prices again', async () => {
  const nowMs = Date.now();
  const entries = pastRequests(30, nowMs);
  await world.append(entries);
  await setPrices();
  const { totals } = await world.repricing.preview(range(nowMs));
  const crs = async (answer: string, ...options: string[]): Promise<{ code: number; out: string }> => {
    let out = '';
    const print = (text: string): void => void (out += text);
    const from = ['--from', range(nowMs).from];
    const code = await runCli(['ledger', 'reprice', ...from, ...options], {
      loadConfig: () => config,
      out: print,
      err: print,
      ask: (question) => {
        out += question;
        return Promise.resolve(answer);
      },
    });
    return { code, out };
  };
  const dry = await crs('y', '--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.out).toContain(`${totals.requests} of 30 requests change`);
  expect(dry.out).toContain('Nothing was changed');
  expect(await crs('n')).toMatchObject({ code: 1 });
  expect(await crs('y', '--from', 'yesterday')).toMatchObject({ code: 1 });
  expect(await world.repricing.run()).toBeNull();
  const done = await crs('y', '--model', `${MODEL},${UNLISTED}`);
  expect(done).toMatchObject({ code: 0 });
  expect(done.out).toContain(`${totals.requests} requests were priced again`);
  expect(await world.repricing.run()).toMatchObject({ status: 'done', totals });
  expect(await world.verify()).toMatchObject({ code: 0 });
});

test(`others have their turn again and again while ${ROWS} requests are looked at and priced again`, {
  timeout: 600_000,
}, async () => {
  const nowMs = Date.now();
  const entries = pastRequests(ROWS, nowMs);
  for (let from = 0; from < entries.length; from += 5000)
    await world.append(entries.slice(from, from + 5000));
  await setPrices();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  const startedAt = performance.now();
  const preview = await world.repricing.preview(range(nowMs));
  const previewedAt = performance.now();
  // However quick the machine is: a step of a hundred requests waits for Redis twice.
  expect(turns).toBeGreaterThan((2 * ROWS) / 100);
  turns = 0;
  await world.repricing.start(preview.fingerprint, by);
  await expect.poll(async () => (await world.repricing.run())?.status, { timeout: 500_000 }).toBe('done');
  const doneAt = performance.now();
  expect(turns).toBeGreaterThan((4 * ROWS) / 100);
  isOver = true;
  delay.disable();
  expect((await world.repricing.run())?.totals).toEqual(preview.totals);
  if (process.env['SCALE_ROWS'] !== undefined) {
    const [lookMs, runMs] = [previewedAt - startedAt, doneAt - previewedAt].map(Math.round);
    const longestMs = Math.round(delay.max / 1e6);
    process.stdout.write(`preview ${lookMs} ms, run ${runMs} ms, longest wait ${longestMs} ms\n`);
  }
  expect(await world.verify()).toMatchObject({ code: 0 });
});

test('rows that no counter has heard of when they are priced again count once, by their new price', async () => {
  const nowMs = Date.now();
  const calendar = createCalendar(config.timezone);
  const clock = { now: () => Date.now() };
  const onProblem = (message: string): never => {
    throw new Error(message);
  };
  const { ledger, roller } = createUsage({
    redis,
    calendar,
    clock,
    retentionDays: () => DAYS_KEPT,
    onProblem,
  });
  const limits = createLimits(redis, { calendar, clock, onProblem: () => undefined });
  const entries = pastRequests(12, nowMs);
  const [counted, uncounted] = [entries.slice(0, -3), entries.slice(-3)];
  await limits.settle(countedRows(await ledger.append(counted)));
  await ledger.append(uncounted);
  await setPrices();
  const preview = await world.repricing.preview(range(nowMs));
  await world.repricing.start(preview.fingerprint, by);
  await expect.poll(async () => (await world.repricing.run())?.status).toBe('done');
  // They are delivered once more, as they stand now.
  const standing = await ledger.append(uncounted);
  await limits.settle(rowsToSettle(standing.map(({ entry }) => ({ entry, isNew: true }))));
  await roller.caughtUp();
  expect(await world.verify()).toMatchObject({ code: 0 });
  limits.close();
});
