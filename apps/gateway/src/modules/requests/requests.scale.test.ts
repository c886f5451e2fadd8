// What filtered lists and counts cost with many requests. The bound is generous, for busy machines; a million rows take
// five times as long.
import { requestHistogramQuery, requestListQuery } from '@crs/shared';
import { expect, test } from 'vitest';
import { startTestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { encodeFacts, factsOf } from '../usage/index.ts';
import { requestRecord } from '../usage/records.fixture.ts';
import { testRequests } from './requests.fixture.ts';

const NOW_MS = Date.UTC(2026, 2, 10, 15, 30);
const DAY_MS = 86_400_000;
const ROWS = Number(process.env['SCALE_ROWS'] ?? 200_000);
const BOUND_MS = 250;

test(`combined filters over ${ROWS} requests are answered in a moment, on the first page and deep in`, {
  timeout: 300_000,
}, async () => {
  const server = await startTestRedis();
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  const { requests } = testRequests(redis, { now: () => NOW_MS });
  await seed(redis, ROWS);
  await requests.prepare();

  const told: string[] = [];
  const measure = async (name: string, run: () => Promise<number>, total: number): Promise<void> => {
    let fastestMs = Number.POSITIVE_INFINITY;
    for (let count = 0; count < 5; count += 1) {
      const startedAt = performance.now();
      expect(await run(), name).toBe(total);
      fastestMs = Math.min(fastestMs, performance.now() - startedAt);
    }
    told.push(`${name}: ${fastestMs.toFixed(1)} ms`);
    expect(fastestMs, told.join('\n')).toBeLessThan(BOUND_MS);
  };
  const list = async (query: Record<string, string>): Promise<number> =>
    (await requests.list(requestListQuery.parse(query))).total;
  const lists: [Record<string, string>, number][] = [
    [{ model: 'model-1', status: '529' }, ROWS / 100],
    [{ model: 'model-1', status: '5xx', client: 'curl' }, 0],
    [{ keyId: '5e0f5c2e-8d5b-4f5e-9c55-key-7', accountId: 'account-3', outcome: 'ok' }, 0],
    [{ model: 'model-2', stream: 'true' }, ROWS / 4],
    [{ model: 'model-2', stream: 'true', page: String(ROWS / 4 / 20) }, ROWS / 4],
    [{ minCostUsd: '0.0001', maxDurationMs: '900', userId: 'user-1' }, -1],
    [{ client: 'claude_code', sort: '-costNanoUsd' }, ROWS / 2],
    [{ page: String(ROWS / 40) }, ROWS],
  ];
  for (const [query, total] of lists) {
    const expected = total === -1 ? await list(query) : total;
    await measure(JSON.stringify(query), () => list(query), expected);
  }
  const histogram = async (query: Record<string, string>): Promise<number> =>
    (await requests.histogram(requestHistogramQuery.parse(query))).total;
  await measure('histogram', () => histogram({}), ROWS);
  await measure('histogram of a model', () => histogram({ model: 'model-3' }), ROWS / 4);
  if (process.env['SCALE_ROWS'] !== undefined) process.stdout.write(`${told.join('\n')}\n`);
  await redis.close();
  await server.stop();
});

/** Only the index: which rows there are is asked here, not what they say. */
async function seed({ background, keyspace }: RedisConnections, count: number): Promise<void> {
  for (let from = 0; from < count; from += 5000) {
    const members: (number | string)[] = [];
    for (let index = from; index < Math.min(count, from + 5000); index += 1) {
      const atMs = NOW_MS - 10_000 - Math.floor((index * 29 * DAY_MS) / count);
      const record = requestRecord({
        atMs,
        keyId: `5e0f5c2e-8d5b-4f5e-9c55-key-${index % 1000}`,
        userId: `user-${index % 10}`,
        accountId: `account-${index % 5}`,
        model: `model-${index % 4}`,
        client: index % 2 === 0 ? 'claude_code' : 'codex_cli',
        status: index % 100 === 1 ? 529 : 200,
        outcome: index % 100 === 1 ? 'failed' : 'ok',
        costNanoUsd: (index * 7919) % 1_000_000,
        durationMs: (index * 104_729) % 60_000,
      });
      members.push(atMs, encodeFacts(factsOf(record)));
    }
    await background.zadd(keyspace.requestIndex, ...members);
  }
}
