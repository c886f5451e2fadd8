// `npm test`: every check and every suite, each step after the other's failure too, so that one run shows everything.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findOnPath } from '../launcher/redis-binary.ts';
import { elapsedSeconds, print } from '../launcher/progress.ts';
import { countPlaywright, countVitest, coverageByArea } from './counts.ts';
import { endLeftovers } from './leftovers.ts';
import { findChromium, pathWithRedis } from './prerequisites.ts';
import { runStep, type Step, type StepResult } from './step.ts';
import { lastLine, summaryTable, total } from './summary.ts';

const root = resolve(import.meta.dirname, '../..');
/** In the environment of everything that the suites start. */
const MARK_VARIABLE = 'RELAY_TEST_RUN';
const web = join(root, 'apps/web');

/** Steps of one inner list run one after the other; the lists of one phase run side by side. */
function planPhases(reports: string, searchPath: string): Step[][][] {
  const turbo = (task: string): string[] => [
    'run',
    task,
    '--continue',
    '--ui=stream',
    '--output-logs=errors-only',
  ];
  const vitestReport = join(reports, 'vitest.json');
  const chaosReport = join(reports, 'chaos.json');
  const coverage = join(reports, 'coverage');
  const browserReport = join(reports, 'playwright.json');
  const shellScripts = shellScriptsOf(root);
  return [
    [
      [{ name: 'build', command: 'turbo', args: turbo('build') }],
      [
        { name: 'format', command: 'biome', args: ['format', '.'] },
        { name: 'dead code', command: 'knip', args: ['--no-progress'] },
        ...(findOnPath('shellcheck', searchPath) === null
          ? []
          : [{ name: 'shell scripts', command: 'shellcheck', args: ['-x', ...shellScripts] }]),
      ],
    ],
    [
      [{ name: 'lint', command: 'turbo', args: turbo('lint:code') }],
      [
        { name: 'types', command: 'turbo', args: turbo('typecheck') },
        { name: 'types of the commands', command: 'tsc', args: ['--noEmit', '-p', 'scripts'] },
      ],
    ],
    [
      [
        {
          name: 'unit and integration',
          command: 'vitest',
          args: [
            'run',
            '--project=!chaos',
            // Much of these tests is waiting; more than the cores can run at once.
            '--maxWorkers=4',
            '--coverage',
            `--coverage.reportsDirectory=${coverage}`,
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${vitestReport}`,
          ],
          live: true,
          counts: () => countVitest(readJson(vitestReport)),
          note: () => coverageNote(readJson(join(coverage, 'coverage-summary.json'))),
        },
      ],
      // Beside the other tests: these wait for most of their time, and none counts in less than seconds.
      [
        {
          name: 'chaos',
          command: 'vitest',
          args: [
            'run',
            '--project=chaos',
            '--no-file-parallelism',
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${chaosReport}`,
          ],
          counts: () => countVitest(readJson(chaosReport)),
        },
      ],
    ],
    [
      [
        {
          name: 'browser',
          command: 'playwright',
          args: ['test', '--reporter=list,json'],
          cwd: web,
          env: { PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
          live: true,
          counts: () => countPlaywright(readJson(browserReport)),
        },
      ],
    ],
  ];
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const reports = mkdtempSync(join(tmpdir(), 'relay-test-'));
  const results: StepResult[] = [];
  await attempt('test runner', results, () => runEverything(reports, results, stopping.signal));
  rmSync(reports, { recursive: true, force: true });
  const counts = total(results);
  print(`\n${summaryTable(results, elapsedSeconds())}\n`);
  print(lastLine(counts));
  if (stopping.signal.aborted) return 130;
  return counts.failed === 0 ? 0 : 1;
}

async function runEverything(reports: string, results: StepResult[], signal: AbortSignal): Promise<void> {
  const mark = `${process.pid}-${Date.now()}`;
  const env = await prepare(mark, results, signal);
  for (const phase of planPhases(reports, env['PATH'] ?? '')) {
    const lanes = phase.map(async (steps) => {
      for (const step of steps) results.push(await runStep(step, env, signal));
    });
    await Promise.all(lanes);
  }
  const leftovers = await endLeftovers(`${MARK_VARIABLE}=${mark}`);
  results.push(singleResult('no process left behind', leftovers.length === 0, leftovers.join('; ')));
}

/** The environment of all steps; a missing Redis or Chromium is a failure of its own. */
async function prepare(mark: string, results: StepResult[], signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...process.env, [MARK_VARIABLE]: mark };
  // Nothing of the operator's settings may steer a test, and no colours where nobody sees them.
  delete env['NODE_ENV'];
  if (process.env['CI'] === 'true' || !process.stdout.isTTY) {
    delete env['FORCE_COLOR'];
    env['NO_COLOR'] = '1';
  }
  const searchPath = env['PATH'] ?? '';
  await attempt('redis-server', results, async () => {
    env['PATH'] = await pathWithRedis(root, searchPath, signal);
  });
  await attempt('Chromium', results, async () => {
    const chromium = await findChromium(searchPath, signal);
    if (chromium !== null) env['CHROMIUM_PATH'] = chromium;
  });
  return env;
}

async function attempt(name: string, results: StepResult[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(`FAILED ${name}: ${reason}`);
    results.push(singleResult(name, false, reason.split('\n')[0] ?? ''));
  }
}

function singleResult(name: string, isPassed: boolean, note: string): StepResult {
  return {
    name,
    counts: { passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 },
    seconds: 0,
    note,
  };
}

function coverageNote(summary: unknown): string {
  const areas = coverageByArea(summary, { gateway: 'apps/gateway/src', shared: 'packages/shared/src' });
  return areas.length === 0
    ? ''
    : `lines: ${areas.map(({ area, percent }) => `${area} ${percent} %`).join(', ')}`;
}

function shellScriptsOf(folder: string): string[] {
  const found = ['.ci/run'];
  for (const dir of ['scripts', 'docker'].filter((name) => existsSync(join(folder, name)))) {
    for (const entry of readdirSync(join(folder, dir), { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith('.sh') && !entry.includes('node_modules')) found.push(join(dir, entry));
    }
  }
  return found;
}

/** Throws when the file is missing: a test program without a report has failed. */
function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

process.exitCode = await main();
