// Follows the gateway's log file: the gateway writes to it directly, so it loses nothing when the launcher dies, and
// the launcher shows from it what an operator should see.
import { copyFileSync, fstatSync, ftruncateSync, openSync, readSync, closeSync } from 'node:fs';

const POLL_MS = 250;
const ROTATE_BYTES = 50_000_000;
const KEPT_LINES = 12;
const WARNING = 40;
const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
};

export class LogFollower {
  readonly #path: string;
  readonly #fd: number;
  readonly #showAll: boolean;
  readonly #onLine: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #offset: number;
  #rest = '';
  #last: string[] = [];

  // Opened for appending: only so may the file be cut while the gateway writes to it.
  constructor(path: string, showAll: boolean, onLine: (text: string) => void) {
    this.#path = path;
    this.#fd = openSync(path, 'a+', 0o600);
    this.#showAll = showAll;
    this.#onLine = onLine;
    this.#offset = fstatSync(this.#fd).size;
    this.#timer = setInterval(() => this.#read(), POLL_MS);
    this.#timer.unref();
  }

  /** To be given to the gateway as its output. */
  get fd(): number {
    return this.#fd;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#read();
    closeSync(this.#fd);
  }

  /** The last lines, shown or not, for the report of a crash. */
  lastLines(): readonly string[] {
    this.#read();
    return this.#last;
  }

  #read(): void {
    const { size } = fstatSync(this.#fd);
    if (size < this.#offset) this.#offset = 0;
    while (this.#offset < size) {
      const buffer = Buffer.alloc(Math.min(size - this.#offset, 1_000_000));
      const read = readSync(this.#fd, buffer, 0, buffer.length, this.#offset);
      if (read === 0) break;
      this.#offset += read;
      this.#take(buffer.toString('latin1', 0, read));
    }
    if (size > ROTATE_BYTES) {
      copyFileSync(this.#path, `${this.#path}.1`);
      ftruncateSync(this.#fd, 0);
      this.#offset = 0;
    }
  }

  /** Bytes are carried as latin1 until a line is whole: a character may be cut at the edge of a read. */
  #take(bytes: string): void {
    const lines = (this.#rest + bytes).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = Buffer.from(line, 'latin1').toString('utf8');
      if (text.trim() === '') continue;
      const { level, human } = readLine(text);
      this.#last = [...this.#last.slice(1 - KEPT_LINES), human];
      if (this.#showAll || level >= WARNING) this.#onLine(human);
    }
  }
}

/** One short human line of a JSON log line; what is not JSON is shown as it stands and counts as an error. */
export function readLine(line: string): { level: number; human: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { level: 50, human: line };
  }
  if (typeof value !== 'object' || value === null) return { level: 50, human: line };
  const level = 'level' in value && typeof value.level === 'number' ? value.level : 30;
  const message = 'msg' in value && typeof value.msg === 'string' ? value.msg : '';
  const error = 'err' in value ? errorMessage(value.err) : '';
  const reason = error === '' || message.includes(error) ? '' : `: ${error}`;
  const human = `${LEVEL_NAMES[level] ?? String(level)}: ${message}${reason}`;
  return { level, human: human.length > 400 ? `${human.slice(0, 400)}…` : human };
}

function errorMessage(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string'
    ? value.message
    : '';
}
