// Owns a log file that rolls every day and when it grows large, and keeps a fortnight. It takes lines from the first
// moment on, while the file is still being found.
import { EventEmitter } from 'node:events';
import roll, { type RollingStream } from 'pino-roll';

const KEPT_FILES = 14;

export class RollingFile extends EventEmitter<{ close: []; error: [unknown] }> {
  #file: RollingStream | undefined;
  #early: string[] = [];
  #isEnding = false;

  /** `<path>.<date>.<number>.log` is written to; the folder must exist. */
  constructor(path: string) {
    super();
    // Whoever watches is told; a full disk must not end the gateway.
    this.on('error', () => {});
    this.#open(path).catch((error: unknown) => this.emit('error', error));
  }

  /** A line that comes after the end is dropped: it must not end the process that says it. */
  write(line: string): void {
    if (this.#isEnding) return;
    if (this.#file === undefined) this.#early.push(line);
    else this.#file.write(line);
  }

  flush(): void {
    this.#file?.flush();
  }

  /** `close` follows when everything is written. */
  end(): void {
    this.#isEnding = true;
    this.#file?.end();
  }

  async #open(path: string): Promise<void> {
    const file = await roll({
      file: path,
      extension: '.log',
      frequency: 'daily',
      dateFormat: 'yyyy-MM-dd',
      size: '50m',
      limit: { count: KEPT_FILES, removeOtherLogFiles: true },
      sync: false,
      mode: 0o600,
    });
    file.on('error', (error: unknown) => this.emit('error', error));
    file.on('close', () => this.emit('close'));
    this.#file = file;
    for (const line of this.#early.splice(0)) file.write(line);
    if (this.#isEnding) file.end();
  }
}
