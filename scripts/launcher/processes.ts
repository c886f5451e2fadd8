// Child processes of the launcher: started apart from the terminal's group, so that Ctrl-C reaches the launcher alone
// and it decides the order of the stop.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started child with the promise of its end; the promise never rejects. */
export interface Running {
  child: ChildProcess;
  pid: number;
  ended: Promise<Ended>;
}

/** Waits until the program runs; rejects when it cannot be started at all. */
export async function watch(child: ChildProcess): Promise<Running> {
  const ended = new Promise<Ended>((resolveEnded) => {
    child.once('exit', (code, signal) => resolveEnded({ code, signal }));
  });
  await new Promise<void>((resolveSpawned, reject) => {
    child.once('spawn', resolveSpawned);
    child.once('error', reject);
  });
  if (child.pid === undefined) throw new Error('The process has no id.');
  return { child, pid: child.pid, ended };
}

export function hasEnded({ child }: Running): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** TERM, then KILL after `graceMs`; resolves when the child is gone. */
export async function stop(running: Running, graceMs: number): Promise<Ended> {
  running.child.kill('SIGTERM');
  const late = setTimeout(() => running.child.kill('SIGKILL'), graceMs);
  try {
    return await running.ended;
  } finally {
    clearTimeout(late);
  }
}

export interface CommandResult {
  code: number;
  output: string;
}

/** Runs a helper command to its end, both outputs together; an abort stops its whole group. Never rejects. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<CommandResult> {
  const { signal, ...rest } = options;
  if (signal.aborted) return { code: 130, output: '' };
  const child = spawn(command, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const abort = (): void => killGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', abort);
  const code = await new Promise<number>((resolveCode) => {
    child.once('error', (error) => {
      output += error.message;
      resolveCode(127);
    });
    child.once('close', (exitCode) => resolveCode(exitCode ?? 1));
  });
  signal.removeEventListener('abort', abort);
  return { code, output };
}

export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The command line of a living process; empty when there is none. Guards against a process id used again by another program. */
export function commandLineOf(pid: number): string {
  try {
    return platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      : execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Stops a process that is nobody's child here any more. False when it outlived even KILL. */
export async function stopStranger(pid: number, graceMs: number): Promise<boolean> {
  for (const [signal, waitMs] of [['SIGTERM', graceMs] as const, ['SIGKILL', 2000] as const]) {
    try {
      process.kill(pid, signal);
    } catch {
      return commandLineOf(pid) === '';
    }
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += 100) {
      if (commandLineOf(pid) === '') return true;
      await sleep(100);
    }
  }
  return false;
}
