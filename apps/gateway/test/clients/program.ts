// Runs a client program with a home of its own and a time limit, and keeps what it printed.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TIMEOUT_MS = 90_000;

/** Nothing of who runs it, but for where programs are, and what marks the run that has to leave nothing behind. */
const inherited = Object.fromEntries(
  ['PATH', 'RELAY_TEST_RUN'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files in its home, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Never rejects; a program that does not end is killed, and says so. */
export function runProgram({ command, args, env = {}, files = {} }: Program): Promise<Ran> {
  const home = mkdtempSync(join(tmpdir(), 'client-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: home,
      env: { ...inherited, HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = (): void => killGroup(child.pid);
    const removeHome = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    const abandon = (): void => {
      kill();
      removeHome();
    };
    process.once('exit', abandon);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = (code: number | null, note: string): void => {
      clearTimeout(timer);
      process.off('exit', abandon);
      removeHome();
      resolve({ code, output: `${Buffer.concat(chunks).toString()}${note}`.trim() });
    };
    const timer = setTimeout(kill, TIMEOUT_MS);
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code, signal) => end(code, signal === null ? '' : ` [ended by ${signal}]`));
  });
}

/** The program with all that it has started. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
