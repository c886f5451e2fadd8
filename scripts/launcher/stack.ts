// The running parts of one start (simulator, Redis, gateway), newest first, and their orderly stop.
import { Guard } from './guard.ts';
import { type Running, stop } from './processes.ts';
import type { RunFile } from './run-file.ts';

/** An operator in a hurry still leaves Redis the moment it needs to write its last second. */
const FORCED_GRACE_MS = 1000;

interface Part {
  name: string;
  running: Running;
  graceMs: number;
}

export class Stack {
  readonly #guard: Guard;
  readonly #runFile: RunFile;
  #parts: Part[] = [];

  private constructor(guard: Guard, runFile: RunFile) {
    this.#guard = guard;
    this.#runFile = runFile;
  }

  static async open(root: string, runFile: RunFile, longestGraceMs: number): Promise<Stack> {
    return new Stack(await Guard.start(root, longestGraceMs), runFile);
  }

  /** `mark`: a piece of the part's command line, by which the next start recognises it. */
  add(name: string, running: Running, graceMs: number, mark: string): void {
    this.#parts.unshift({ name, running, graceMs });
    this.#guard.add(running.pid);
    this.#runFile.addChild(running.pid, mark);
  }

  remove(running: Running): void {
    this.#parts = this.#parts.filter((part) => part.running !== running);
    this.#guard.remove(running.pid);
    this.#runFile.removeChild(running.pid);
  }

  /** Stops every part, newest first, each within its grace; `forced` ends the waiting. Returns what had to be killed. */
  async close(forced: AbortSignal): Promise<string[]> {
    const killed: string[] = [];
    for (let part = this.#parts[0]; part !== undefined; part = this.#parts[0]) {
      const signal = await stopPart(part, forced);
      if (signal === 'SIGKILL') killed.push(part.name);
      this.remove(part.running);
    }
    await this.#guard.dismiss();
    return killed;
  }
}

async function stopPart({ running, graceMs }: Part, forced: AbortSignal): Promise<NodeJS.Signals | null> {
  if (forced.aborted) return (await stop(running, FORCED_GRACE_MS)).signal;
  const hurry = (): void => void setTimeout(() => running.child.kill('SIGKILL'), FORCED_GRACE_MS);
  forced.addEventListener('abort', hurry);
  const { signal } = await stop(running, graceMs);
  forced.removeEventListener('abort', hurry);
  return signal;
}
