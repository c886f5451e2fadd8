// The launcher's side of guard.sh: keeps it told which processes to stop should the launcher be killed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Running, watch } from './processes.ts';

export class Guard {
  readonly #running: Running;
  readonly #graceSeconds: number;
  #pids: number[] = [];

  private constructor(running: Running, graceSeconds: number) {
    this.#running = running;
    this.#graceSeconds = graceSeconds;
  }

  static async start(root: string, graceMs: number): Promise<Guard> {
    const child = spawn('sh', [join(root, 'scripts/launcher/guard.sh')], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    return new Guard(await watch(child), Math.ceil(graceMs / 1000));
  }

  /** The newest is stopped first. */
  add(pid: number): void {
    this.#pids.unshift(pid);
    this.#tell();
  }

  remove(pid: number): void {
    this.#pids = this.#pids.filter((known) => known !== pid);
    this.#tell();
  }

  async dismiss(): Promise<void> {
    this.#running.child.stdin?.end('\n');
    await this.#running.ended;
  }

  #tell(): void {
    this.#running.child.stdin?.write(`${[this.#graceSeconds, ...this.#pids].join(' ')}\n`);
  }
}
