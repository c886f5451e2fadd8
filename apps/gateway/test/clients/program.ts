// Runs a client program with a home of its own and a time limit, and keeps what it printed.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TIMEOUT_MS = 90_000;

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

interface Order {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files in its home, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Never rejects; a program that does not end is killed, and says so. */
export function runProgram({ command, args, env = {}, files = {}, input = '' }: Order): Promise<Ran> {
  const home = mkdtempSync(join(tmpdir(), 'client-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: home,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const end = (code: number | null, note: string): void => {
      clearTimeout(timer);
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
      resolve({ code, output: `${Buffer.concat(chunks).toString()}${note}`.trim() });
    };
    const timer = setTimeout(() => {
      // With all that it has started.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, TIMEOUT_MS);
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code, signal) => end(code, signal === null ? '' : ` [ended by ${signal}]`));
  });
}
