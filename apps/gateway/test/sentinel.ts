// A real Sentinel for tests: watches one master on loopback and fails over fast, alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, REDIS_SERVER } from './redis.ts';

export interface TestSentinel {
  readonly port: number;
  /** Port of the master as the Sentinel sees it. */
  master(): Promise<number>;
  /** Other Sentinels it knows. */
  peers(): Promise<number>;
  stop(): Promise<void>;
}

/** Resolves when the Sentinel knows `replicas` replicas of the master, whose name is `mymaster`. */
export async function startTestSentinel(
  masterPort: number,
  replicas: number,
  { quorum = 1, downAfterMs = 500 }: { quorum?: number; downAfterMs?: number } = {},
): Promise<TestSentinel> {
  const dir = mkdtempSync(join(tmpdir(), 'crs-sentinel-'));
  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  writeFileSync(
    file,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir "${dir}"`,
      `sentinel monitor mymaster 127.0.0.1 ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds mymaster ${downAfterMs}`,
      'sentinel failover-timeout mymaster 3000',
    ].join('\n'),
  );
  const child = spawn(REDIS_SERVER, [file, '--sentinel'], { stdio: 'ignore' });
  const endWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 });
  client.on('error', () => {});
  const known = async (what: 'REPLICAS' | 'SENTINELS'): Promise<number> => {
    const found = await client.call('SENTINEL', what, 'mymaster');
    return Array.isArray(found) ? found.length : 0;
  };
  while ((await known('REPLICAS')) < replicas) await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    master: async () => {
      const address = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
      return Array.isArray(address) ? Number(address[1]) : 0;
    },
    peers: () => known('SENTINELS'),
    stop: async () => {
      client.disconnect();
      const ended = once(child, 'exit');
      process.removeListener('exit', endWithParent);
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}
