// The history may be written into the demo's own Redis and into no other: this asks the server itself which it is.
import { readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DEMO_DIR_PREFIX } from '../directory.ts';

/** What of a connection to Redis is asked. */
interface AskedRedis {
  call(command: string, ...args: string[]): Promise<unknown>;
}

interface Asked {
  readonly redis: AskedRedis;
  readonly port: number;
  /** As the gateway has it. */
  readonly dataDir: string;
  /** Anything on the books already. */
  readonly hasRows: boolean;
}

/** Throws, saying what is not as it must be. */
export async function requireThrowAway({ redis, port, dataDir, hasRows }: Asked): Promise<void> {
  const dir = realpathSync(dataDir);
  if (dirname(dir) !== realpathSync(tmpdir()) || !basename(dir).startsWith(DEMO_DIR_PREFIX))
    throw new Error(`${dataDir} is not the data directory of a demo.`);
  const address: unknown = JSON.parse(readFileSync(join(dir, 'redis.json'), 'utf8'));
  if (typeof address !== 'object' || address === null || !('port' in address) || address.port !== port)
    throw new Error('This is not the Redis that the demo has started.');
  const answer = await redis.call('CONFIG', 'GET', 'dir');
  const redisDir: unknown = Array.isArray(answer) ? answer[1] : null;
  if (typeof redisDir !== 'string' || realpathSync(redisDir) !== join(dir, 'redis'))
    throw new Error('This Redis keeps its data elsewhere than in the demo’s directory.');
  if (hasRows) throw new Error('There are requests on the books already.');
}
