// Finds a redis-server, or fetches one from the platform's packages into .tools/redis without installing anything.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { platform } from 'node:process';
import { type CommandResult, runCommand } from './processes.ts';
import { duringStep, LaunchError } from './progress.ts';

const INSTALL_HINT =
  'Install it (apt-get install redis-server, brew install redis), or set REDIS_URL in .env.';

/** Path of a redis-server that runs; a `LaunchError` says what to install when none can be had. */
export async function findRedisServer(
  root: string,
  searchPath: string,
  signal: AbortSignal,
): Promise<string> {
  const fetched = join(root, '.tools/redis/bin/redis-server');
  const present = findOnPath('redis-server', searchPath) ?? (isExecutable(fetched) ? fetched : null);
  if (present !== null) return present;
  if (platform === 'darwin') return fetchWithBrew(searchPath, signal);
  if (findOnPath('apt-get', searchPath) !== null && findOnPath('dpkg', searchPath) !== null) {
    return duringStep('Fetching redis-server', fetchWithApt(root, signal));
  }
  throw new LaunchError(`redis-server is not on this machine. ${INSTALL_HINT}`);
}

export function findOnPath(program: string, searchPath: string): string | null {
  for (const dir of searchPath.split(delimiter)) {
    if (dir !== '' && isExecutable(join(dir, program))) return join(dir, program);
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function fetchWithBrew(searchPath: string, signal: AbortSignal): Promise<string> {
  const brew = findOnPath('brew', searchPath);
  if (brew === null) throw new LaunchError(`redis-server is not on this machine. ${INSTALL_HINT}`);
  const result = await duringStep(
    'Installing redis with brew',
    runCommand(brew, ['install', 'redis'], { signal }),
  );
  const prefix = await runCommand(brew, ['--prefix', 'redis'], { signal });
  const binary = join(prefix.output.trim(), 'bin/redis-server');
  if (result.code !== 0 || !isExecutable(binary)) throw fetchFailure(result);
  return binary;
}

/**
 * Downloads the packages that this distribution lacks for redis-server and unpacks them beside a small starter that
 * points at their libraries. Needs no rights: where the machine has no package lists, own ones are fetched.
 */
async function fetchWithApt(root: string, signal: AbortSignal): Promise<string> {
  const dir = join(root, '.tools/redis');
  rmSync(dir, { recursive: true, force: true });
  const downloads = join(dir, 'packages');
  for (const path of [downloads, join(dir, 'lists/partial'), join(dir, 'cache/archives/partial')]) {
    mkdirSync(path, { recursive: true });
  }
  const apt = (command: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand(command, args, { cwd: downloads, env: { ...process.env, LC_ALL: 'C' }, signal });

  let own: string[] = [];
  let plan = await apt('apt-get', planArgs(own));
  if (plan.code !== 0) {
    own = ['-o', `Dir::State::lists=${join(dir, 'lists')}`, '-o', `Dir::Cache=${join(dir, 'cache')}`];
    const update = await apt('apt-get', [...own, '-qq', 'update']);
    if (update.code !== 0) throw fetchFailure(update);
    plan = await apt('apt-get', planArgs(own));
  }
  const packages = [...plan.output.matchAll(/^Inst (\S+)/gmu)].map((match) => match[1] ?? '');
  if (plan.code !== 0 || packages.length === 0) throw fetchFailure(plan);
  const download = await apt('apt-get', [...own, '-qq', 'download', ...packages]);
  if (download.code !== 0) throw fetchFailure(download);
  for (const file of readdirSync(downloads)) {
    const unpacked = await runCommand('dpkg', ['-x', file, join(dir, 'unpacked')], {
      cwd: downloads,
      signal,
    });
    if (unpacked.code !== 0) throw fetchFailure(unpacked);
  }
  for (const part of ['packages', 'lists', 'cache'])
    rmSync(join(dir, part), { recursive: true, force: true });

  const starter = writeStarter(dir);
  const check = await runCommand(starter, ['--version'], { signal });
  if (check.code !== 0) {
    rmSync(dir, { recursive: true, force: true });
    throw fetchFailure(check);
  }
  return starter;
}

/** Both packages by name and `--reinstall`: they are planned even where the system thinks it has them. */
function planArgs(own: readonly string[]): string[] {
  const options = ['-s', '-o', 'Debug::NoLocking=1', '--no-install-recommends', '--reinstall'];
  return [...own, ...options, 'install', 'redis-server', 'redis-tools'];
}

/** Finds its own place when it runs, so that the folder may be moved and its path may hold anything. */
function writeStarter(dir: string): string {
  const unpacked = join(dir, 'unpacked');
  const libraries = ['usr/lib', 'lib']
    .filter((folder) => existsSync(join(unpacked, folder)))
    .flatMap((folder) => readdirSync(join(unpacked, folder)).map((entry) => `${folder}/${entry}`))
    .filter((folder) => /-linux-/u.test(folder));
  const starter = join(dir, 'bin/redis-server');
  mkdirSync(join(dir, 'bin'), { recursive: true });
  const searchPath = libraries.map((folder) => `$here/${folder}`).join(':');
  const lines = [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")/../unpacked" && pwd)',
    ...(libraries.length > 0 ? [`export LD_LIBRARY_PATH="${searchPath}"`] : []),
    'exec "$here/usr/bin/redis-server" "$@"',
  ];
  writeFileSync(starter, `${lines.join('\n')}\n`);
  chmodSync(starter, 0o755);
  return starter;
}

function fetchFailure(result: CommandResult): LaunchError {
  const last = result.output.trim().split('\n').slice(-3).join('\n');
  return new LaunchError(
    `redis-server is not on this machine and could not be fetched. ${INSTALL_HINT}\n${last}`,
  );
}
