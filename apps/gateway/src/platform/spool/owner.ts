// Owns the question whose journal a file is: file names carry the process that writes them, and a file whose process is
// gone may be taken over. The start time tells a process from a later one with the same number (in a container the
// gateway is always number 1).
import { readFileSync } from 'node:fs';

/** `<pid>-<start ticks>`; 0 where the platform does not tell. */
export function processMark(pid: number): string {
  return `${pid}-${startTicks(pid) ?? 0}`;
}

/** Whether the process that wrote under this mark still runs. */
export function isAlive(mark: string): boolean {
  const match = /^(\d+)-(\d+)$/.exec(mark);
  if (match === null) return false;
  const pid = Number(match[1]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return String(startTicks(pid) ?? 0) === match[2];
}

/** Field 22 of /proc/<pid>/stat, behind the command name, which may hold spaces and parentheses. */
function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return field === undefined ? null : Number(field);
  } catch {
    return null;
  }
}
