// Figures against a real Redis: every range, grouping and filter gives what adding up the records one by one gives.
import { dashboardSchema, statsQuery, statsRoutes, type UsageRow } from '@crs/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { adminContext } from '../../../test/admin-context.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { testRequests } from '../requests/requests.fixture.ts';
import {
  type AttemptRecord,
  createUsage,
  type LedgerEntry,
  type RequestRecord,
  type Usage,
} from '../usage/index.ts';
import { relayed, requestRecord } from '../usage/records.fixture.ts';
import type { AccountState, KeyNearBudget, KeysState, UnpricedModel } from './attention.ts';
import { createStats, type Stats } from './index.ts';
import { dashboardHandlers, statsHandlers } from './stats.routes.ts';

const NOW_MS = Date.UTC(2026, 2, 10, 15, 37, 21, 345);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const calendar = createCalendar({ type: 'offset', offsetMinutes: 330 });
const clock = { now: () => NOW_MS };

let server: TestRedis;
let redis: RedisConnections;
let usage: Usage;
let stats: Stats;
let accounts: AccountState[] = [];
let keys: KeysState = { total: 0, active: 0, expiring: [] };
let unpriced: UnpricedModel[] = [];
let nearBudget: KeyNearBudget[] = [];
const tags: Record<string, string[]> = { 'key-0': ['red'], 'key-1': ['red', 'blue'] };

interface Row {
  readonly request: RequestRecord;
  readonly attempts: readonly AttemptRecord[];
}

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  usage = createUsage({
    redis,
    calendar,
    clock,
    retentionDays: () => 30,
    onProblem: (message) => expect.fail(message),
  });
  const { requests } = testRequests(redis, clock);
  const named = (names: Record<string, string>) => (ids: readonly string[]) =>
    Promise.resolve(ids.map((id) => names[id] ?? null));
  stats = createStats({
    figures: usage.figures,
    requests,
    calendar,
    clock,
    names: { key: named({ 'key-1': 'Team red' }), user: named({}), account: named({ 'account-1': 'Main' }) },
    tags: async () => (id) => tags[id] ?? [],
    keysWithTag: (tag) => Promise.resolve(Object.keys(tags).filter((id) => tags[id]?.includes(tag) === true)),
    accounts: () => accounts,
    keys: () => Promise.resolve(keys),
    keysNearBudget: async () => nearBudget,
    modelsWithoutPrice: async () => unpriced,
  });
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

async function append(entries: readonly LedgerEntry[]): Promise<void> {
  await usage.ledger.append(entries);
  await usage.roller.caughtUp();
}

async function ask(query: Record<string, string>): Promise<{ rows: UsageRow[]; total: UsageRow }> {
  const answer = statsRoutes.usage.response.parse(await usageHandler(statsQuery.parse(query)));
  return { rows: answer.rows, total: { group: '', label: '', ...answer.total } };
}

async function usageHandler(query: ReturnType<typeof statsQuery.parse>) {
  return statsHandlers({ stats }).usage(
    { query, params: undefined, body: undefined },
    adminContext().context,
  );
}

async function overview(query: { from?: string; to?: string }) {
  const handlers = dashboardHandlers({ stats });
  return handlers.overview({ query, params: undefined, body: undefined }, adminContext().context);
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

describe('usage by group', () => {
  const rows: Row[] = [];

  beforeAll(async () => {
    await server.flush();
    const made = Array.from({ length: 700 }, (_, number) => madeUp(number));
    rows.push(...made);
    await append(made.flatMap(({ entries }) => entries));
  });

  /** Spread over twelve days, denser toward now, with failures, retries on another account, and refusals. */
  function madeUp(number: number): ReturnType<typeof relayed> {
    const ageMs = number % 2 === 0 ? (number * 2 * HOUR_MS) / 700 : (number * 12 * DAY_MS) / 700;
    const isRefused = number % 17 === 0;
    const outcome = isRefused ? 'refused' : number % 5 === 0 ? 'failed' : 'ok';
    const attempt = (account: number, failed: boolean): Partial<AttemptRecord> => ({
      accountId: `account-${account}`,
      kind: account < 2 ? 'claude' : 'claude-console',
      outcome: failed ? 'failed' : 'ok',
      usage: { input: number, cacheWrite5m: 1, cacheWrite1h: 2, cacheRead: 3 * number, output: 7 },
      costNanoUsd: failed ? 0 : 1000 + number,
      chargedNanoUsd: failed ? 0 : 1100 + number,
    });
    const first = number % 3 === 0 ? [attempt((number + 1) % 4, true)] : [];
    return relayed(
      {
        atMs: Math.floor(NOW_MS - ageMs),
        keyId: `key-${number % 4}`,
        userId: number % 4 === 0 ? null : `user-${number % 2}`,
        model: `claude-model-${number % 3}`,
        outcome,
      },
      isRefused ? [] : [...first, attempt(number % 4, outcome === 'failed')],
    );
  }

  interface Filter {
    readonly keyId?: string;
    readonly userId?: string;
    readonly accountId?: string;
    readonly kind?: string;
    readonly model?: string;
  }

  /** Sums of a range, record by record. */
  function plain(
    fromMs: number,
    toMs: number,
    filter: Filter,
    group: (row: Row, part: Part) => string,
  ): Map<string, Plain> {
    const groups = new Map<string, Plain>();
    const add = (row: Row, part: Part, more: Partial<Plain>): void => {
      const { keyId, userId, model } = row.request;
      const cell = { keyId, userId, model, accountId: part.accountId, kind: part.kind };
      if (Object.entries(filter).some(([name, value]) => cell[name as keyof typeof cell] !== value)) return;
      const name = group(row, part);
      const total = groups.get(name) ?? { ...nothing };
      for (const [field, value] of Object.entries(more)) total[field as keyof Plain] += value;
      groups.set(name, total);
    };
    for (const row of rows) {
      const { request, attempts } = row;
      if (request.atMs < fromMs || request.atMs >= toMs || request.outcome === 'refused') continue;
      add(row, request, { requests: 1, failedRequests: request.outcome === 'failed' ? 1 : 0 });
      for (const attempt of attempts) {
        const tokens = Object.values(attempt.usage).reduce((sum, count) => sum + count, 0);
        const failedAttempts = attempt.outcome === 'failed' ? 1 : 0;
        add(row, attempt, { attempts: 1, failedAttempts, tokens, cost: attempt.costNanoUsd });
      }
    }
    return groups;
  }

  interface Part {
    readonly accountId: string | null;
    readonly kind: string | null;
  }
  interface Plain {
    requests: number;
    attempts: number;
    failedRequests: number;
    failedAttempts: number;
    tokens: number;
    cost: number;
  }
  const nothing: Plain = {
    requests: 0,
    attempts: 0,
    failedRequests: 0,
    failedAttempts: 0,
    tokens: 0,
    cost: 0,
  };

  function short(row: UsageRow, errors: 'failedRequests' | 'failedAttempts'): Partial<Plain> {
    return {
      requests: row.requests,
      attempts: row.attempts,
      [errors]: row.errors,
      tokens: row.input + row.cacheWrite5m + row.cacheWrite1h + row.cacheRead + row.output,
      cost: row.costNanoUsd,
    };
  }

  function expectRows(
    answer: readonly UsageRow[],
    expected: ReadonlyMap<string, Plain>,
    errors: 'failedRequests' | 'failedAttempts',
  ): void {
    const found = answer.filter(({ requests, attempts }) => requests + attempts > 0);
    expect(found.map(({ group }) => group).sort()).toEqual([...expected.keys()].sort());
    for (const row of found) expect(expected.get(row.group), row.group).toMatchObject(short(row, errors));
  }

  const ranges: [string, number, number][] = [
    ['everything', NOW_MS - 13 * DAY_MS, NOW_MS + HOUR_MS],
    ['up to now', NOW_MS - 26 * HOUR_MS, NOW_MS],
    ['ends in the middle of a second', NOW_MS - 9 * DAY_MS - 123, NOW_MS - 1_234_567],
    ['some minutes', NOW_MS - 50 * 60_000, NOW_MS - 11_000],
    ['old minutes', NOW_MS - 8 * DAY_MS, NOW_MS - 8 * DAY_MS + 20 * 60_000 + 7],
  ];
  const filters: Filter[] = [
    {},
    { keyId: 'key-1' },
    { accountId: 'account-2' },
    { kind: 'claude', model: 'claude-model-1' },
    { userId: 'user-1', keyId: 'key-3' },
  ];

  describe.each(ranges)('%s', (_, fromMs, toMs) => {
    test.each(filters)('with %j', async (filter) => {
      const asked = { from: iso(fromMs), to: iso(toMs), ...filter };
      const errors =
        filter.accountId !== undefined || filter.kind !== undefined ? 'failedAttempts' : 'failedRequests';
      const whole = plain(fromMs, toMs, filter, () => '').get('') ?? nothing;
      for (const [groupBy, startMs] of [
        ['hour', (atMs: number) => calendar.hourStartMs(atMs)],
        ['day', (atMs: number) => calendar.dayStartMs(atMs)],
        ['week', (atMs: number) => calendar.weekStartMs(atMs)],
        ['month', (atMs: number) => calendar.monthStartMs(atMs)],
      ] as const) {
        const { rows: answer, total } = await ask({ ...asked, groupBy });
        expectRows(
          answer,
          plain(fromMs, toMs, filter, ({ request }) => iso(startMs(request.atMs))),
          errors,
        );
        expect(whole).toMatchObject(short(total, errors));
      }
      const members: [string, (row: Row, part: Part) => string][] = [
        ['key', ({ request }) => request.keyId],
        ['user', ({ request }) => request.userId ?? ''],
        ['model', ({ request }) => request.model],
        ['account', (__, part) => part.accountId ?? ''],
        ['kind', (__, part) => part.kind ?? ''],
      ];
      for (const [groupBy, member] of members) {
        const { rows: answer } = await ask({ ...asked, groupBy });
        const about = groupBy === 'account' || groupBy === 'kind' ? 'failedAttempts' : errors;
        expectRows(answer, plain(fromMs, toMs, filter, member), about);
        expect(answer.map((row) => row.costNanoUsd)).toEqual(
          answer.map((row) => row.costNanoUsd).toSorted((one, other) => other - one),
        );
      }
    });
  });

  test('names stand by their ids where they are known', async () => {
    const { rows: byKey } = await ask({ groupBy: 'key' });
    expect(byKey.find(({ group }) => group === 'key-1')?.label).toBe('Team red');
    expect(byKey.find(({ group }) => group === 'key-2')?.label).toBe('key-2');
    const { rows: byAccount } = await ask({ groupBy: 'account' });
    expect(byAccount.find(({ group }) => group === 'account-1')?.label).toBe('Main');
  });

  test('older than single requests are kept, the ends of a range are those of whole hours or days', async () => {
    const atMs = NOW_MS - 60 * DAY_MS;
    await append(relayed({ atMs, keyId: 'key-before' }, [{ costNanoUsd: 9 }]).entries);
    const { total } = await ask({ from: iso(atMs + 1), to: iso(atMs + 2 * DAY_MS), keyId: 'key-before' });
    expect(total).toMatchObject({ requests: 1, costNanoUsd: 9 });
    const { total: later } = await ask({
      from: iso(atMs + 2 * DAY_MS),
      to: iso(atMs + 4 * DAY_MS),
      keyId: 'key-before',
    });
    expect(later.requests).toBe(0);
  });
});

describe('periods', () => {
  beforeEach(async () => {
    await server.flush();
  });

  test('without figures are rows of zero, so that a chart has no holes', async () => {
    await append(relayed({ atMs: NOW_MS - 3 * DAY_MS }).entries);
    const dayMs = calendar.dayStartMs(NOW_MS - 4 * DAY_MS);
    const { rows } = await ask({ from: iso(dayMs), to: iso(dayMs + 4 * DAY_MS), groupBy: 'day' });
    expect(rows.map(({ group, requests }) => [group, requests])).toEqual([
      [iso(dayMs), 0],
      [iso(dayMs + DAY_MS), 1],
      [iso(dayMs + 2 * DAY_MS), 0],
      [iso(dayMs + 3 * DAY_MS), 0],
    ]);
    expect(rows[0]?.label).toBe('2026-03-06');
  });

  test.each([
    ['hour', 24],
    ['day', 30],
    ['week', 12],
    ['month', 12],
  ])('by %s the last %i are shown unless a range is given', async (groupBy, count) => {
    const { rows } = await ask({ groupBy });
    expect(rows).toHaveLength(count);
    expect(Date.parse(rows.at(-1)?.group ?? '')).toBeLessThanOrEqual(NOW_MS);
  });

  test('a day begins where the configured zone says', async () => {
    const midnightMs = calendar.dayStartMs(NOW_MS);
    await append([...relayed({ atMs: midnightMs - 1 }).entries, ...relayed({ atMs: midnightMs }).entries]);
    const { rows } = await ask({ groupBy: 'day' });
    expect(rows.slice(-2).map(({ requests }) => requests)).toEqual([1, 1]);
    expect(rows.at(-1)?.group).toBe('2026-03-09T18:30:00.000Z');
  });

  test('too many of them, or hours that are not kept, are refused with what to do', async () => {
    await expect(ask({ groupBy: 'hour', from: iso(NOW_MS - 401 * DAY_MS) })).rejects.toThrow(/kept 400 days/);
    await expect(ask({ groupBy: 'day', from: '1970-01-01T00:00:00Z' })).rejects.toThrow(/narrow it/);
    await expect(ask({ from: iso(NOW_MS), to: iso(NOW_MS) })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('the dashboard', () => {
  beforeEach(async () => {
    await server.flush();
    accounts = [];
    keys = { total: 0, active: 0, expiring: [] };
    unpriced = [];
    nearBudget = [];
  });

  test('of an empty gateway is whole, and says what is to be set up', async () => {
    const answer = dashboardSchema.parse(await overview({}));
    expect(answer.setup).toEqual({ account: false, key: false, request: false });
    expect(answer.trendBy).toBe('hour');
    expect(answer.trend).toHaveLength(25);
    expect(answer.current.requests).toBe(0);
    expect(answer.forecast).toBeNull();
    expect(answer.attention).toEqual([]);
  });

  test('compares with the period before, and lists who spent most', async () => {
    await append([
      ...relayed({ atMs: NOW_MS - HOUR_MS, keyId: 'key-1' }, [{ costNanoUsd: 500 }]).entries,
      ...relayed({ atMs: NOW_MS - 1, keyId: 'key-2', outcome: 'failed' }, [
        { costNanoUsd: 900, accountId: 'account-2' },
      ]).entries,
      ...relayed({ atMs: NOW_MS - 30 * HOUR_MS }, [{ costNanoUsd: 40 }]).entries,
      ...relayed({ atMs: NOW_MS - 50 * HOUR_MS }, [{ costNanoUsd: 7 }]).entries,
      {
        type: 'request',
        record: requestRecord({ atMs: NOW_MS - 5, outcome: 'refused', accountId: null, kind: null }),
      },
    ]);
    accounts = [state({ id: 'account-1', status: 'ready' })];
    keys = { total: 4, active: 3, expiring: [] };
    const answer = dashboardSchema.parse(await overview({ from: iso(NOW_MS - DAY_MS), to: iso(NOW_MS - 1) }));
    expect(answer.current).toMatchObject({ requests: 2, errors: 1, costNanoUsd: 1400 });
    expect(answer.previous).toMatchObject({ requests: 1, costNanoUsd: 40 });
    expect([answer.from, answer.to]).toEqual([iso(NOW_MS - DAY_MS), iso(NOW_MS - 1)]);
    expect(answer.trend.map(({ costNanoUsd }) => costNanoUsd).filter((cost) => cost > 0)).toEqual([500, 900]);
    expect(answer.topKeys.map(({ label, costNanoUsd }) => [label, costNanoUsd])).toEqual([
      ['key-2', 900],
      ['Team red', 500],
    ]);
    expect(answer.topAccounts.map(({ label }) => label)).toEqual(['account-2', 'Main']);
    expect(answer.topModels).toHaveLength(1);
    expect(answer.kinds.map(({ group, costNanoUsd }) => [group, costNanoUsd])).toEqual([
      ['claude-console', 1400],
    ]);
    const p95 = answer.current.latency.durationMs?.p95 ?? 0;
    expect(Math.abs(p95 - 900)).toBeLessThan(90);
    expect(answer.current.latency.requests).toBe(1);
    expect(answer.previous.latency.requests).toBe(1);
    expect(answer.current.errorsByClass).toEqual({
      rateLimited: 0,
      clientError: 0,
      serverError: 0,
      noAnswer: 1,
    });
    expect(answer.keys).toEqual({ total: 4, active: 3 });
    expect(answer.accounts).toEqual({
      total: 1,
      byStatus: { ready: 1, cooling: 0, limited: 0, 'needs-login': 0, blocked: 0, disabled: 0 },
    });
    expect(answer.setup).toEqual({ account: true, key: true, request: true });
  });

  test('a request in the minute or hour where the range begins is counted in it, and not once more before it', async () => {
    for (const lengthMs of [DAY_MS, 20 * DAY_MS]) {
      await server.flush();
      await append([
        ...relayed({ atMs: NOW_MS - lengthMs - 1000 }).entries,
        ...relayed({ atMs: NOW_MS - lengthMs + 1000 }).entries,
      ]);
      const answer = await overview({ from: iso(NOW_MS - lengthMs), to: iso(NOW_MS) });
      expect(answer.current.requests + answer.previous.requests).toBe(2);
      expect(answer.current.requests).toBeGreaterThanOrEqual(1);
    }
  });

  test('longer ranges are drawn by day, and the month is forecast after three days', async () => {
    const days = Array.from({ length: 5 }, (_, number) => NOW_MS - (number + 1) * DAY_MS);
    await append(days.flatMap((atMs) => relayed({ atMs }, [{ costNanoUsd: 100 }]).entries));
    const answer = dashboardSchema.parse(await overview({ from: iso(NOW_MS - 7 * DAY_MS), to: iso(NOW_MS) }));
    expect(answer.trendBy).toBe('day');
    expect(answer.trend).toHaveLength(8);
    expect(answer.current.costNanoUsd).toBe(500);
    expect(answer.forecast).toEqual({
      monthToDateNanoUsd: 500,
      lowNanoUsd: 500 + 22 * 100,
      highNanoUsd: 500 + 22 * 100,
      until: '2026-03-31T18:30:00.000Z',
    });
  });

  test('what needs an operator comes first; who rests by order of the administrator is left in peace', async () => {
    accounts = [
      state({ id: 'a', status: 'cooling', reason: 'overloaded', untilMs: NOW_MS + 5000 }),
      state({ id: 'b', status: 'needs-login', reason: 'the token was revoked' }),
      state({ id: 'c', status: 'disabled', enabled: false }),
      state({ id: 'd', status: 'disabled', reason: 'expired' }),
      state({ id: 'e', status: 'ready' }),
    ];
    const budget = {
      limit: 'budget',
      every: 'day',
      owner: 'key',
      max: 5_000_000_000,
      held: 0,
      resetsAt: iso(NOW_MS + 60_000),
    } as const;
    nearBudget = [
      {
        id: 'key-3',
        name: 'Used',
        budgets: [
          { ...budget, used: 1 },
          { ...budget, every: 'month', used: 5_000_000_001 },
        ],
      },
      { id: 'key-4', name: 'Near', budgets: [{ ...budget, used: 4_100_000_000, models: ['claude-*'] }] },
      { id: 'key-5', name: 'Begun anew', budgets: [{ ...budget, used: 10 }] },
    ];
    unpriced = [{ model: 'claude-new', chargedAs: 'anthropic/claude-opus-5-5' }];
    keys = {
      total: 2,
      active: 2,
      expiring: [
        { id: 'key-1', name: 'Soon', expiresAtMs: NOW_MS + DAY_MS },
        { id: 'key-2', name: 'Later', expiresAtMs: NOW_MS + 8 * DAY_MS },
      ],
    };
    const { attention } = dashboardSchema.parse(await overview({}));
    expect(attention.map(({ kind, id, status }) => [kind, id, status])).toEqual([
      ['account', 'b', 'needs-login'],
      ['account', 'd', 'disabled'],
      ['account', 'a', 'cooling'],
      ['model-without-price', 'claude-new', 'unpriced'],
      ['key-near-budget', 'key-3', 'budget-used'],
      ['key-near-budget', 'key-4', 'near-budget'],
      ['key-expiring', 'key-1', 'expiring'],
    ]);
    expect(attention[5]).toMatchObject({
      reason: null,
      limit: { every: 'day', models: ['claude-*'], max: 5_000_000_000, used: 4_100_000_000 },
      until: iso(NOW_MS + 60_000),
    });
    expect(attention[2]).toMatchObject({
      accountKind: 'claude',
      reason: 'overloaded',
      until: iso(NOW_MS + 5000),
    });
  });

  function state(parts: Partial<AccountState>): AccountState {
    return {
      id: 'account',
      kind: 'claude',
      name: parts.id ?? '',
      enabled: true,
      status: 'ready',
      reason: null,
      untilMs: null,
      ...parts,
    };
  }
});
