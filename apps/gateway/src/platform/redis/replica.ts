// Owns the documents of a noun in memory, kept in step: it follows notices, looks by itself every few seconds, and
// reads everything afresh after a connection was lost, since a failover may have undone what it saw.
import { type DocumentStore, InvalidDocument } from './document-store.ts';

const LOOK_MS = 5000;
const BATCH = 500;

export interface ReplicaOptions<T> {
  /** `document` null: removed. Also called for every document of the first load. */
  onChange?(id: string, document: T | null): void;
  /** A document that cannot be read, or a look that failed; what was known stays. */
  onError?(error: unknown): void;
}

export class Replica<T extends { readonly id: string; readonly version: number }> {
  readonly #store: DocumentStore<T>;
  readonly #options: ReplicaOptions<T>;
  readonly #documents = new Map<string, T>();
  #list: readonly T[] | undefined;
  #sequence = 0;
  /** Counts the losses of connection. */
  #epoch = 0;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #release: (() => void)[] = [];

  constructor(store: DocumentStore<T>, options: ReplicaOptions<T> = {}) {
    this.#store = store;
    this.#options = options;
  }

  /** Resolves with every document loaded; rejects, and follows nothing, where that fails. */
  async start(): Promise<void> {
    const { redis } = this.#store;
    const look = (): void => void this.refresh().catch((error: unknown) => this.#options.onError?.(error));
    this.#release = [
      redis.notices.on(this.#store.noun, look),
      redis.onReconnect(() => {
        this.#sequence = 0;
        this.#epoch += 1;
        look();
      }),
    ];
    try {
      await this.refresh();
    } catch (error) {
      this.stop();
      throw error;
    }
    const timer = setInterval(look, LOOK_MS);
    timer.unref();
    this.#release.push(() => clearInterval(timer));
  }

  /** Exact: what was saved anywhere before this call is there after it. One command where nothing changed. */
  async refresh(): Promise<void> {
    // A look that is under way may have read too early; the next one serves everybody who asks meanwhile.
    if (this.#running !== undefined) {
      this.#next ??= this.#running.then(
        () => this.#lookNext(),
        () => this.#lookNext(),
      );
      return this.#next;
    }
    await this.#look();
  }

  /** In no particular order; the same array until something changes. */
  all(): readonly T[] {
    this.#list ??= [...this.#documents.values()];
    return this.#list;
  }

  get(id: string): T | undefined {
    return this.#documents.get(id);
  }

  stop(): void {
    for (const release of this.#release.splice(0)) release();
  }

  async #lookNext(): Promise<void> {
    this.#next = undefined;
    await this.#look();
  }

  async #look(): Promise<void> {
    this.#running = this.#follow();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  async #follow(): Promise<void> {
    const epoch = this.#epoch;
    const isComplete = this.#sequence === 0;
    const seen = new Set<string>();
    let sequence = this.#sequence;
    for (let complete = false; !complete; ) {
      const changes = await this.#store.changesSince(sequence, BATCH);
      const documents = await this.#read(changes.ids);
      for (const [index, id] of changes.ids.entries()) {
        seen.add(id);
        this.#put(id, documents[index]);
      }
      ({ sequence, complete } = changes);
    }
    // A connection lost meanwhile: the look that was asked for then reads everything once more.
    if (epoch !== this.#epoch) return;
    if (isComplete) this.#dropAllBut(seen);
    this.#sequence = sequence;
  }

  /** One broken document must not hide the others. */
  async #read(ids: readonly string[]): Promise<(T | null | undefined)[]> {
    if (ids.length === 0) return [];
    try {
      return await this.#store.getMany(ids);
    } catch (error) {
      if (!(error instanceof InvalidDocument)) throw error;
      return Promise.all(ids.map((id) => this.#readOne(id)));
    }
  }

  async #readOne(id: string): Promise<T | null | undefined> {
    try {
      return await this.#store.get(id);
    } catch (error) {
      if (!(error instanceof InvalidDocument)) throw error;
      this.#options.onError?.(error);
      return undefined;
    }
  }

  /** undefined: unreadable, what was known stays. */
  #put(id: string, document: T | null | undefined): void {
    if (document === undefined) return;
    if (document === null) {
      if (!this.#documents.delete(id)) return;
    } else {
      this.#documents.set(id, document);
    }
    this.#list = undefined;
    this.#options.onChange?.(id, document);
  }

  #dropAllBut(seen: ReadonlySet<string>): void {
    for (const id of this.#documents.keys()) if (!seen.has(id)) this.#put(id, null);
  }
}
