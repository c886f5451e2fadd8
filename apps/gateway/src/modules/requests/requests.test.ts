// The request list against a real Redis: every filter and sort gives what a plain look over all records gives.
import { requestListQuery, requestDetailSchema, requestRowSchema } from '@crs/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminContext } from '../../../test/admin-context.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { newRequestId } from '../../platform/ids.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { createUsage, type LedgerEntry, type RequestRecord } from '../usage/index.ts';
import { relayed, requestRecord } from '../usage/records.fixture.ts';
import { createRequests, type Requests } from './index.ts';
import { MOST_SORTED_ROWS } from './list.ts';
import { requestHandlers } from './requests.routes.ts';

const NOW_MS = Date.UTC(2026, 2, 10, 15, 30);
const DAY_MS = 86_400_000;
const clock = { now: () => NOW_MS };

let server: TestRedis;
let redis: RedisConnections;
let requests: Requests;
const records: RequestRecord[] = [];

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  requests = createRequests({
    redis,
    clock,
    retentionDays: () => 30,
    priceLines: ({ usage, costNanoUsd }) => [
      { bucket: 'output', tokens: usage.output, usdPerMTok: '25', costNanoUsd },
    ],
  });
  const entries = Array.from({ length: 3000 }, (_, number) => madeUp(number)).flat();
  await append(entries);
  records.push(...entries.flatMap((entry) => (entry.type === 'request' ? [entry.record] : [])));
  records.sort((one, other) => other.atMs - one.atMs || (one.id < other.id ? 1 : -1));
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

async function append(entries: readonly LedgerEntry[]): Promise<void> {
  const usage = createUsage({
    redis,
    calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
    clock,
    retentionDays: () => 30,
    onProblem: (message) => expect.fail(message),
  });
  await usage.ledger.append(entries);
  await usage.roller.caughtUp();
}

/** Spread over ten days, with 1500 of them in one and the same millisecond: a walk must not lose its place there. */
function madeUp(number: number): LedgerEntry[] {
  const outcome = number % 7 === 0 ? 'failed' : number % 11 === 0 ? 'refused' : 'ok';
  const status = outcome === 'ok' ? 200 : outcome === 'failed' ? 529 : 429;
  const atMs = number % 2 === 0 ? NOW_MS - DAY_MS : NOW_MS - Math.floor((number * 10 * DAY_MS) / 3000) - 1;
  return relayed(
    {
      atMs,
      keyId: `key-${number % 5}`,
      keyName: `Key number ${number % 5}`,
      userId: number % 3 === 0 ? 'user-1' : null,
      model: `claude-model-${number % 4}`,
      outcome,
      status,
      errorCode: outcome === 'ok' ? null : 'overloaded',
      client: number % 2 === 0 ? 'claude_code' : 'curl',
      stream: number % 13 !== 0,
      durationMs: (number * 7919) % 5000,
      firstEventMs: number % 9 === 0 ? null : (number * 31) % 900,
    },
    outcome === 'refused'
      ? []
      : [
          {
            accountId: `account-${number % 6}`,
            kind: number % 6 < 2 ? 'claude' : 'claude-console',
            costNanoUsd: (number * 104_729) % 100_000,
          },
        ],
  ).entries;
}

async function list(query: Record<string, string>): Promise<{ ids: string[]; total: number }> {
  const parsed = requestListQuery.parse(query);
  const { list: handle } = requestHandlers({ requests });
  const answer = await handle({ query: parsed, params: undefined, body: undefined }, adminContext().context);
  expect(answer).toMatchObject({ page: parsed.page, pageSize: parsed.pageSize });
  return { ids: answer.items.map((item) => requestRowSchema.parse(item).id), total: answer.total };
}

function plain(matches: (record: RequestRecord) => boolean): string[] {
  return records.filter(matches).map(({ id }) => id);
}

const from = new Date(NOW_MS - 4 * DAY_MS).toISOString();
const to = new Date(NOW_MS - DAY_MS).toISOString();

describe('filters', () => {
  const cases: [Record<string, string>, (record: RequestRecord) => boolean][] = [
    [{}, () => true],
    [{ keyId: 'key-3' }, ({ keyId }) => keyId === 'key-3'],
    [{ userId: 'user-1' }, ({ userId }) => userId === 'user-1'],
    [{ accountId: 'account-2' }, ({ accountId }) => accountId === 'account-2'],
    [{ model: 'claude-model-1' }, ({ model }) => model === 'claude-model-1'],
    [{ kind: 'claude' }, ({ kind }) => kind === 'claude'],
    [{ status: '429' }, ({ status }) => status === 429],
    [{ outcome: 'ok' }, ({ outcome }) => outcome === 'ok'],
    [{ outcome: 'refused' }, ({ outcome }) => outcome === 'refused'],
    [{ client: 'curl' }, ({ client }) => client === 'curl'],
    [{ stream: 'false' }, ({ stream }) => !stream],
    [{ from }, ({ atMs }) => atMs >= NOW_MS - 4 * DAY_MS],
    [{ to }, ({ atMs }) => atMs < NOW_MS - DAY_MS],
    [{ from: to }, ({ atMs }) => atMs >= NOW_MS - DAY_MS],
    [{ search: 'NUMBER 2' }, ({ keyName }) => keyName === 'Key number 2'],
    [
      { keyId: 'key-1', kind: 'claude', outcome: 'failed' },
      (row) => row.keyId === 'key-1' && row.kind === 'claude' && row.outcome === 'failed',
    ],
    [
      { keyId: 'key-1', model: 'claude-model-2', userId: 'user-1', from },
      (row) =>
        row.keyId === 'key-1' &&
        row.model === 'claude-model-2' &&
        row.userId === 'user-1' &&
        row.atMs >= NOW_MS - 4 * DAY_MS,
    ],
    [{ keyId: 'nobody' }, () => false],
  ];

  test.each(cases)('%j gives exactly the requests it names, newest first', async (query, matches) => {
    const expected = plain(matches);
    const first = await list({ ...query, pageSize: '100' });
    expect(first.total).toBe(expected.length);
    expect(first.ids).toEqual(expected.slice(0, 100));
    const later = await list({ ...query, page: '9', pageSize: '20' });
    expect(later.ids).toEqual(expected.slice(160, 180));
    expect(later.total).toBe(expected.length);
  });

  test('pages cover everything once, in either direction', async () => {
    for (const query of [{ sort: '-at' }, { sort: 'at' }, { sort: 'at', client: 'claude_code' }]) {
      const seen: string[] = [];
      for (let page = 1; page <= 16; page += 1) {
        seen.push(...(await list({ ...query, page: String(page), pageSize: '200' })).ids);
      }
      const expected = plain(({ client }) => !('client' in query) || client === query.client);
      expect(seen).toEqual(query.sort === 'at' ? expected.toReversed() : expected);
    }
  });

  test('a whole id is found at once, if it is among what the other filters name', async () => {
    const wanted = records.find(({ kind, keyId }) => kind === 'claude' && keyId === 'key-1');
    const search = wanted?.id ?? '';
    for (const query of [{}, { keyId: 'key-1' }, { kind: 'claude', stream: String(wanted?.stream) }]) {
      expect(await list({ search, ...query })).toEqual({ ids: [search], total: 1 });
    }
    const after = new Date((wanted?.atMs ?? 0) + 1).toISOString();
    for (const query of [{ keyId: 'key-2' }, { kind: 'claude-console' }, { from: after }, { page: '2' }]) {
      expect((await list({ search, ...query })).ids).toEqual([]);
    }
    expect(await list({ search: newRequestId(NOW_MS) })).toEqual({ ids: [], total: 0 });
  });

  test('a range upside down is refused', async () => {
    await expect(list({ from: to, to: from })).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('other orders than time', () => {
  test.each(['costNanoUsd', 'durationMs', 'firstEventMs'] as const)(
    'by %s, rows without it last',
    async (field) => {
      for (const sign of ['', '-']) {
        const { items } = await requests.list(
          requestListQuery.parse({ sort: `${sign}${field}`, pageSize: 200, keyId: 'key-2', page: 3 }),
        );
        const values = records
          .filter(({ keyId }) => keyId === 'key-2')
          .map((record) => record[field])
          .sort((one, other) =>
            one === null || other === null
              ? Number(one === null) - Number(other === null)
              : sign === ''
                ? one - other
                : other - one,
          );
        expect(items.map((item) => item[field])).toEqual(values.slice(400, 600));
        expect(items).toHaveLength(200);
      }
    },
  );

  test('more rows than can be sorted are refused, and the answer says to narrow the range', async () => {
    const key = redis.keyspace.requestIndex('key:busy');
    for (let at = 0; at <= MOST_SORTED_ROWS; at += 5000) {
      const members = Array.from({ length: 5000 }, (_, number) => [
        NOW_MS - at - number,
        `req_${at + number}`,
      ]);
      await redis.background.zadd(key, ...members.flat());
    }
    const sorted = list({ keyId: 'busy', sort: '-costNanoUsd' });
    await expect(sorted).rejects.toThrow(/narrow it with from and to/);
    await expect(sorted).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: 'sort' }] });
    await expect(list({ keyId: 'busy', search: 'x' })).rejects.toMatchObject({
      errors: [{ path: 'search' }],
    });
    await redis.background.del(key);
  });
});

test('requests older than the retention are not listed, even before they are swept', async () => {
  const old = requestRecord({ atMs: NOW_MS - 30 * DAY_MS - 1000, keyId: 'key-old' });
  await redis.background.zadd(redis.keyspace.requestIndex('key:key-old'), old.atMs, old.id);
  expect(await list({ keyId: 'key-old' })).toEqual({ ids: [], total: 0 });
});

describe('one request', () => {
  test('shows its attempts in order, and price lines that add up to its cost', async () => {
    const { entries, request } = relayed({ atMs: NOW_MS - 5000, keyId: 'key-detail' }, [
      ...Array.from({ length: 10 }, () => ({ outcome: 'failed' as const, costNanoUsd: 0 })),
      { accountId: 'account-9', costNanoUsd: 321, outcome: 'ok' as const },
    ]);
    await append(entries);
    const { get } = requestHandlers({ requests });
    const input = { params: { id: request.id }, query: undefined, body: undefined };
    const detail = requestDetailSchema.parse(await get(input, adminContext().context));
    expect(detail.attempts.map(({ id }) => id)).toEqual(request.attemptIds);
    expect(detail.attempts.at(-1)).toMatchObject({ accountId: 'account-9', costNanoUsd: 321, outcome: 'ok' });
    expect(detail.price).toMatchObject({
      packId: 'pack',
      model: 'anthropic/claude-opus-5-5',
      fallback: false,
    });
    expect(detail.price.lines).toEqual([
      { bucket: 'output', tokens: 220, usdPerMTok: '25', costNanoUsd: request.costNanoUsd },
    ]);
    expect(detail.at).toBe(new Date(request.atMs).toISOString());
  });

  test('is found as soon as it is written, and not before it has ended', async () => {
    const { entries, request } = relayed({ atMs: NOW_MS });
    const usage = createUsage({
      redis,
      calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
      clock,
      retentionDays: () => 30,
      onProblem: (message) => expect.fail(message),
    });
    await usage.ledger.append(entries.slice(0, 1));
    await expect(requests.detail(request.id)).rejects.toMatchObject({ code: 'not_found' });
    await usage.ledger.append(entries);
    expect((await requests.detail(request.id)).id).toBe(request.id);
    await expect(requests.detail(newRequestId(NOW_MS))).rejects.toMatchObject({ code: 'not_found' });
  });
});
