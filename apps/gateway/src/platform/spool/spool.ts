// Owns the local journal between the relay and the ledger: what is begun is written down before it begins, what ended is
// written down before anybody is told, and rows are delivered in batches until the other side has them. Delivery is at
// least once; the receiver must be idempotent.
import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processMark } from './owner.ts';
import { type JournalLine, readLines, Segment } from './segment.ts';

export interface SpoolOptions<Open, Row> {
  readonly dir: string;
  /** Reads what an earlier process wrote; null drops a line that cannot be understood. */
  readonly parseOpen: (value: unknown) => Open | null;
  readonly parseRow: (value: unknown) => Row | null;
  readonly idOf: (open: Open) => string;
  /** The rows of something that was begun by a process that is gone. */
  readonly abandoned: (open: Open) => Row[];
  readonly deliver: (rows: Row[]) => Promise<void>;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly now: () => number;
  readonly segmentBytes?: number;
}

interface Pending<Row> {
  readonly row: Row;
  readonly segment: Segment | null;
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
  readonly #openSegments = new Map<string, Segment>();
  #segments: Segment[] = [];
  #sequence = 0;
  #queue: Pending<Row>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #delivering: Promise<void> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: SpoolOptions<Open, Row>) {
    this.#options = options;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  }

  /** Rows not delivered yet. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Written before the thing begins. */
  open(open: Open): void {
    const segment = this.#write({ open });
    if (segment === null) return;
    segment.unclosed += 1;
    this.#openSegments.set(this.#options.idOf(open), segment);
  }

  /**
   * Written when it has ended; `rows` are delivered from here on. `id` null: rows of something never opened. False when
   * the rows are in memory only.
   */
  close(id: string | null, rows: readonly Row[]): boolean {
    const segment = this.#write({ close: id, rows });
    if (segment !== null) segment.undelivered += rows.length;
    const opened = id === null ? undefined : this.#openSegments.get(id);
    if (id !== null && opened !== undefined) {
      opened.unclosed -= 1;
      this.#openSegments.delete(id);
    }
    for (const row of rows) this.#queue.push({ row, segment });
    this.#schedule(GATHER_MS);
    return segment !== null;
  }

  /**
   * Takes over the journals of processes that are gone: their undelivered rows, and the rows of what they left open.
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

  /** Null when it could not be written: a full disk must not stop the relay, rows are delivered from memory too. */
  #write(line: JournalLine): Segment | null {
    try {
      const segment = this.#current();
      segment.append(line);
      return segment;
    } catch (error) {
      this.#options.onProblem('the journal cannot be written', error);
      return null;
    }
  }

  #takeOver(mark: string): number {
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
    const isSafe = this.close(null, rows);
    if (isSafe) for (const name of names) unlinkSync(join(this.#options.dir, name));
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
      this.#schedule(this.#retryMs > FIRST_RETRY_MS ? this.#retryMs : 0);
    });
    return this.#delivering;
  }

  async #deliverBatch(): Promise<void> {
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
