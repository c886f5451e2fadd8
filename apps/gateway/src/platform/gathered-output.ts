// Owns standard output of the log: lines are gathered here and leave in few writes, since a write is a system call and a
// turn of a helper thread. The destination below could gather too, but measures all it has gathered anew at each line.
import { EventEmitter } from 'node:events';
import pino from 'pino';

const GATHERED_CHARACTERS = 16 * 1024;

export class GatheredOutput extends EventEmitter<{ close: []; error: [unknown] }> {
  readonly #destination: ReturnType<typeof pino.destination>;
  #text = '';

  /** `dest` is a file descriptor or a path. */
  constructor(dest: number | string) {
    super();
    this.#destination = pino.destination({ dest, sync: false, minLength: 0 });
    this.#destination.on('close', () => this.emit('close'));
    this.#destination.on('error', (error: unknown) => this.emit('error', error));
  }

  write(line: string): void {
    this.#text += line;
    if (this.#text.length >= GATHERED_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#destination.write(text);
  }

  /** `close` follows when everything is written. */
  end(): void {
    this.flush();
    this.#destination.end();
  }
}
