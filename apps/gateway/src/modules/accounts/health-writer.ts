// Owns the way of health to Redis: gathered, written in the background, repeated until it is there.
import type { HealthChanges, HealthRepository } from './health-repository.ts';

const RETRY_MS = 1_000;

export class HealthWriter {
  readonly #repository: HealthRepository;
  readonly #onError: (error: unknown) => void;
  /** Field -> JSON. */
  #waiting = new Map<string, string | null>();
  #writing: HealthChanges = new Map();
  #timer: NodeJS.Timeout | null = null;

  constructor(repository: HealthRepository, onError: (error: unknown) => void) {
    this.#repository = repository;
    this.#onError = onError;
  }

  save(changes: HealthChanges): void {
    if (changes.size === 0) return;
    for (const [field, json] of changes) this.#waiting.set(field, json);
    this.#flushIn(0);
  }

  /** What is not known to be in Redis yet. */
  unwritten(): Map<string, string | null> {
    return new Map([...this.#writing, ...this.#waiting]);
  }

  /** Never rejects: what fails is reported and tried again. */
  async flush(): Promise<void> {
    if (this.#waiting.size === 0 || this.#writing.size > 0) return;
    const changes = this.#waiting;
    this.#writing = changes;
    this.#waiting = new Map();
    try {
      await this.#repository.write(changes);
      this.#writing = new Map();
      if (this.#waiting.size > 0) this.#flushIn(0);
    } catch (error) {
      this.#writing = new Map();
      this.#waiting = new Map([...changes, ...this.#waiting]);
      this.#flushIn(RETRY_MS);
      this.#onError(error);
    }
  }

  async stop(): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flushIn(delayMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, delayMs).unref();
  }
}
