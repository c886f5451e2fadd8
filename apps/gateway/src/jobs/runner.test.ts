// What replicas rely on: one of them runs the jobs, on time, and another takes over.
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { systemClock } from '../platform/clock.ts';
import { openRedis, type RedisConnections } from '../platform/redis/index.ts';
import { createJobRunner, type Job, type JobRunner } from './runner.ts';

let server: TestRedis;
let redis: RedisConnections;
const runners: JobRunner[] = [];

beforeAll(async () => {
  server = await startTestRedis();
  const single = { type: 'single', host: '127.0.0.1', port: server.port } as const;
  redis = openRedis({ server: single, username: null, password: null, db: 0, tls: false, keyPrefix: 't:' });
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await server.flush();
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

function startRunner(jobs: Job[], leaseMs = 300): JobRunner {
  const runner = createJobRunner(jobs, {
    redis,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    leaseMs,
  });
  runners.push(runner);
  runner.start();
  return runner;
}

function counting(everyMs: number, takesMs = 0): { job: Job; starts: number[]; most: () => number } {
  const starts: number[] = [];
  let now = 0;
  let most = 0;
  const job: Job = {
    name: 'count',
    everyMs,
    run: async () => {
      starts.push(Date.now());
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      now -= 1;
    },
  };
  return { job, starts, most: () => most };
}

async function lastRun(name: string): Promise<unknown> {
  const text = await redis.commands.hget(redis.keyspace.jobRuns, name);
  return text === null ? null : JSON.parse(text);
}

test('of three replicas one runs a job, again and again, never overlapping', async () => {
  const { job, starts, most } = counting(40, 60);
  for (let replica = 0; replica < 3; replica += 1) startRunner([job]);
  await expect.poll(() => starts.length, { timeout: 5000 }).toBeGreaterThanOrEqual(3);
  expect(most()).toBe(1);
});

test('a replica that stops hands over at once, and a job is not run early by the next', async () => {
  const { job, starts } = counting(60_000);
  const first = startRunner([job], 60_000);
  await expect.poll(async () => lastRun('count')).toMatchObject({ outcome: 'ok', error: null });
  await first.stop();
  expect(await redis.commands.get(redis.keyspace.jobLeader)).toBeNull();
  startRunner([job], 60_000);
  await expect.poll(async () => redis.commands.get(redis.keyspace.jobLeader)).toContain(' 2');
  expect(starts).toHaveLength(1);
});

test('a job that fails is noted and run again after its interval', async () => {
  let runs = 0;
  const job: Job = {
    name: 'fail',
    everyMs: 30,
    run: async () => {
      runs += 1;
      await Promise.reject(new Error('broken'));
    },
  };
  startRunner([job]);
  await expect.poll(() => runs, { timeout: 5000 }).toBeGreaterThanOrEqual(2);
  expect(await lastRun('fail')).toMatchObject({ error: expect.stringMatching(/broken/) as unknown });
});

test('a deposed replica is told to stop, cannot note its run, and the new leader runs the job again', async () => {
  let reason: unknown;
  const job: Job = {
    name: 'long',
    everyMs: 60_000,
    run: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          resolve();
        });
      }),
  };
  const first = startRunner([job]);
  await expect.poll(async () => lastRun('long')).toMatchObject({ outcome: 'running' });
  await redis.commands.set(redis.keyspace.jobLeader, 'another 99', 'PX', 500);
  await expect.poll(() => reason, { timeout: 5000 }).toBeInstanceOf(Error);
  expect(await lastRun('long')).toMatchObject({ outcome: 'running' });
  await first.stop();
  const { job: again, starts } = counting(60_000);
  startRunner([{ ...again, name: 'long' }]);
  await expect.poll(() => starts.length, { timeout: 5000 }).toBe(1);
});
