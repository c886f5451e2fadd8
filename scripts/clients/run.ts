// `pnpm clients`: fetches the clients that people use, exactly these versions, then runs them against the gateway.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printError } from '../launcher/progress.ts';
import { pathWithRedis } from '../test/prerequisites.ts';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, '.cache/clients');
const program = resolve(root, 'apps/gateway/test/clients/main.ts');

/** Exact: what a client sends changes with its version. */
const dependencies = {
  '@ai-sdk/anthropic': '4.0.105',
  '@anthropic-ai/claude-agent-sdk': '0.3.329',
  '@anthropic-ai/claude-code': '2.1.329',
  '@anthropic-ai/sdk': '1.11.0',
  '@google/gemini-cli': '0.61.0',
  '@google/genai': '3.3.0',
  '@openai/codex': '0.169.0',
  ai: '7.0.173',
  'anthropic-sdk-0': 'npm:@anthropic-ai/sdk@0.137.0',
  genai1: 'npm:@google/genai@1.52.0',
  openai: '7.57.0',
  openai6: 'npm:openai@6.49.0',
};

/** Nothing to do where they are there already. */
async function fetchClients(): Promise<void> {
  const wanted = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
  const stamp = join(cache, 'installed.json');
  if (read(stamp) === wanted) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), wanted);
  console.log('Fetching the clients (about 1.4 GB, a minute or two the first time)');
  const code = await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], cache);
  if (code !== 0) throw new Error(`npm install ended with ${code} in ${cache}`);
  writeFileSync(stamp, wanted);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function run(command: string, args: readonly string[], cwd: string, env = process.env): Promise<number> {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  // A signal reaches the whole group; each ends what it has started.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  return new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => ended(code ?? 1));
  });
}

try {
  await fetchClients();
  const path = await pathWithRedis(root, process.env['PATH'] ?? '', new AbortController().signal);
  const args = ['--conditions=development', program, cache, ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args, root, { ...process.env, PATH: path });
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
