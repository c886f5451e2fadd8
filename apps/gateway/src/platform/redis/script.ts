// Owns how Lua gets to Redis: source beside its owner, sent by digest, whole only where the server does not know it
// (after a restart, a failover, SCRIPT FLUSH).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, type Redis } from 'ioredis';

export interface RedisScript {
  /** For messages. */
  readonly name: string;
  /** The script's reply as the driver reads it; parse it. */
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/**
 * `defineScript(new URL('./scripts/admit.lua', import.meta.url))`; reads the file once, at import. `libraries` are put
 * before it: local functions that several scripts share.
 */
export function defineScript(file: URL, ...libraries: URL[]): RedisScript {
  const source = [...libraries, file].map((part) => readFileSync(part, 'utf8')).join('\n');
  const digest = createHash('sha1').update(source).digest('hex');
  const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1);
  return {
    name,
    async run(redis, keys, args) {
      try {
        // As the driver's own `evalsha` does, without copying the arguments three times.
        const command = new Command('evalsha', [digest, keys.length, ...keys, ...args], {
          replyEncoding: 'utf8',
        });
        redis.sendCommand(command);
        const reply: unknown = await command.promise;
        return reply;
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(source, keys.length, ...keys, ...args);
      }
    },
  };
}
