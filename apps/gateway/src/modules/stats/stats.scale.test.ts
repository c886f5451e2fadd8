// What figures cost with many ledger rows. A page reads roll-ups only, so what counts is how many keys, models and accounts
// there are and not how many rows. The bound is on the time of this process, which no other one lengthens, and generous;
// SCALE_STATS_ROWS=10000000 tells the times of ten million rows.
import { costQuery, modelsQuery, type Split, statsQuery, trendsQuery } from '@crs/shared';
import { expect, onTestFinished, test } from 'vitest';
import { startTestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { testRequests } from '../requests/requests.fixture.ts';
import { createUsage, periodName, type Sums } from '../usage/index.ts';
import { attemptRecord, requestRecord } from '../usage/records.fixture.ts';
import { planRoll } from '../usage/roll.ts';
import { Additions } from '../usage/roll-entry.ts';
import { addSums, packSums } from '../usage/sums.ts';
import { createStats } from './index.ts';

const NOW_MS = Date.UTC(2026, 2, 10, 15, 37);
const HOUR_MS = 3_600_000;
const DAYS = 30;
const calendar = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
const ROWS = Number(process.env['SCALE_STATS_ROWS'] ?? 15_000);
const KEYS = Number(process.env['SCALE_STATS_KEYS'] ?? 300);
const RUNS = process.env['SCALE_STATS_ROWS'] === undefined ? 2 : 7;
const BOUND_MS = 400;

const groupings = ['hour', 'day', 'week', 'month', 'key', 'user', 'account', 'model', 'kind', 'tag'] as const;

test(`every grouping over ${DAYS} days of ${ROWS} rows is answered in a moment`, {
  timeout: 2_400_000,
}, async () => {
  const server = await startTestRedis();
  const redis = openRedis(redisConfig(server));
  onTestFinished(async () => {
    await redis.close();
    await server.stop();
  });
  await redis.whenUp(5000);
  const clock = { now: () => NOW_MS };
  const total = await seed(redis);
  const usage = createUsage({
    redis,
    calendar,
    clock,
    retentionDays: () => 30,
    onProblem: (message) => expect.fail(message),
  });
  const same = (ids: readonly string[]) => Promise.resolve([...ids]);
  const stats = createStats({
    figures: usage.figures,
    requests: testRequests(redis, clock).requests,
    calendar,
    clock,
    names: { key: same, user: same, account: same },
    tags: async () => (id) => [`tag-${Number(id.slice(4)) % 7}`],
    keysWithTag: (tag) =>
      Promise.resolve(
        Array.from({ length: KEYS }, (_, key) => key)
          .filter((key) => `tag-${key % 7}` === tag)
          .map((key) => `key-${key}`),
      ),
    accounts: () => [],
    keys: () => Promise.resolve({ total: 0, active: 0, expiring: [] }),
    keysNearBudget: async () => [],
    modelsWithoutPrice: async () => [],
  });

  const told: string[] = [];
  const measure = async (name: string, run: () => Promise<number>, costs: number | null): Promise<void> => {
    let [fastestMs, busyMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let count = 0; count < RUNS; count += 1) {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      const cost = await run();
      fastestMs = Math.min(fastestMs, performance.now() - startedAt);
      const { user, system } = process.cpuUsage(before);
      busyMs = Math.min(busyMs, (user + system) / 1000);
      expect(cost, name).toBe(costs ?? cost);
    }
    told.push(`${name}: ${fastestMs.toFixed(0)} ms, of which busy ${busyMs.toFixed(0)} ms`);
    expect(busyMs, told.join('\n')).toBeLessThan(BOUND_MS);
  };
  const from = new Date(calendar.dayStartMs(NOW_MS - (DAYS - 1) * 24 * HOUR_MS)).toISOString();
  for (const groupBy of groupings) {
    const query = statsQuery.parse({ from, groupBy });
    await measure(`usage by ${groupBy}`, async () => (await stats.usage(query)).total.costNanoUsd, total);
  }
  for (const splitBy of ['key', 'model', 'tag'] satisfies Split[]) {
    for (const groupBy of ['day', 'hour'] as const) {
      if (splitBy === 'tag' && groupBy === 'hour') continue;
      const query = trendsQuery.parse({ from, groupBy, splitBy });
      await measure(
        `trends by ${groupBy}, split by ${splitBy}`,
        async () => (await stats.trends(query)).total.costNanoUsd,
        total,
      );
    }
  }
  const cost = costQuery.parse({ from, groupBy: 'key' });
  await measure('cost by key', async () => (await stats.cost(cost)).total.costNanoUsd, total);
  const models = modelsQuery.parse({ from });
  await measure('models', async () => (await stats.models(models)).total.costNanoUsd, total);
  const filtered: Record<string, string>[] = [
    { keyId: 'key-1', groupBy: 'day' },
    { model: 'model-1', groupBy: 'hour' },
    { tag: 'tag-3', groupBy: 'day' },
    { keyId: 'key-1', groupBy: 'model' },
    { accountId: 'account-1', groupBy: 'key' },
    { model: 'model-1', groupBy: 'key' },
  ];
  for (const query of filtered) {
    const asked = statsQuery.parse({ from, ...query });
    await measure(JSON.stringify(query), async () => (await stats.usage(asked)).total.costNanoUsd, null);
  }
  if (process.env['SCALE_STATS_ROWS'] !== undefined) process.stdout.write(`${told.join('\n')}\n`);
});

/** Writes figures as the roller would, hour by hour; answers what all of it cost. */
async function seed({ background, keyspace }: RedisConnections): Promise<number> {
  const hours = DAYS * 24 - 9;
  const random = randomFrom(7);
  const request = { ...requestRecord() };
  const attempt = { ...attemptRecord({ requestId: 'made-up' }) };
  const days = new Map<string, Map<string, Sums>>();
  let cost = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    const atMs = NOW_MS - hour * HOUR_MS;
    const additions = new Additions();
    for (let row = 0; row < ROWS / hours; row += 1) {
      const key = random(KEYS);
      const whose = {
        keyId: `key-${key}`,
        userId: `user-${key % 50}`,
        model: `model-${random(4)}`,
        accountId: `account-${random(5)}`,
      };
      const costNanoUsd = random(2 ** 24);
      Object.assign(request, whose, {
        atMs,
        durationMs: 200 + random(300) ** 2,
        firstEventMs: 100 + random(5000),
      });
      Object.assign(attempt, whose, { startedAtMs: atMs, costNanoUsd });
      cost += costNanoUsd;
      additions.addRow({ type: 'attempt', record: attempt });
      additions.addRow({ type: 'request', record: request });
    }
    const day = `:day:${periodName('day', atMs, calendar)}:`;
    const writes: Promise<void>[] = [];
    for (const [name, { fields }] of planRoll(additions.list, calendar, keyspace).figures) {
      if (name.includes(':minute:') || name.includes(':total:')) continue;
      if (name.includes(day)) addAll(days, name, fields);
      else writes.push(write(name, fields));
    }
    if (hour === hours - 1 || isNewDay(hour)) {
      for (const [name, fields] of days) writes.push(write(name, fields));
      days.clear();
    }
    await Promise.all(writes);
  }
  return cost;

  async function write(name: string, fields: ReadonlyMap<string, Sums>): Promise<void> {
    const texts = [...fields].flatMap(([field, sums]) => [field, packSums(sums)]);
    for (let at = 0; at < texts.length; at += 10_000)
      await background.hset(name, ...texts.slice(at, at + 10_000));
  }
}

function addAll(days: Map<string, Map<string, Sums>>, name: string, fields: ReadonlyMap<string, Sums>): void {
  const sums = days.get(name) ?? new Map<string, Sums>();
  days.set(name, sums);
  for (const [field, more] of fields) {
    const known = sums.get(field);
    if (known === undefined) sums.set(field, more);
    else addSums(known, more);
  }
}

/** Repeatable. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Whether the next hour back is of another day. */
function isNewDay(hour: number): boolean {
  const name = (at: number): string => periodName('day', NOW_MS - at * HOUR_MS, calendar);
  return name(hour) !== name(hour + 1);
}
