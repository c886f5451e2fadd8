// Cost, models, trends, tags, latency and files against a real Redis: each adds up to the records, to the nano-dollar.
import { statsRoutes } from '@crs/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminContext } from '../../../test/admin-context.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { testRequests } from '../requests/requests.fixture.ts';
import { createUsage } from '../usage/index.ts';
import { relayed } from '../usage/records.fixture.ts';
import { createStats, type Stats } from './index.ts';
import { statsHandlers } from './stats.routes.ts';

const NOW_MS = Date.parse('2026-04-20T10:20:30Z');
const DAY_MS = 86_400_000;
const calendar = createCalendar({ type: 'zone', name: 'Europe/Berlin' });
const clock = { now: () => NOW_MS };
const tags: Record<string, string[]> = { 'key-0': ['red'], 'key-1': ['red', 'blue'], 'key-2': ['blue'] };

let server: TestRedis;
let redis: RedisConnections;
let stats: Stats;

/** Over five weeks with a change of clocks in them; the tokens of a call say its number. */
const calls = Array.from({ length: 900 }, (_, number) => {
  const outcome = number % 19 === 0 ? 'refused' : number % 7 === 0 ? 'failed' : 'ok';
  const status = outcome === 'ok' ? 200 : ([429, 404, 529, 0, 200] as const)[number % 5];
  return relayed(
    {
      atMs: NOW_MS - Math.floor((number * 35 * DAY_MS) / 900) - 1,
      keyId: `key-${number % 5}`,
      userId: number % 5 === 3 ? null : `user-${number % 5 < 2 ? 0 : 1}`,
      model: ['claude-opus-5-5', 'gpt-5', 'gemini-3-pro', 'mystery'][number % 4] ?? '',
      client: number % 3 === 0 ? 'claude_code' : 'codex_cli',
      durationMs: 50 + ((number * 7919) % 40_000),
      firstEventMs: number % 6 === 0 ? null : 20 + ((number * 104_729) % 3000),
      outcome,
      status: status ?? 0,
    },
    outcome === 'refused'
      ? []
      : [
          {
            accountId: `account-${number % 3}`,
            kind: number % 3 === 0 ? 'claude' : 'openai',
            outcome: outcome === 'failed' ? 'failed' : 'ok',
            status: status ?? 0,
            usage: { input: number, cacheWrite5m: 3, cacheWrite1h: 4, cacheRead: 2 * number, output: 5 },
            costNanoUsd: 1_000_003 * number + 7,
            chargedNanoUsd: 2_000_001 * number + 1,
            cacheSavingsNanoUsd: number % 11 === 0 ? -500 * number : 31 * number,
          },
        ],
  );
});
type Call = (typeof calls)[number];

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  const onProblem = (message: string) => expect.fail(message);
  const usage = createUsage({ redis, calendar, clock, retentionDays: () => 40, onProblem });
  const { requests } = testRequests(redis, clock, { retentionDays: () => 40 });
  const same = (ids: readonly string[]) =>
    Promise.resolve(ids.map((id) => (id === '' ? null : `Name of ${id}`)));
  stats = createStats({
    figures: usage.figures,
    requests,
    calendar,
    clock,
    names: { key: same, user: same, account: same },
    tags: async () => (id) => tags[id] ?? [],
    keysWithTag: async (tag) => Object.keys(tags).filter((id) => tags[id]?.includes(tag) === true),
    accounts: () => [],
    keys: () => Promise.resolve({ total: 0, active: 0, expiring: [] }),
    keysNearBudget: async () => [],
    modelsWithoutPrice: async () => [{ model: 'mystery', chargedAs: 'anthropic/claude-opus-5-5' }],
  });
  await usage.ledger.append(calls.flatMap(({ entries }) => entries));
  await usage.roller.caughtUp();
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

type Name = keyof typeof statsRoutes;
type Answer<N extends Exclude<Name, 'export'>> = ReturnType<(typeof statsRoutes)[N]['response']['parse']>;

async function ask<N extends Exclude<Name, 'export'>>(
  name: N,
  query: Record<string, string>,
): Promise<Answer<N>> {
  const handlers = statsHandlers({ stats }) as Record<string, (input: object, context: object) => unknown>;
  const route = statsRoutes[name];
  const input = { query: route.query.parse(query), params: undefined, body: undefined };
  const answered = await handlers[name]?.(input, adminContext().context);
  return route.response.parse(answered) as Answer<N>;
}

const FROM_MS = NOW_MS - 33 * DAY_MS - 12_345;
const from = new Date(FROM_MS).toISOString();

function sum(of: (call: Call) => number, which: (call: Call) => boolean = () => true): number {
  return calls
    .filter((call) => call.request.atMs >= FROM_MS && which(call))
    .reduce((total, call) => total + of(call), 0);
}
const cost = ({ request }: Call): number => request.costNanoUsd;
const saved = ({ attempts }: Call): number => attempts.reduce((all, one) => all + one.cacheSavingsNanoUsd, 0);
const one = ({ request }: Call): number => (request.outcome === 'refused' ? 0 : 1);
const hasTag =
  (tag: string) =>
  ({ request }: Call): boolean =>
    tag === '' ? tags[request.keyId] === undefined : tags[request.keyId]?.includes(tag) === true;

describe('usage', () => {
  test('carries savings, classes of errors and percentiles that are those of the requests', async () => {
    const { total, rows } = await ask('usage', { from, groupBy: 'model' });
    expect(total).toMatchObject({
      requests: sum(one),
      costNanoUsd: sum(cost),
      chargedNanoUsd: sum(({ request }) => request.chargedNanoUsd),
      cacheSavingsNanoUsd: sum(saved),
    });
    const failed = (status: (status: number) => boolean): number =>
      sum(one, ({ request }) => request.outcome === 'failed' && status(request.status));
    expect(total.errorsByClass).toEqual({
      rateLimited: failed((status) => status === 429),
      clientError: failed((status) => status === 404),
      serverError: failed((status) => status === 529),
      noAnswer: failed((status) => status < 400),
    });
    expect(Object.values(total.errorsByClass).reduce((all, count) => all + count, 0)).toBe(total.errors);
    for (const { group, latency } of rows) {
      const answered = calls.filter(
        ({ request }) => request.atMs >= FROM_MS && request.outcome === 'ok' && request.model === group,
      );
      expect(latency.requests).toBe(answered.length);
      expectNear(
        latency.durationMs,
        answered.map(({ request }) => request.durationMs),
      );
      expectNear(
        latency.firstEventMs,
        answered.flatMap(({ request }) => request.firstEventMs ?? []),
      );
    }
  });

  function expectNear(
    read: { p50: number; p95: number; p99: number } | null,
    times: readonly number[],
  ): void {
    const sorted = times.toSorted((a, b) => a - b);
    for (const [name, part] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      const exact = sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
      expect(Math.abs((read?.[name] ?? 0) - exact) / exact, name).toBeLessThan(0.1);
    }
  }

  test('by tag is that of its keys, and a key with two of them counts once in the total', async () => {
    const { rows, total } = await ask('usage', { from, groupBy: 'tag' });
    expect(rows.map(({ group }) => group).sort()).toEqual(['', 'blue', 'red']);
    for (const row of rows) {
      expect(row).toMatchObject({
        costNanoUsd: sum(cost, hasTag(row.group)),
        requests: sum(one, hasTag(row.group)),
      });
    }
    expect(total.costNanoUsd).toBe(sum(cost));
  });

  test.each(['day', 'key', 'model', 'account', 'tag'])('of a tag by %s adds up', async (groupBy) => {
    const { rows, total } = await ask('usage', { from, groupBy, tag: 'red' });
    expect(total).toMatchObject({
      costNanoUsd: sum(cost, hasTag('red')),
      cacheSavingsNanoUsd: sum(saved, hasTag('red')),
    });
    const whole = groupBy === 'tag' ? rows.filter(({ group }) => group === 'red') : rows;
    expect(whole.reduce((all, row) => all + row.costNanoUsd, 0)).toBe(total.costNanoUsd);
    const none = await ask('usage', { from, groupBy, tag: 'nobody' });
    expect(none.total.requests).toBe(0);
    const both = await ask('usage', { from, groupBy, tag: 'red', keyId: 'key-2' });
    expect(both.total.requests).toBe(0);
  });

  test('by client, status or outcome is counted from the requests themselves', async () => {
    const { total, rows } = await ask('usage', {
      from,
      groupBy: 'kind',
      client: 'codex_cli',
      outcome: 'failed',
      model: 'gpt-5',
    });
    const isOne = ({ request }: Call): boolean =>
      request.client === 'codex_cli' && request.outcome === 'failed' && request.model === 'gpt-5';
    expect(total).toMatchObject({ requests: sum(one, isOne), costNanoUsd: sum(cost, isOne) });
    expect(rows.length).toBeGreaterThan(0);
    const limited = await ask('usage', { from, status: '4xx' });
    expect(limited.total.requests).toBe(
      sum(one, ({ request }) => request.status >= 400 && request.status < 500),
    );
  });
});

describe('cost', () => {
  test('shares are parts of the whole, and each group is compared with itself before', async () => {
    const range = { from: '2026-04-05T22:00:00Z', to: '2026-04-12T22:00:00Z' };
    const answer = await ask('cost', { ...range, groupBy: 'key' });
    // A week before the change of clocks it began an hour earlier by UTC.
    expect([answer.previousFrom, answer.previousTo]).toEqual([
      '2026-03-29T22:00:00.000Z',
      '2026-04-05T22:00:00.000Z',
    ]);
    expect(answer.rows.reduce((all, { share }) => all + share, 0)).toBeCloseTo(1, 9);
    const within = (fromTime: string, toTime: string, keyId?: string): number =>
      calls
        .filter(
          ({ request }) =>
            request.atMs >= Date.parse(fromTime) &&
            request.atMs < Date.parse(toTime) &&
            (keyId === undefined || request.keyId === keyId),
        )
        .reduce((all, call) => all + cost(call), 0);
    expect(answer.total.costNanoUsd).toBe(within(range.from, range.to));
    expect(answer.previous.costNanoUsd).toBe(within(answer.previousFrom, answer.previousTo));
    for (const row of answer.rows) {
      const before = within(answer.previousFrom, answer.previousTo, row.group);
      expect(row).toMatchObject({
        previousCostNanoUsd: before,
        costNanoUsd: within(range.from, range.to, row.group),
      });
      expect(row.change).toBeCloseTo((row.costNanoUsd - before) / before, 9);
      expect(row.label).toBe(`Name of ${row.group}`);
    }
  });

  test('a period is compared with the one before it, and who stopped is still a row', async () => {
    const weeks = await ask('cost', {
      from: '2026-03-29T22:00:00Z',
      to: '2026-04-19T22:00:00Z',
      groupBy: 'week',
    });
    expect(weeks.rows.map(({ label }) => label)).toEqual(['2026-03-30', '2026-04-06', '2026-04-13']);
    expect(weeks.rows.map(({ previousCostNanoUsd }) => previousCostNanoUsd)).toEqual([
      weekCost('2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'),
      ...weeks.rows.slice(0, -1).map(({ costNanoUsd }) => costNanoUsd),
    ]);
    const quiet = await ask('cost', {
      from: new Date(NOW_MS).toISOString(),
      to: new Date(NOW_MS + 60_000).toISOString(),
    });
    expect(quiet.total.costNanoUsd).toBe(0);
    const [last] = calls.filter((call) => cost(call) > 0);
    const minute = Math.floor((last?.request.atMs ?? 0) / 60_000) * 60_000;
    const after = await ask('cost', {
      from: new Date(minute + 60_000).toISOString(),
      to: new Date(minute + 120_000).toISOString(),
    });
    expect(after.rows).toMatchObject([{ group: last?.request.keyId, costNanoUsd: 0, change: -1, share: 0 }]);
  });

  function weekCost(fromTime: string, toTime: string): number {
    return calls
      .filter(({ request }) => request.atMs >= Date.parse(fromTime) && request.atMs < Date.parse(toTime))
      .reduce((all, call) => all + cost(call), 0);
  }
});

describe('models', () => {
  test('say whose they are, what of the prompts came from a cache, and whether they have a price', async () => {
    const { rows, total } = await ask('models', { from });
    expect(total.costNanoUsd).toBe(sum(cost));
    expect(
      Object.fromEntries(rows.map(({ model, service, unpriced }) => [model, [service, unpriced]])),
    ).toEqual({
      'claude-opus-5-5': ['claude', false],
      'gpt-5': ['openai', false],
      'gemini-3-pro': ['gemini', false],
      mystery: [null, true],
    });
    for (const row of rows) {
      const prompt = row.input + row.cacheRead + row.cacheWrite5m + row.cacheWrite1h;
      expect(row.cacheShare).toBe(row.cacheRead / prompt);
      expect(row.chargedAs).toBe(row.unpriced ? 'anthropic/claude-opus-5-5' : null);
    }
  });

  test.each(['week', 'account', 'tag'])('of each %s add up to it', async (groupBy) => {
    const { rows } = await ask('models', { from, groupBy });
    const whole = await ask('usage', { from, groupBy });
    for (const { group, costNanoUsd, latency } of whole.rows) {
      const own = rows.filter((row) => row.group === group);
      expect(own.reduce((all, row) => all + row.costNanoUsd, 0)).toBe(costNanoUsd);
      expect(own.reduce((all, row) => all + row.latency.requests, 0)).toBe(latency.requests);
    }
  });
});

describe('trends', () => {
  test.each([
    { splitBy: 'model', top: '2' },
    { splitBy: 'key', top: '3', groupBy: 'week' },
    { splitBy: 'account', top: '20', groupBy: 'month' },
    { splitBy: 'user', top: '1', keyId: 'key-1' },
    { splitBy: 'model', top: '1', accountId: 'account-1' },
    { groupBy: 'kind', top: '1' },
    { splitBy: 'model', top: '2', client: 'codex_cli' },
  ])('%j: parts add up to their period, series to the total', async (query) => {
    const asked: Record<string, string> = { from, ...query };
    const answer = await ask('trends', asked);
    expect(answer.series.length).toBeLessThanOrEqual(Number(query.top) + 1);
    const read = ({ costNanoUsd, requests, cacheSavingsNanoUsd, input, latency }: typeof answer.total) => [
      costNanoUsd,
      requests,
      cacheSavingsNanoUsd,
      input,
      latency.requests,
    ];
    const add = (parts: (typeof answer.total)[]): number[] =>
      parts.reduce(
        (all, part) => read(part).map((value, index) => value + (all[index] ?? 0)),
        [0, 0, 0, 0, 0],
      );
    for (const row of answer.rows) expect(add(row.parts)).toEqual(read(row));
    expect(add(answer.series.map(({ total }) => total))).toEqual(read(answer.total));
    for (const [index, { total }] of answer.series.entries()) {
      expect(add(answer.rows.flatMap(({ parts }) => parts[index] ?? []))).toEqual(read(total));
    }
    const { splitBy: _splitBy, top: _top, ...rest } = asked;
    const groupBy = 'groupBy' in query && query.groupBy !== 'kind' ? query.groupBy : 'day';
    const whole = await ask('usage', { ...rest, groupBy: groupBy ?? 'day' });
    expect(whole.total.costNanoUsd).toBe(answer.total.costNanoUsd);
    expect(answer.rows.map(({ group, costNanoUsd }) => [group, costNanoUsd])).toEqual(
      whole.rows.map(({ group, costNanoUsd }) => [group, costNanoUsd]),
    );
  });

  test('of tags count a key in each of its tags, and the others are keys without any that is told apart', async () => {
    const { series, total } = await ask('trends', { from, splitBy: 'tag', top: '2' });
    for (const { id, total: whole } of series) {
      const which =
        id === null
          ? (call: Call) => series.every((other) => other.id === null || !hasTag(other.id)(call))
          : hasTag(id);
      expect(whole.costNanoUsd).toBe(sum(cost, which));
    }
    expect(series.at(-1)?.id).toBeNull();
    expect(total.costNanoUsd).toBe(sum(cost));
  });

  test('too many periods are refused with what to do', async () => {
    await expect(
      ask('trends', { from: new Date(NOW_MS - 399 * DAY_MS).toISOString(), groupBy: 'hour' }),
    ).rejects.toThrow(/longer period/);
  });
});

describe('files', () => {
  async function file(query: Record<string, string>): Promise<{ name: string; bytes: Buffer }> {
    const input = { query: statsRoutes.export.query.parse(query), params: undefined, body: undefined };
    const { name, pieces } = await statsHandlers({ stats }).export(input, adminContext().context);
    const parts: Uint8Array[] = [];
    for await (const piece of pieces) parts.push(Buffer.from(piece));
    return { name, bytes: Buffer.concat(parts) };
  }

  test.each(['csv', 'xlsx'])(
    'as %s carry the same numbers as numbers, to the nano-dollar',
    async (format) => {
      const query = { from, groupBy: 'key' };
      const { rows } = await ask('usage', query);
      const { name, bytes } = await file({ ...query, format });
      expect(name).toBe(`usage-2026-04-20.${format}`);
      const [head = [], ...lines] = format === 'csv' ? readCsv(bytes) : await readXlsx(bytes, 'Usage');
      expect(lines).toHaveLength(rows.length);
      const cell = (line: number, column: string): unknown => lines[line]?.[head.indexOf(column)];
      for (const [index, row] of rows.entries()) {
        expect(cell(index, 'group')).toBe(row.group);
        expect(Number(cell(index, 'requests'))).toBe(row.requests);
        expect(Math.round(Number(cell(index, 'costUsd')) * 1e9)).toBe(row.costNanoUsd);
        expect(Math.round(Number(cell(index, 'cacheSavingsUsd')) * 1e9)).toBe(row.cacheSavingsNanoUsd);
        expect(Number(cell(index, 'durationMsP95'))).toBe(row.latency.durationMs?.p95);
        expect(typeof cell(index, 'costUsd')).toBe(format === 'xlsx' ? 'number' : 'string');
      }
    },
  );

  test('of cost, models and trends have a line for each row, and losses stay numbers', async () => {
    const cases = [
      { query: { from, file: 'cost' }, count: 5 },
      { query: { from, file: 'models' }, count: 4 },
      { query: { from, file: 'trends', groupBy: 'month', splitBy: 'model', top: '3' }, count: 2 * 4 },
    ];
    for (const { query, count } of cases) {
      const [head = [], ...lines] = readCsv((await file(query)).bytes);
      expect(lines).toHaveLength(count);
      const costs = lines.map((line) => Math.round(Number(line[head.indexOf('costUsd')]) * 1e9));
      expect(costs.reduce((all, nano) => all + nano, 0)).toBe(sum(cost));
    }
    const loss = calls.find((call) => saved(call) < 0 && call.request.atMs >= FROM_MS);
    const minute = Math.floor((loss?.request.atMs ?? 0) / 60_000) * 60_000;
    const range = { from: new Date(minute).toISOString(), to: new Date(minute + 60_000).toISOString() };
    const [head = [], line = []] = readCsv((await file({ ...range, groupBy: 'key' })).bytes);
    expect(Number(line[head.indexOf('cacheSavingsUsd')])).toBeLessThan(0);
  });

  function readCsv(bytes: Buffer): string[][] {
    const lines = bytes.toString('utf8').replace('\uFEFF', '').trim().split('\r\n');
    return lines.map((line) => line.split(','));
  }

  async function readXlsx(bytes: Buffer, sheetName: string): Promise<unknown[][]> {
    const { Workbook } = await import('@cj-tech-master/excelts');
    const workbook = new Workbook();
    await workbook.xlsx.load(bytes);
    const lines: unknown[][] = [];
    workbook.getWorksheet(sheetName)?.eachRow((row) => {
      lines.push((row.values as unknown[]).slice(1));
    });
    return lines;
  }
});
