// DATA_DIR/launcher.json: who runs on this data directory. It keeps a second start off the same Redis files, and lets
// the next start find what a killed one left behind.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, stopStranger } from './processes.ts';
import { LaunchError, say } from './progress.ts';

interface RunRecord {
  launcherPid: number;
  port: number;
  /** Last one started first: the order in which they are to be stopped. */
  children: { pid: number; mark: string }[];
}

export class RunFile {
  readonly #path: string;
  readonly #record: RunRecord;

  constructor(dataDir: string, port: number) {
    this.#path = join(dataDir, 'launcher.json');
    this.#record = { launcherPid: process.pid, port, children: [] };
  }

  /** Takes the data directory; refuses while another start lives on it, and stops what a dead one left. */
  async claim(dataDir: string): Promise<void> {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const earlier = readRecord(this.#path);
    if (earlier !== null) {
      if (earlier.launcherPid !== process.pid && commandLineOf(earlier.launcherPid).includes('launch.ts')) {
        throw new LaunchError(
          `Already running on ${dataDir} (process ${earlier.launcherPid}, port ${earlier.port}). Stop that one, or set another DATA_DIR.`,
        );
      }
      await stopLeftovers(earlier);
      rmSync(this.#path, { force: true });
    }
    try {
      writeFileSync(this.#path, JSON.stringify(this.#record), { flag: 'wx', mode: 0o600 });
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
        throw new LaunchError(`Another start is just taking ${dataDir}.`);
      }
      throw new LaunchError(`DATA_DIR ${dataDir} cannot be written: ${String(cause)}`);
    }
  }

  /** `mark` is a piece of the child's command line, by which a later start recognises it. */
  addChild(pid: number, mark: string): void {
    this.#record.children.unshift({ pid, mark });
    this.#write();
  }

  removeChild(pid: number): void {
    this.#record.children = this.#record.children.filter((child) => child.pid !== pid);
    this.#write();
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    writeFileSync(this.#path, JSON.stringify(this.#record), { mode: 0o600 });
  }
}

async function stopLeftovers(record: RunRecord): Promise<void> {
  for (const { pid, mark } of record.children) {
    if (!commandLineOf(pid).includes(mark)) continue;
    say(`Stopping what an earlier start left running (process ${pid})`);
    if (!(await stopStranger(pid, 12_000))) {
      throw new LaunchError(
        `Process ${pid} of an earlier start cannot be stopped. Stop it, then start again.`,
      );
    }
  }
}

function readRecord(path: string): RunRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is RunRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'launcherPid' in value &&
    typeof value.launcherPid === 'number' &&
    'port' in value &&
    typeof value.port === 'number' &&
    'children' in value &&
    Array.isArray(value.children)
  );
}
