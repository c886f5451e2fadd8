// Finds processes that the suites left behind, by a mark in their environment, and ends them.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf } from '../launcher/processes.ts';

const SETTLE_MS = 3000;

/** Command lines of what is still there after a moment of grace; they are killed. Empty where there is no /proc. */
export async function endLeftovers(mark: string): Promise<string[]> {
  let pids = markedProcesses(mark);
  for (let waitedMs = 0; pids.length > 0 && waitedMs < SETTLE_MS; waitedMs += 200) {
    await sleep(200);
    pids = markedProcesses(mark);
  }
  return pids.map((pid) => {
    const commandLine = commandLineOf(pid);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended just now.
    }
    return `${pid} ${commandLine.slice(0, 120)}`;
  });
}

function markedProcesses(mark: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries
    .map(Number)
    .filter(
      (pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid && environmentOf(pid).includes(mark),
    );
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
