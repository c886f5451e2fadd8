// What lists cost with many keys. The bound is generous, for busy machines; the work behind it does not grow per row.
import { expect, test } from 'vitest';
import { startTestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { createEvents } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { keyDefaults, type KeyDocument } from './document.ts';
import { Keys } from './index.ts';
import { noUses, surroundings } from './keys.fixture.ts';

const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
const KEYS = 100_000;
const BUDGETED = 10_000;
const LIST_BOUND_MS = 400;
/** Of one turn of the event loop, beside other tests. */
const TURN_BOUND_MS = 1000;

test(`pages of ${KEYS} keys are read in a moment, wherever they lie`, { timeout: 180_000 }, async () => {
  const server = await startTestRedis();
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  await seed(redis, KEYS);
  const uses = noUses();
  for (let index = 0; index < KEYS; index += 1) uses.requests.set(`id-${index}`, (index * 7919) % KEYS);
  for (let index = 0; index < BUDGETED; index += 1) uses.budgetShares.set(`id-${index}`, index / BUDGETED);
  const problems: unknown[] = [];
  const onError = (error: unknown): void => void problems.push(error);
  const keys = new Keys({
    redis,
    events: createEvents(onError),
    // After all of what was used.
    clock: { now: () => START_MS + KEYS * 1000 },
    pepper: 'p',
    keyPrefix: 'cr_',
    ...surroundings(uses),
    onError,
  });
  const first = { page: 1, pageSize: 20, sort: '-createdAt' };
  expect((await keys.list(first)).total).toBe(KEYS);

  const queries = [
    { query: first, total: KEYS, name: `key ${KEYS - 1}` },
    { query: { ...first, page: KEYS / 40, sort: 'createdAt' }, total: KEYS, name: `key ${KEYS / 2 - 20}` },
    { query: { ...first, sort: '-lastUsedAt' }, total: KEYS, name: `key ${KEYS - 1}` },
    { query: { ...first, sort: '-spendTotal' }, total: KEYS, name: dearest() },
    { query: { ...first, sort: '-budgetUsed' }, total: KEYS, name: `key ${BUDGETED - 1}` },
    {
      query: { ...first, budgetUsedPercent: 80, sort: 'name' },
      total: BUDGETED / 5,
      name: 'key 8000',
    },
    { query: { ...first, neverUsed: true }, total: 0, name: undefined },
    { query: { ...first, search: 'key 12345', sort: 'name' }, total: 1, name: 'key 12345' },
    { query: { ...first, tag: 'tag 7' }, total: KEYS / 50, name: `key ${KEYS - 43}` },
  ];
  const took: Record<string, number> = {};
  for (const { query, total, name } of queries) {
    const { page, fastestMs } = await fastest(() => keys.list(query));
    took[JSON.stringify(query)] = Math.round(fastestMs);
    expect(page.total).toBe(total);
    expect(page.views[0]?.key.name).toBe(name);
  }
  for (const fastestMs of Object.values(took))
    expect(fastestMs, JSON.stringify(took)).toBeLessThan(LIST_BOUND_MS);
  // All of them, in order, without anybody else waiting for long.
  let last = performance.now();
  let longestMs = 0;
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 5);
  const names: string[] = [];
  for await (const views of keys.all({ sort: '-spendTotal' }, 200)) {
    names.push(...views.map(({ key }) => key.name));
  }
  clearInterval(beat);
  expect(names).toHaveLength(KEYS);
  expect(new Set(names).size).toBe(KEYS);
  expect(names[0]).toBe(dearest());
  expect(longestMs).toBeLessThan(TURN_BOUND_MS);
  expect(problems).toEqual([]);
  keys.stop();
  await redis.close();
  await server.stop();
});

function dearest(): string {
  for (let index = 0; index < KEYS; index += 1) if ((index * 7919) % KEYS === KEYS - 1) return `key ${index}`;
  throw new Error('one of them has the most requests');
}

/** Of several runs: what others do on the machine meanwhile is not the list's cost. */
async function fastest<T>(run: () => Promise<T>): Promise<{ page: T; fastestMs: number }> {
  let fastestMs = Number.POSITIVE_INFINITY;
  let page = await run();
  for (let count = 0; count < 4; count += 1) {
    const startedAt = performance.now();
    page = await run();
    fastestMs = Math.min(fastestMs, performance.now() - startedAt);
  }
  return { page, fastestMs };
}

/** Written as the document store would write them, without asking it one by one. */
async function seed({ background, keyspace }: RedisConnections, count: number): Promise<void> {
  for (let from = 0; from < count; from += 2000) {
    const pipeline = background.pipeline();
    for (let index = from; index < Math.min(count, from + 2000); index += 1) {
      const id = `id-${index}`;
      const at = new Date(START_MS + index * 1000).toISOString();
      const document: KeyDocument = {
        ...keyDefaults,
        id,
        name: `key ${index}`,
        tags: [`tag ${index % 50}`],
        budgets: index < BUDGETED ? [{ every: 'total', usd: 10 }] : [],
        userId: null,
        secretHash: `hash-${index}`,
        previousSecret: null,
        hint: 'cr_1234…5678',
        createdAt: at,
        updatedAt: at,
        deletedAt: null,
        deletedBy: null,
        version: 1,
      };
      pipeline.set(keyspace.document('key', id), JSON.stringify(document));
      pipeline.zadd(keyspace.documentChanges('key'), index + 1, id);
      // A second apart: only the latest are within what is read again.
      pipeline.zadd(keyspace.keysLastUsed, START_MS + index * 1000, id);
    }
    pipeline.set(keyspace.documentSequence('key'), count);
    await pipeline.exec();
  }
}
