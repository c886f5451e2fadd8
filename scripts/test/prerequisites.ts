// What the suites need beyond the packages: a redis-server on PATH and a Chromium.
import { dirname } from 'node:path';
import { findOnPath, findRedisServer } from '../launcher/redis-binary.ts';
import { runCommand } from '../launcher/processes.ts';
import { duringStep } from '../launcher/progress.ts';

/** The shell draws no window of its own: the same pages at two thirds of the work. */
const CHROMIUM_NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
const CHROMIUM_HINT = 'Install it (apt-get install chromium), or set CHROMIUM_PATH.';

/** The PATH with which a redis-server is found. */
export async function pathWithRedis(root: string, searchPath: string, signal: AbortSignal): Promise<string> {
  const binary = await findRedisServer(root, searchPath, signal);
  return findOnPath('redis-server', searchPath) === binary ? searchPath : `${dirname(binary)}:${searchPath}`;
}

/** What the browser tests are to start: a path, or null for the browser that Playwright fetched itself. */
export async function findChromium(searchPath: string, signal: AbortSignal): Promise<string | null> {
  const present = process.env['CHROMIUM_PATH'] || onPath(searchPath);
  if (present !== null) return present;
  if (findOnPath('apt-get', searchPath) !== null && process.getuid?.() === 0) {
    const result = await duringStep('Installing Chromium', installWithApt(signal));
    const installed = onPath(searchPath);
    if (installed !== null) return installed;
    throw new Error(`Chromium could not be installed. ${CHROMIUM_HINT}\n${lastLines(result.output)}`);
  }
  const result = await duringStep(
    'Fetching Chromium',
    runCommand('playwright', ['install', 'chromium'], { signal }),
  );
  if (result.code === 0) return null;
  throw new Error(`There is no Chromium on this machine. ${CHROMIUM_HINT}\n${lastLines(result.output)}`);
}

function onPath(searchPath: string): string | null {
  return CHROMIUM_NAMES.map((name) => findOnPath(name, searchPath)).find((path) => path !== null) ?? null;
}

async function installWithApt(signal: AbortSignal): Promise<{ output: string }> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await runCommand('apt-get', ['-qq', 'update'], { env, signal });
  if (update.code !== 0) return update;
  const args = [
    '-qq',
    'install',
    '-y',
    '--no-install-recommends',
    'chromium-headless-shell',
    'fonts-noto-cjk',
  ];
  return runCommand('apt-get', args, { env, signal });
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join('\n');
}
