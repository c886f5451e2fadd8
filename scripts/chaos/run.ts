// `pnpm chaos`: finds a redis-server, then starts the runs, which live beside the gateway's tests.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { printError } from '../launcher/progress.ts';
import { pathWithRedis } from '../test/prerequisites.ts';

const root = resolve(import.meta.dirname, '../..');
const program = resolve(root, 'apps/gateway/test/chaos/main.ts');

async function main(): Promise<number> {
  const path = await pathWithRedis(root, process.env['PATH'] ?? '', new AbortController().signal);
  const child = spawn(process.execPath, ['--conditions=development', program, ...process.argv.slice(2)], {
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
  });
  // A signal reaches the whole group; the runs end what they have started.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  return new Promise((ended) => child.once('exit', (code) => ended(code ?? 1)));
}

try {
  process.exitCode = await main();
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
