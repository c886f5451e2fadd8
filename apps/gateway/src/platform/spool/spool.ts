// Owns the local journal between the relay and the ledger: what is begun is written down before it begins, what ended is
// written down before its rows leave, and rows are delivered in batches until the other side has them. Delivery is at
// least once; the receiver must be idempotent. Lines of one turn of the event loop share one write: under load the
// system call, not the line, is what costs.
import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, release } from './claim.ts';
import { isAlive, processMark } from './owner.ts';
import { closeLine, openLine, readLines, Segment } from './segment.ts';

export interface SpoolOptions<Open, Row> {
  readonly dir: string;
  /** Reads what an earlier process wrote; null drops a line that cannot be understood. */
  readonly parseOpen: (value: unknown) => Open | null;
  readonly parseRow: (value: unknown) => Row | null;
  readonly idOf: (open: Open) => string;
  /** JSON; `JSON.stringify` where they are left out. The receiver may send the text of a row on. */
  readonly encodeOpen?: (open: Open) => string;
  readonly encodeRow?: (row: Row) => string;
  /** The rows of something that was begun by a process that is gone. */
  readonly abandoned: (open: Open) => Row[];
  readonly deliver: (rows: Row[]) => Promise<void>;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly now: () => number;
  readonly segmentBytes?: number;
}

interface Pending<Row> {
  readonly row: Row;
  /** Null before it is written, and where it could not be. */
  segment: Segment | null;
}

/** A line that the next write takes along. */
interface Unwritten<Row> {
  readonly text: string;
  readonly opens: string | null;
  readonly closes: string | null;
  readonly rows: readonly Pending<Row>[];
}

const SEGMENT_BYTES = 16 * 1024 * 1024;
const BATCH_ROWS = 256;
const GATHER_MS = 20;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 2000;
/** Delivered rows stay on disk this long: a failover may lose the receiver's last seconds. */
const KEEP_DELIVERED_MS = 15_000;

export class Spool<Open, Row> {
  readonly #options: SpoolOptions<Open, Row>;
  readonly #mark = processMark(process.pid);
  readonly #encodeOpen: (open: Open) => string;
  readonly #encodeRow: (row: Row) => string;
  readonly #openSegments = new Map<string, Segment>();
  #unwritten: Unwritten<Row>[] = [];
  #openWritten: Promise<void> | null = null;
  #writing: NodeJS.Immediate | null = null;
  #segments: Segment[] = [];
  #sequence = 0;
  #queue: Pending<Row>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #delivering: Promise<void> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: SpoolOptions<Open, Row>) {
    this.#options = options;
    this.#encodeOpen = options.encodeOpen ?? ((open) => JSON.stringify(open));
    this.#encodeRow = options.encodeRow ?? ((row) => JSON.stringify(row));
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  }

  /** Rows not delivered yet. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Resolves once it is written down: the thing may begin. */
  open(open: Open): Promise<void> {
    const text = openLine(this.#encodeOpen(open));
    this.#unwritten.push({ text, opens: this.#options.idOf(open), closes: null, rows: [] });
    this.#openWritten ??= new Promise((resolve) => {
      // Runs when everything that can go on now has: the others that were admitted together join the write.
      process.nextTick(() => {
        this.#writeDown();
        resolve();
      });
    });
    return this.#openWritten;
  }

  /**
   * It has ended: written before the event loop turns, and `rows` are delivered from then on. A process that dies
   * before that leaves the thing open. `id` null: rows of something never opened.
   */
  close(id: string | null, rows: readonly Row[]): void {
    const pending = rows.map((row) => ({ row, segment: null }));
    this.#unwritten.push({
      text: closeLine(id, rows.map(this.#encodeRow)),
      opens: null,
      closes: id,
      rows: pending,
    });
    for (const one of pending) this.#queue.push(one);
    this.#writing ??= setImmediate(() => this.#writeDown());
    this.#schedule(GATHER_MS);
  }

  /**
   * Takes over the journals of processes that are gone: their undelivered rows, and the rows of what they left open.
   * Of several processes that start on one directory, one takes over each.
   * Resolves with the number of things left open, once everything is queued for delivery.
   */
  recover(): number {
    let abandoned = 0;
    for (const name of readdirSync(this.#options.dir).sort()) {
      const mark = /^journal-(\d+-\d+)-\d+\.jsonl$/.exec(name)?.[1];
      if (mark === undefined || mark === this.#mark || isAlive(mark)) continue;
      try {
        abandoned += this.#takeOver(mark);
      } catch (error) {
        this.#options.onProblem(`the journal ${name} cannot be read`, error);
      }
    }
    return abandoned;
  }

  /** Delivers once more what was delivered in the last seconds, after the receiver came back from a failover. */
  replay(): void {
    this.#writeDown();
    for (const segment of this.#segments) {
      for (const line of readLines(segment.path)) {
        if (!('close' in line)) continue;
        for (const value of line.rows) {
          const row = this.#options.parseRow(value);
          if (row !== null) this.#queue.push({ row, segment: null });
        }
      }
    }
    this.#schedule(0);
  }

  /** Resolves when everything closed so far is delivered, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.#queue.length > 0 && performance.now() < deadline) {
      // A receiver that hangs must not hold the end.
      await Promise.race([this.#flush(), sleep(deadline - performance.now())]);
      if (this.#queue.length > 0) await sleep(GATHER_MS);
    }
    return this.#queue.length === 0;
  }

  /** What is not delivered by then stays in the journal for the next start. */
  async end(timeoutMs: number): Promise<void> {
    const isDrained = await this.drain(timeoutMs);
    this.#writeDown();
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const segment of this.#segments) {
      segment.end();
      if (isDrained && segment.unclosed === 0) segment.remove();
    }
    this.#segments = [];
  }

  #current(): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes < (this.#options.segmentBytes ?? SEGMENT_BYTES)) return last;
    last?.end();
    this.#sequence += 1;
    const name = `journal-${this.#mark}-${String(this.#sequence).padStart(6, '0')}.jsonl`;
    const segment = new Segment(join(this.#options.dir, name));
    this.#segments.push(segment);
    return segment;
  }

  /** One write for all lines that wait, and the accounts of the segment that took them. */
  #writeDown(): boolean {
    if (this.#writing !== null) clearImmediate(this.#writing);
    this.#writing = null;
    this.#openWritten = null;
    const lines = this.#unwritten;
    if (lines.length === 0) return true;
    this.#unwritten = [];
    const segment = this.#write(lines);
    for (const { opens, closes, rows } of lines) {
      if (opens !== null && segment !== null) {
        segment.unclosed += 1;
        this.#openSegments.set(opens, segment);
      }
      const opened = closes === null ? undefined : this.#openSegments.get(closes);
      if (closes !== null && opened !== undefined) {
        opened.unclosed -= 1;
        this.#openSegments.delete(closes);
      }
      if (segment !== null) segment.undelivered += rows.length;
      for (const row of rows) row.segment = segment;
    }
    return segment !== null;
  }

  /** Null when they could not be written: a full disk must not stop the relay, rows are delivered from memory too. */
  #write(lines: readonly Unwritten<Row>[]): Segment | null {
    try {
      const segment = this.#current();
      let text = '';
      for (const line of lines) text += line.text;
      segment.append(text);
      return segment;
    } catch (error) {
      this.#options.onProblem('the journal cannot be written', error);
      return null;
    }
  }

  #takeOver(mark: string): number {
    if (!claim(this.#options.dir, mark, this.#mark)) return 0;
    const names = readdirSync(this.#options.dir)
      .filter((name) => name.startsWith(`journal-${mark}-`))
      .sort();
    const open = new Map<string, Open>();
    const rows: Row[] = [];
    for (const line of names.flatMap((name) => readLines(join(this.#options.dir, name)))) {
      if ('open' in line) {
        const begun = this.#options.parseOpen(line.open);
        if (begun !== null) open.set(this.#options.idOf(begun), begun);
        continue;
      }
      if (line.close !== null) open.delete(line.close);
      for (const value of line.rows) {
        const row = this.#options.parseRow(value);
        if (row !== null) rows.push(row);
      }
    }
    for (const begun of open.values()) rows.push(...this.#options.abandoned(begun));
    // Into the own journal first: from here on they are as safe as before.
    if (rows.length > 0) this.close(null, rows);
    if (this.#writeDown()) for (const name of names) unlinkSync(join(this.#options.dir, name));
    release(this.#options.dir, mark);
    return open.size;
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null || this.#delivering !== null || this.#isClosed || this.#queue.length === 0)
      return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#flush();
    }, delayMs);
  }

  #flush(): Promise<void> {
    this.#delivering ??= this.#deliverBatch().finally(() => {
      this.#delivering = null;
      if (this.#retryMs > FIRST_RETRY_MS) this.#schedule(this.#retryMs);
      else this.#schedule(this.#queue.length < BATCH_ROWS ? GATHER_MS : 0);
    });
    return this.#delivering;
  }

  async #deliverBatch(): Promise<void> {
    this.#writeDown();
    const batch = this.#queue.slice(0, BATCH_ROWS);
    if (batch.length === 0) return;
    try {
      await this.#options.deliver(batch.map(({ row }) => row));
    } catch (error) {
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
      this.#options.onProblem(`${this.#queue.length} rows wait for delivery`, error);
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    this.#queue.splice(0, batch.length);
    const now = this.#options.now();
    for (const { segment } of batch) {
      if (segment === null) continue;
      segment.undelivered -= 1;
      segment.lastDeliveredAtMs = now;
    }
    this.#removeFinished(now);
  }

  /** Oldest first and never the current one: an `open` must not outlive the segment that holds its `close`. */
  #removeFinished(now: number): void {
    for (let oldest = this.#segments[0]; oldest !== undefined; oldest = this.#segments[0]) {
      const isFinished =
        this.#segments.length > 1 &&
        oldest.unclosed === 0 &&
        oldest.undelivered === 0 &&
        oldest.lastDeliveredAtMs + KEEP_DELIVERED_MS < now;
      if (!isFinished) return;
      oldest.remove();
      this.#segments.shift();
    }
  }
}
