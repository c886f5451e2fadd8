// Owns the Redis of a chaos run: a single server, or a master with its replica and three Sentinels.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { startTestSentinel, type TestSentinel } from '../sentinel.ts';

export interface RedisStage {
  /** Settings of a gateway on it. */
  readonly env: Readonly<Record<string, string>>;
  /** The master stops answering while its sockets stay open. */
  freeze(): void;
  thaw(): void;
  /** Kills the master, whose replica has everything by then; resolves with ms until another one was promoted. */
  failOver(): Promise<number>;
  stop(): Promise<void>;
}

/** `downAfterMs`: when the Sentinels take a silent master for dead; null where there are none. */
export async function startRedisStage(downAfterMs: number | null): Promise<RedisStage> {
  const master = await startTestRedis([], { mayReplicate: downAfterMs !== null });
  return downAfterMs === null ? singleStage(master) : sentinelStage(master, downAfterMs);
}

function singleStage(redis: TestRedis): RedisStage {
  return {
    env: { REDIS_URL: redis.url },
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    failOver: () => Promise.reject(new Error('there is nobody to fail over to')),
    stop: () => redis.stop(),
  };
}

const SENTINELS = 3;

async function sentinelStage(first: TestRedis, downAfterMs: number): Promise<RedisStage> {
  const replica = await startTestRedis(['--replicaof', '127.0.0.1', String(first.port)], {
    mayReplicate: true,
  });
  const sentinels: TestSentinel[] = [];
  for (let index = 0; index < SENTINELS; index += 1) {
    sentinels.push(await startTestSentinel(first.port, 1, { quorum: 2, downAfterMs }));
  }
  for (const sentinel of sentinels) {
    while ((await sentinel.peers()) < SENTINELS - 1) await sleep(100);
  }
  const [watcher] = sentinels;
  if (watcher === undefined) throw new Error('no sentinel');
  let master = first;
  await inSync(replica);
  return {
    env: {
      REDIS_SENTINEL_ENABLED: 'true',
      REDIS_SENTINEL_HOSTS: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','),
      REDIS_SENTINEL_MASTER_NAME: 'mymaster',
    },
    freeze: () => master.freeze(),
    thaw: () => master.thaw(),
    failOver: async () => {
      await inSync(replica);
      const startedAt = performance.now();
      await master.kill();
      while ((await watcher.master()) !== replica.port) await sleep(20);
      master = replica;
      return Math.round(performance.now() - startedAt);
    },
    stop: async () => {
      for (const sentinel of sentinels) await sentinel.stop();
      await replica.stop();
      await first.stop();
    },
  };
}

/** Resolves when the link stands and the first copy is done: from then on it is behind by what is on the wire. */
async function inSync({ port }: TestRedis): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port });
  client.on('error', () => {});
  try {
    for (;;) {
      const info = await client.info('replication');
      if (/master_link_status:up/.test(info) && /master_sync_in_progress:0/.test(info)) return;
      await sleep(50);
    }
  } finally {
    client.disconnect();
  }
}
