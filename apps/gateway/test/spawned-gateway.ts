// The program itself, as a process of its own, from its sources: one that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ADMIN_PASSWORD, type TestGateway } from './gateway.ts';
import { freePort } from './redis.ts';

export interface SpawnedGateway {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Settings of another process of the same installation, with its journal in `dataDir`. */
export function settingsBeside({ redis, gateway }: TestGateway, dataDir: string): Record<string, string> {
  const { secrets } = gateway.config;
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    ADMIN_PASSWORD,
    JWT_SECRET: secrets.jwtSecret,
    ENCRYPTION_KEY: secrets.encryptionKey,
    ALLOW_PRIVATE_UPSTREAMS: 'true',
  };
}

/** Resolves when it is ready. */
export async function spawnGateway(env: Record<string, string>): Promise<SpawnedGateway> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const port = await freePort();
  const child = spawn(process.execPath, ['--conditions=development', main], {
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: env['DATA_DIR'],
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status, {
      timeout: 30_000,
      interval: 50,
    })
    .toBe(200);
  return { child, url };
}
