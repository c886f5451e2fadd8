// Owns the way of health to Redis: gathered, written in the background, repeated until it is there.
import type { HealthChanges, HealthRepository } from './health-repository.ts';

const RETRY_MS = 1_000;

export class HealthWriter {
  readonly #repository: HealthRepository;
  readonly #onError: (error: unknown) => void;
  /** Field -> JSON. */
  #waiting = new Map<string, string | null>();
  #writing: HealthChanges = new Map();
  #running: Promise<void> = Promise.resolve();
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

  /** Never rejects: what fails is reported and tried again. Resolves when what waited before the call was tried. */
  async flush(): Promise<void> {
    await this.#running;
    if (this.#waiting.size === 0) return;
    this.#running = this.#write();
    await this.#running;
  }

  /** Tries what is left once more. */
  async stop(): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(): Promise<void> {
    const changes = this.#waiting;
    this.#writing = changes;
    this.#waiting = new Map();
    try {
      await this.#repository.write(changes);
      this.#writing = new Map();
    } catch (error) {
      this.#writing = new Map();
      this.#waiting = new Map([...changes, ...this.#waiting]);
      this.#flushIn(RETRY_MS);
      this.#onError(error);
    }
  }

  #flushIn(delayMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, delayMs).unref();
  }
}
