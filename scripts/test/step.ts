// One step of `npm test`: a command with its own process group, its time and its counts.
import { spawn } from 'node:child_process';
import { killGroup } from '../launcher/processes.ts';
import { print } from '../launcher/progress.ts';
import type { Counts } from './counts.ts';

const STEP_TIMEOUT_MS = 15 * 60_000;

export interface Step {
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** Shows the output while it runs; else it is shown as a whole, and only when the step failed. */
  live?: boolean;
  /** For test programs: the counts of their report. Without it the step counts as one test. */
  counts?: () => Counts;
  /** A word on the result for the summary. */
  note?: () => string;
}

export interface StepResult {
  name: string;
  counts: Counts;
  seconds: number;
  note: string;
}

/** Never rejects: whatever goes wrong is a failure of the step. */
export async function runStep(step: Step, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<StepResult> {
  const startedAt = performance.now();
  if (step.live === true) print(`\n── ${step.name}`);
  const { code, output } = await runProgram(step, { ...env, ...step.env }, signal);
  const seconds = (performance.now() - startedAt) / 1000;
  const counts = readCounts(step, code);
  if (step.live !== true) {
    print(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds.toFixed(1)} s)`);
    if (counts.failed > 0) print(output.trim().replaceAll(/^/gmu, '       '));
  }
  return { name: step.name, counts, seconds, note: noteOf(step) };
}

/** A program that fails without naming a failed test (coverage floor, crash) has failed once. */
function readCounts(step: Step, code: number): Counts {
  const failure: Counts = { passed: 0, failed: 1, skipped: 0 };
  if (step.counts === undefined) return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : failure;
  try {
    const counts = step.counts();
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    return failure;
  }
}

function noteOf(step: Step): string {
  try {
    return step.note?.() ?? '';
  } catch {
    return '';
  }
}

async function runProgram(
  step: Step,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  if (signal.aborted) return { code: 130, output: 'Stopped.' };
  const child = spawn(step.command, [...step.args], {
    ...(step.cwd === undefined ? {} : { cwd: step.cwd }),
    env,
    detached: true,
    stdio: step.live === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const kill = (): void => killGroup(child.pid, 'SIGKILL');
  const timeout = setTimeout(() => {
    output += `\nStopped: it took more than ${STEP_TIMEOUT_MS / 60_000} minutes.`;
    kill();
  }, STEP_TIMEOUT_MS);
  const terminate = (): void => killGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', terminate);
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(127);
    });
    // `exit`, not `close`: a process left behind would hold the pipes open.
    child.once('exit', (exitCode) => setImmediate(resolve, exitCode ?? 1));
  });
  clearTimeout(timeout);
  signal.removeEventListener('abort', terminate);
  kill();
  return { code, output };
}
