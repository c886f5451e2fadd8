// The upstream simulator as a part of the demo.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Running, watch } from '../processes.ts';
import { LaunchError } from '../progress.ts';

const START_TIMEOUT_MS = 20_000;

export interface Simulator extends Running {
  url: string;
  entry: string;
}

/** Resolves with the address that it says on its first line. */
export async function startSimulator(root: string, cwd: string): Promise<Simulator> {
  const entry = join(root, 'packages/upstream-simulator/dist/main.js');
  const child = spawn(process.execPath, [entry, '--port', '0'], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const running = await watch(child);
  const url = await Promise.race([
    firstUrl(child.stdout),
    running.ended.then(() => null),
    new Promise<null>((resolve) => setTimeout(resolve, START_TIMEOUT_MS, null).unref()),
  ]);
  // Whatever it says later is read and dropped, so that its pipe never fills.
  child.stdout.resume();
  if (url === null) {
    child.kill('SIGKILL');
    throw new LaunchError('The upstream simulator did not start.');
  }
  return { ...running, url, entry };
}

async function firstUrl(output: NodeJS.ReadableStream): Promise<string | null> {
  const lines = createInterface({ input: output });
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
  });
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string'
      ? value.url
      : null;
  } catch {
    return null;
  }
}
