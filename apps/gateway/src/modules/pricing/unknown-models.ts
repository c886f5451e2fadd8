// Owns noting models without a price: counted in memory, written in the background, so that no request waits.
import type { Service } from '@crs/shared';
import type { SeenModel, UnknownModelsRepository } from './unknown-models.repository.ts';

const WRITE_AFTER_MS = 1000;
const MOST_WAITING = 200;
const LONGEST_NAME = 200;

export class UnknownModels {
  readonly #repository: UnknownModelsRepository;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<string, SeenModel>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(repository: UnknownModelsRepository, onError: (error: unknown) => void) {
    this.#repository = repository;
    this.#onError = onError;
  }

  note(service: Service, model: string, chargedAs: string, atMs: number): void {
    const name = model.slice(0, LONGEST_NAME);
    this.#add({ service, model: name, firstSeenMs: atMs, lastSeenMs: atMs, requests: 1, chargedAs });
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  /** Exact as to this process. */
  async all(): Promise<SeenModel[]> {
    await this.flush();
    return this.#repository.all();
  }

  /** What cannot be written now waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writeAfter(this.#writing);
    return this.#writing;
  }

  async stop(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #writeAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    const seen = [...this.#waiting.values()];
    if (seen.length === 0) return;
    this.#waiting.clear();
    try {
      await this.#repository.add(seen);
    } catch (error) {
      for (const one of seen) this.#add(one);
      this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
      this.#onError(error);
    }
  }

  #add(seen: SeenModel): void {
    const key = `${seen.service}/${seen.model}`;
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= MOST_WAITING) return;
    const latest = known === undefined || known.lastSeenMs <= seen.lastSeenMs ? seen : known;
    this.#waiting.set(key, {
      ...latest,
      firstSeenMs: Math.min(seen.firstSeenMs, known?.firstSeenMs ?? seen.firstSeenMs),
      requests: seen.requests + (known?.requests ?? 0),
    });
  }
}
