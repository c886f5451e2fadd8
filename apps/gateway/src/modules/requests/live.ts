// Owns requests as they end, over all replicas, for whoever watches. The ledger tells what it has written only while a
// lease says that somebody watches, so nobody pays for it otherwise. What a watcher missed is read from the ledger.
import type { RequestRow, StreamReader } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { decodeFacts, type Ledger, type RowFacts } from '../usage/index.ts';
import { readFilters, type RequestFilterQuery } from './filters.ts';
import type { LiveRepository } from './live.repository.ts';
import { type Missed, Watcher } from './watcher.ts';

export interface LiveOptions {
  readonly repository: LiveRepository;
  readonly ledger: Pick<Ledger, 'endedAfter' | 'lastEntryId'>;
  readonly rows: (ids: readonly string[]) => Promise<RequestRow[]>;
  /** Null for one that is not kept any more. */
  readonly facts: (ids: readonly string[]) => Promise<(RowFacts | null)[]>;
  readonly clock: Clock;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly heartbeatMs?: number;
}

export type LiveQuery = Omit<RequestFilterQuery, 'from' | 'to' | 'search'> & {
  readonly lastEventId?: string | undefined;
};

const RENEW_LEASE_MS = 10_000;
const HEARTBEAT_MS = 15_000;
/** Each holds a connection and some hundred rows at most. */
const MOST_WATCHERS = 100;
/** Entries of the ledger that are looked through for somebody who comes back; of more, the newest. */
const MOST_MISSED_ENTRIES = 2000;

export class LiveRequests {
  readonly #options: LiveOptions;
  readonly #watchers = new Set<Watcher>();
  #isClosing = false;
  #timer: NodeJS.Timeout | null = null;
  #listening: Promise<() => void> | null = null;
  #ending: Promise<void> = Promise.resolve();
  #forgetReconnect: (() => void) | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Server-sent events, until the reader leaves, his session ends, or the gateway does. Throws where too many watch. */
  watch(query: LiveQuery): (reader: StreamReader) => AsyncIterable<string> {
    const filters = readFilters(query);
    if (this.#watchers.size >= MOST_WATCHERS) {
      throw new ProblemError(
        'too_many_attempts',
        `${MOST_WATCHERS} pages watch requests on this gateway already.`,
        {
          retryAfterSeconds: 30,
        },
      );
    }
    return (reader) => this.#events(filters, query.lastEventId ?? null, reader);
  }

  /** Ends every stream with a word; the readers come back to another replica or a later start. */
  close(): void {
    this.#isClosing = true;
    for (const watcher of this.#watchers) watcher.end('shutting-down');
  }

  async *#events(
    filters: ReturnType<typeof readFilters>,
    lastEventId: string | null,
    reader: StreamReader,
  ): AsyncGenerator<string> {
    const seen = readEventId(reader.lastEventId) ?? lastEventId;
    const since = { entryId: seen ?? (await this.#options.ledger.lastEntryId()), isResumed: true };
    const { rows, heartbeatMs = HEARTBEAT_MS } = this.#options;
    const watcher = new Watcher(filters, reader, since, { rows, heartbeatMs });
    this.#watchers.add(watcher);
    if (this.#isClosing) watcher.end('shutting-down');
    try {
      await this.#begin();
      yield* watcher.events((entryId) => this.#missed(entryId));
    } finally {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#end();
    }
  }

  /** Listening stands before the lease, so that nothing is told to nobody. */
  async #begin(): Promise<void> {
    const { repository, onProblem } = this.#options;
    await this.#ending;
    this.#listening ??= repository.listen((entryId, members) => {
      const facts = members.map(decodeFacts);
      for (const watcher of this.#watchers) watcher.tell(entryId, facts);
    });
    try {
      await this.#listening;
      await repository.holdLease();
    } catch (error) {
      if (this.#timer === null) this.#listening = null;
      throw error;
    }
    this.#forgetReconnect ??= repository.onReconnect(() => {
      for (const watcher of this.#watchers) watcher.hasMissed();
    });
    this.#timer ??= setInterval(() => {
      repository.holdLease().catch((error: unknown) => onProblem('the lease of the live list', error));
      for (const watcher of this.#watchers) watcher.dropIfStuck();
    }, RENEW_LEASE_MS).unref();
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#forgetReconnect?.();
    this.#forgetReconnect = null;
    const listening = this.#listening;
    this.#listening = null;
    this.#ending = Promise.resolve(listening).then(
      (stop) => stop?.(),
      () => undefined,
    );
  }

  async #missed(entryId: string): Promise<Missed> {
    const { ledger, facts, clock } = this.#options;
    const missed = await ledger.endedAfter(entryId, MOST_MISSED_ENTRIES, clock.now());
    if (missed === null) return { entries: [], isWhole: false };
    const entries: Missed['entries'][number][] = [];
    for (const { id, ended } of missed.entries) {
      const known = await facts(ended);
      entries.push({ entryId: id, ended: known.filter((one) => one !== null) });
    }
    return { entries, isWhole: missed.isWhole };
  }
}

/** A header is whatever somebody sends. */
function readEventId(text: string | null): string | null {
  return text !== null && /^\d{1,16}-\d{1,16}$/.test(text) ? text : null;
}
