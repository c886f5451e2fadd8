// Owns one reader of the live list: what waits for him, how much of it he gets, and when he is let go. Somebody who reads
// slowly gets fewer rows and their number; somebody who does not read at all is dropped.
import { setTimeout as sleep } from 'node:timers/promises';
import type { liveEndReasons, RequestRow, StreamReader } from '@crs/shared';
import { isBefore, type RowFacts } from '../usage/index.ts';
import type { RowFilter } from './filters.ts';

type EndReason = (typeof liveEndReasons)[number];

interface WatcherOptions {
  readonly rows: (ids: readonly string[]) => Promise<RequestRow[]>;
  readonly heartbeatMs: number;
}

export interface Missed {
  readonly entries: readonly { readonly entryId: string; readonly ended: readonly RowFacts[] }[];
  /** False where there was more than this. */
  readonly isWhole: boolean;
}

interface Waiting {
  readonly entryId: string;
  readonly id: string;
}

/** More rows than a page shows are no use to it. */
const MOST_WAITING = 500;
const MOST_AT_ONCE = 100;
/** Rows gather so long: a page need not be drawn more often. */
const GATHER_MS = 300;
const RETRY_MS = 2000;
const CHECK_EVERY_MS = 5000;
const MOST_HELD = 200;
/** Pieces that nobody takes for so long have no reader. */
const STUCK_MS = 60_000;

export class Watcher {
  readonly #filters: readonly RowFilter[];
  readonly #reader: StreamReader;
  readonly #options: WatcherOptions;
  #waiting: Waiting[] = [];
  #skipped = 0;
  /** The newest entry that was told, whether or not anything of it fits the filters. */
  #toldId: string;
  #sentId: string;
  #hasMissed: boolean;
  /** What is told while the ledger is read for what was missed; it comes after that. */
  #held: { readonly entryId: string; readonly ended: readonly RowFacts[] }[] | null = null;
  #checkedAtMs = performance.now();
  #wake: (() => void) | null = null;
  #ended: EndReason | null = null;
  /** Since when a piece waits to be taken. */
  #handedAtMs = Number.POSITIVE_INFINITY;

  /** `since`: the last entry he has seen. */
  constructor(
    filters: readonly RowFilter[],
    reader: StreamReader,
    since: { readonly entryId: string; readonly isResumed: boolean },
    options: WatcherOptions,
  ) {
    this.#toldId = since.entryId;
    this.#sentId = since.entryId;
    this.#hasMissed = since.isResumed;
    this.#filters = filters;
    this.#reader = reader;
    this.#options = options;
    reader.signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  tell(entryId: string, ended: readonly RowFacts[]): void {
    if (this.#held !== null) {
      this.#held.push({ entryId, ended });
      if (this.#held.length > MOST_HELD) this.#skipped += this.#held.shift()?.ended.length ?? 0;
      return;
    }
    if (isBefore(this.#toldId, entryId)) this.#take(entryId, ended);
  }

  #take(entryId: string, ended: readonly RowFacts[]): void {
    this.#toldId = entryId;
    for (const facts of ended) {
      if (this.#filters.every((filter) => filter.matches(facts)))
        this.#waiting.push({ entryId, id: facts.id });
    }
    const tooMany = this.#waiting.length - MOST_WAITING;
    if (tooMany > 0) {
      this.#waiting.splice(0, tooMany);
      this.#skipped += tooMany;
    }
    if (this.#waiting.length > 0) this.#wake?.();
  }

  /** Nothing was heard for a while. */
  hasMissed(): void {
    this.#hasMissed = true;
    this.#wake?.();
  }

  end(reason: EndReason): void {
    this.#ended ??= reason;
    this.#wake?.();
  }

  dropIfStuck(): void {
    if (performance.now() - this.#handedAtMs > STUCK_MS) this.#reader.drop();
  }

  /** `readMissed` answers what came after an entry. */
  async *events(readMissed: (since: string) => Promise<Missed>): AsyncGenerator<string> {
    const { signal } = this.#reader;
    yield* this.#hand(`retry: ${RETRY_MS}\n${eventText('ready', {}, this.#sentId)}`);
    for (;;) {
      if (this.#hasMissed) await this.#catchUp(readMissed);
      const hasNews = this.#waiting.length > 0 || this.#skipped > 0;
      if (!hasNews && this.#ended === null && !signal.aborted) await this.#sleep(this.#options.heartbeatMs);
      if (signal.aborted) return;
      if (this.#ended === null && !(await this.#isAllowed())) this.#ended = 'session-ended';
      if (this.#ended !== null) {
        yield eventText('end', { reason: this.#ended }, this.#sentId);
        return;
      }
      if (this.#waiting.length === 0 && this.#skipped === 0) {
        if (!this.#hasMissed) yield* this.#hand(eventText('ping', {}, this.#toldId));
        continue;
      }
      await sleep(GATHER_MS);
      yield* this.#hand(await this.#news());
    }
  }

  /** The newest of what waits; the rest is a number. */
  async #news(): Promise<string> {
    const taken = this.#waiting;
    this.#waiting = [];
    const shown = taken.slice(-MOST_AT_ONCE);
    const skipped = this.#skipped + taken.length - shown.length;
    this.#skipped = 0;
    const items = await this.#options.rows(shown.map(({ id }) => id));
    this.#sentId = shown.at(-1)?.entryId ?? this.#toldId;
    return eventText('requests', { items, skipped }, this.#sentId);
  }

  async #catchUp(readMissed: (since: string) => Promise<Missed>): Promise<void> {
    this.#hasMissed = false;
    this.#held = [];
    try {
      const { entries, isWhole } = await readMissed(this.#toldId);
      if (!isWhole) this.#skipped += 1;
      for (const { entryId, ended } of entries) this.#take(entryId, ended);
    } finally {
      const held = this.#held;
      this.#held = null;
      for (const { entryId, ended } of held) this.tell(entryId, ended);
    }
  }

  async #isAllowed(): Promise<boolean> {
    if (performance.now() - this.#checkedAtMs < CHECK_EVERY_MS) return true;
    this.#checkedAtMs = performance.now();
    return this.#reader.isStillAllowed();
  }

  *#hand(text: string): Generator<string> {
    this.#handedAtMs = performance.now();
    yield text;
    this.#handedAtMs = Number.POSITIVE_INFINITY;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}

function eventText(name: string, data: object, id: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
