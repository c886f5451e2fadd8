// Owns one file of the journal: JSON lines, appended synchronously, so that what was written outlives the process.
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';

/** `open`: something was begun. `close`: it ended (null: it never was open), with the rows to deliver. */
export type JournalLine =
  | { readonly open: unknown }
  | { readonly close: string | null; readonly rows: readonly unknown[] };

/** Lines are written from the same memory each time: they leave it before anything else runs. */
const page = Buffer.allocUnsafeSlow(256 * 1024);
const MOST_BYTES_OF_A_UNIT = 3;

export class Segment {
  readonly path: string;
  bytes = 0;
  /** Opened here and not closed yet. */
  unclosed = 0;
  /** Rows written here and not delivered yet. */
  undelivered = 0;
  lastDeliveredAtMs = 0;
  readonly #descriptor: number;
  /** The last write ended inside a line. */
  #isTorn = false;
  #isEnded = false;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, 'a', 0o600);
  }

  /** Whole lines, each with its end. Throws what the file system throws (disk full). */
  append(lines: string): void {
    const text = this.#isTorn ? `\n${lines}` : lines;
    const bytes = text.length * MOST_BYTES_OF_A_UNIT <= page.length ? page : Buffer.from(text);
    const length = bytes === page ? page.write(text) : bytes.length;
    this.#isTorn = true;
    for (let written = 0; written < length; ) {
      written += writeSync(this.#descriptor, bytes, written, length - written);
    }
    this.#isTorn = false;
    this.bytes += length;
  }

  /** No more lines; may be called again. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    closeSync(this.#descriptor);
  }

  remove(): void {
    unlinkSync(this.path);
  }
}

export function openLine(open: string): string {
  return `{"open":${open}}\n`;
}

/** `rows` as JSON texts. */
export function closeLine(id: string | null, rows: readonly string[]): string {
  const [first = ''] = rows;
  // Texts are only strung together here; the one copy is made when they are written.
  const list = rows.length < 2 ? first : rows.join(',');
  return `{"close":${id === null ? 'null' : JSON.stringify(id)},"rows":[${list}]}\n`;
}

/** The lines of a file; a last line that was cut by the end of its process is left out. */
export function readLines(path: string): JournalLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const line = parseLine(text);
      return line === null ? [] : [line];
    });
}

function parseLine(text: string): JournalLine | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    if ('open' in value) return { open: value.open };
    if ('close' in value && 'rows' in value && Array.isArray(value.rows)) {
      return { close: typeof value.close === 'string' ? value.close : null, rows: value.rows };
    }
    return null;
  } catch {
    return null;
  }
}
