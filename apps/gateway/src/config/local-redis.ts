// Owns the way to the Redis that `npm start` runs: it leaves the address beside its data, so that the command line finds
// it without settings. Settings that name a Redis always win.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

type Settings = Readonly<Record<string, string | undefined>>;

const NAMING = ['REDIS_URL', 'REDIS_HOST', 'REDIS_SENTINEL_ENABLED'];
const fileSchema = z.object({ port: z.int().min(1).max(65_535), password: z.string() });

/** `settings`, with the address of the local Redis where they name none and one runs. */
export function withLocalRedis(settings: Settings, cwd: string): Settings {
  if (NAMING.some((name) => (settings[name] ?? '') !== '')) return settings;
  const file = join(resolve(cwd, settings['DATA_DIR'] || 'data'), 'redis.json');
  try {
    const { port, password } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { ...settings, REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port), REDIS_PASSWORD: password };
  } catch {
    // None runs, or none that we may read.
    return settings;
  }
}
